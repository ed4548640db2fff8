import type { EventFact, OrderEvent } from './order-event.js';
import type { OrderLife } from './order-record.js';

/** A step with the moment at which it was written. Epoch milliseconds, our clock. */
export interface RecordedEvent extends OrderEvent {
  readonly recordedAtMs: number;
}

export const TIMELINE_KINDS = [
  'came-in',
  'answered',
  'decided',
  'raised',
  'cleared',
  'asked',
] as const;

/** A line of the story of an order. */
export interface TimelineEntry {
  /** When the hub took it in or decided it, epoch milliseconds. */
  readonly atMs: number;
  readonly kind: (typeof TIMELINE_KINDS)[number];
  readonly what: string;
  /** Who told it, or was asked. */
  readonly system?: string;
  /** The message that carried it: the evidence. */
  readonly messageId?: string;
  readonly revision?: number;
  /** In the currency of the order. */
  readonly amountMinor?: number;
  readonly happenedAt?: string;
  readonly saidAt?: string;
  /** The posting, report or reversal that was asked for or answered. */
  readonly actId?: string;
  /**
   * Milliseconds: what came in, from said to handled; an answer, from the question; a decision, from
   * the state before it; an exception that cleared, from when it was raised.
   */
  readonly tookMs?: number;
}

/** The story of an order, oldest first. Events may begin anywhere: what went before is not told. */
export function timelineOf(events: readonly RecordedEvent[]): TimelineEntry[] {
  const asked = new Map<string, number>();
  const raised = new Map<string, number>();
  let since: number | undefined;
  const entries: TimelineEntry[] = [];
  for (const event of [...events].sort((a, b) => a.recordedAtMs - b.recordedAtMs)) {
    const { recordedAtMs: atMs } = event;
    entries.push(...event.facts.map((fact) => factEntry(fact, atMs, asked)));
    if (event.from !== event.to) {
      entries.push({
        ...decisionEntry(event.from, event.to, event.why, atMs),
        ...took(since, atMs),
      });
      since = atMs;
    }
    for (const code of event.cleared) {
      entries.push({ atMs, kind: 'cleared', what: code, ...took(raised.get(code), atMs) });
    }
    for (const { code, system, cause } of event.raised) {
      raised.set(code, atMs);
      entries.push({ atMs, kind: 'raised', what: `${code}: ${cause}`, system });
    }
    for (const { kind, ...act } of event.asked) {
      asked.set(act.actId, atMs);
      entries.push({ atMs, kind: 'asked', what: kind, ...act });
    }
  }
  return entries;
}

function factEntry(
  { kind, says, answers, source, ...told }: EventFact,
  atMs: number,
  asked: ReadonlyMap<string, number>,
): TimelineEntry {
  const said = source === undefined ? undefined : Date.parse(source.saidAt);
  return {
    atMs,
    kind: answers === undefined ? 'came-in' : 'answered',
    what: `${kind}: ${says}`,
    system: source?.system ?? 'tillbridge',
    ...(source === undefined ? {} : { messageId: source.messageId, saidAt: source.saidAt }),
    ...told,
    ...(answers === undefined ? {} : { actId: answers }),
    ...took(answers === undefined ? said : asked.get(answers), atMs),
  };
}

function decisionEntry(
  from: OrderLife | null,
  to: OrderLife | null,
  why: string,
  atMs: number,
): TimelineEntry {
  const way = from === null ? `${to}` : `${from} → ${to}`;
  return { atMs, kind: 'decided', what: why === '' ? way : `${way}: ${why}` };
}

/** Clocks of two machines may disagree a little: nothing takes less than no time. */
function took(fromMs: number | undefined, toMs: number): { tookMs?: number } {
  return fromMs === undefined ? {} : { tookMs: Math.max(0, toMs - fromMs) };
}
