import type { BusinessCalendar } from '../calendar/business-calendar.js';
import type { ExceptionCode } from '../exceptions/exception-codes.js';
import { currentOf, type ObservedOrderState } from './order-facts.js';
import type { OrderException, OrderLife, OrderRecord } from './order-record.js';

/** What was agreed with a channel, in minutes of its business hours. What is left out is not watched. */
export interface OrderAgreement {
  readonly acceptMinutes?: number;
  readonly draftOpenMinutes: number;
  readonly postMinutes?: number;
  readonly undispatchedMinutes: number;
  readonly reportMinutes?: number;
  readonly closeMinutes?: number;
  /** Every minute counts without it. */
  readonly calendar?: BusinessCalendar;
}

/** Since when an order has stood where it stands; our clock, epoch milliseconds. */
export interface Standing {
  readonly state: OrderLife;
  readonly sinceMs: number;
}

/** What has taken longer than agreed, as of the latest look at the clock. */
export function latenessOf(
  record: OrderRecord,
  state: OrderLife,
  agreed: OrderAgreement,
): OrderException[] {
  const { nowMs, standing } = record.facts;
  return watchesOf({ ...record, state }, standing, agreed)
    .filter((watch) => dueMs(watch, agreed) < nowMs)
    .map(({ code, system, cause }) => ({ code, system, cause }));
}

/**
 * When to look again: when something becomes late next, or at once where what is called late is not,
 * since the order has moved away from there and back. Epoch milliseconds.
 */
export function nextLookMs(
  record: OrderRecord,
  standing: Standing | undefined,
  agreed: OrderAgreement,
): number | undefined {
  const { nowMs } = record.facts;
  const late = new Set(record.exceptions.map(({ code }) => code));
  const looks = watchesOf(record, standing, agreed).flatMap((watch) => {
    const lateFromMs = dueMs(watch, agreed) + 1;
    const isLate = lateFromMs <= nowMs;
    if (late.has(watch.code)) return isLate ? [] : [nowMs];
    return Number.isFinite(lateFromMs) ? [lateFromMs] : [];
  });
  return looks.length === 0 ? undefined : Math.min(...looks);
}

interface Watch {
  readonly code: ExceptionCode;
  readonly system: string;
  readonly cause: string;
  readonly fromMs: number;
  readonly minutes: number;
}

function dueMs({ fromMs, minutes }: Watch, { calendar }: OrderAgreement): number {
  const ms = minutes * 60_000;
  return calendar === undefined ? fromMs + ms : calendar.afterMs(fromMs, ms);
}

/** All that runs against the clock for an order as it stands. */
function watchesOf(
  record: OrderRecord,
  standing: Standing | undefined,
  agreed: OrderAgreement,
): Watch[] {
  const { state, facts } = record;
  const current = currentOf(facts);
  if (current === undefined || state === null) return [];
  const open = !['cancelled', 'closed'].includes(state);
  return [
    ...(open ? watchPlaced(record, state, current, agreed) : []),
    ...(standing?.state === state ? watchStanding(record, standing, current, agreed) : []),
  ];
}

/** What counts from when the order was placed. */
function watchPlaced(
  { facts }: OrderRecord,
  state: OrderLife,
  current: ObservedOrderState,
  { draftOpenMinutes, undispatchedMinutes, closeMinutes }: OrderAgreement,
): Watch[] {
  const { name, connectionId: system } = current;
  const fromMs = Date.parse(current.placedAt);
  if (facts.order === undefined) {
    const cause = `Draft ${name} has been open for more than ${draftOpenMinutes} minutes.`;
    return [{ code: 'draft-open-too-long', system, cause, fromMs, minutes: draftOpenMinutes }];
  }
  const late = (minutes: number) =>
    `${name} is '${state}', more than ${minutes} minutes after it was placed.`;
  const undispatched: Watch = {
    code: 'undispatched-too-long',
    system,
    cause: late(undispatchedMinutes),
    fromMs,
    minutes: undispatchedMinutes,
  };
  return [
    ...(['held', 'dispatched'].includes(state) ? [] : [undispatched]),
    ...(closeMinutes === undefined
      ? []
      : [
          {
            code: 'unclosed-too-long',
            system,
            cause: late(closeMinutes),
            fromMs,
            minutes: closeMinutes,
          } as const,
        ]),
  ];
}

/** What counts from when the order came to stand where it stands. */
function watchStanding(
  { facts, acts }: OrderRecord,
  { state, sinceMs: fromMs }: Standing,
  current: ObservedOrderState,
  { acceptMinutes, postMinutes, reportMinutes }: OrderAgreement,
): Watch[] {
  const { name, connectionId: system } = current;
  const watch = (code: ExceptionCode, at: string, minutes: number | undefined): Watch[] => {
    if (minutes === undefined) return [];
    const cause = `${name} has been '${state}' for more than ${minutes} minutes.`;
    return [{ code, system: at, cause, fromMs, minutes }];
  };
  if (state === 'received') return watch('unaccepted-too-long', 'tillbridge', acceptMinutes);
  if (state === 'dispatched') return watch('unreported-too-long', system, reportMinutes);
  if (facts.order === undefined) return [];
  const pos = acts.postings[0]?.posConnectionId ?? 'tillbridge';
  // With postings, an order is 'promised' when the POS is only observed: nothing is due then.
  const unasked = ['accepted', 'promised'].includes(state) && acts.postings.length === 0;
  return state === 'posting' || unasked ? watch('unposted-too-long', pos, postMinutes) : [];
}
