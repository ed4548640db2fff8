import type { OrderRecord } from '@tillbridge/domain';
import { deriveId } from './order-policies.js';

export type OutsideActKind =
  | 'posting'
  | 'reversal'
  | 'dispatch'
  | 'dispatch-cancel'
  | 'tracking'
  | 'pos-completion'
  | 'completion';

/** One thing asked of the outside, as people and figures see it. A row of `outside_act`. */
export interface OutsideActRow {
  readonly act_id: string;
  readonly order_id: string;
  readonly kind: OutsideActKind;
  readonly location_id: string | null;
  readonly amount_minor: number | null;
  readonly state: 'asked' | 'done' | 'refused' | 'not-sent';
  readonly vendor_reference: string | null;
}

/** All that was ever asked for an order, each with how far it is. */
export function actsOf(
  record: OrderRecord,
  isObserving: (connectionId: string) => boolean,
): OutsideActRow[] {
  return [
    ...postingsOf(record),
    ...reversalsOf(record),
    ...dispatchesOf(record),
    ...changesOf(record),
    ...completionOf(record, isObserving),
  ];
}

function postingsOf({ orderId, acts, facts }: OrderRecord): OutsideActRow[] {
  return acts.postings.map(({ postingId, locationId, totalMinor }) => {
    const posted = facts.posted[postingId];
    const refused = facts.refused[postingId];
    const refusal = refused?.code === 'observe' ? 'not-sent' : 'refused';
    const unposted = refused === undefined ? 'asked' : refusal;
    return {
      act_id: postingId,
      order_id: orderId,
      kind: 'posting',
      location_id: locationId,
      amount_minor: totalMinor,
      state: posted === undefined ? unposted : 'done',
      vendor_reference: posted?.posOrderId ?? null,
    };
  });
}

function reversalsOf({ orderId, acts, facts }: OrderRecord): OutsideActRow[] {
  const returns = acts.returns
    .filter(({ asks }) => asks)
    .map(({ returnId: reversalId, ...act }) => ({ reversalId, ...act }));
  return [...acts.reversals, ...returns].map(({ reversalId, postingId, amountMinor }) => ({
    act_id: reversalId,
    order_id: orderId,
    kind: 'reversal',
    location_id: locationOf(postingId, acts),
    amount_minor: amountMinor,
    state: facts.reversed[reversalId]?.outcome ?? 'asked',
    vendor_reference: null,
  }));
}

function dispatchesOf({ orderId, acts, facts }: OrderRecord): OutsideActRow[] {
  return acts.dispatches.map(({ dispatchId, postingId }) => {
    const reported = facts.reported[dispatchId];
    const refused = facts.unreported[dispatchId] !== undefined;
    const unreported = refused ? 'refused' : 'asked';
    return {
      act_id: dispatchId,
      order_id: orderId,
      kind: 'dispatch',
      location_id: locationOf(postingId, acts),
      amount_minor: null,
      state: reported === undefined ? unreported : 'done',
      vendor_reference: reported?.fulfilmentId ?? null,
    };
  });
}

/** What the platform and the POS were asked about dispatches after their report. */
function changesOf({ orderId, acts, facts }: OrderRecord): OutsideActRow[] {
  const postings = new Map(acts.dispatches.map((act) => [act.dispatchId, act.postingId]));
  const row = (act_id: string, kind: OutsideActKind, postingId: string): OutsideActRow => ({
    act_id,
    order_id: orderId,
    kind,
    location_id: locationOf(postingId, acts),
    amount_minor: null,
    state: facts.shipments.acts[act_id]?.outcome ?? 'asked',
    vendor_reference: null,
  });
  return [
    ...acts.reportCancels.map(({ cancellationId, dispatchId }) =>
      row(cancellationId, 'dispatch-cancel', postings.get(dispatchId) ?? ''),
    ),
    ...acts.trackings.map(({ trackingId, dispatchId }) =>
      row(trackingId, 'tracking', postings.get(dispatchId) ?? ''),
    ),
    ...acts.posCompletions.map(({ completionId, postingId }) =>
      row(completionId, 'pos-completion', postingId),
    ),
  ];
}

/** The result of completing a draft is the order itself, or a draft that is open no more. */
function completionOf(
  { orderId, acts, facts }: OrderRecord,
  isObserving: (connectionId: string) => boolean,
): OutsideActRow[] {
  if (!acts.draftCompletion) return [];
  const done = facts.order !== undefined || facts.draft?.status !== 'open';
  const refused = facts.draftRefused === undefined ? 'asked' : 'refused';
  const unsent = isObserving(facts.draft?.connectionId ?? '') ? 'not-sent' : refused;
  return [
    {
      act_id: deriveId(`${orderId}/completion`),
      order_id: orderId,
      kind: 'completion',
      location_id: null,
      amount_minor: null,
      state: done ? 'done' : unsent,
      vendor_reference: facts.order?.vendorId ?? null,
    },
  ];
}

function locationOf(postingId: string, acts: OrderRecord['acts']): string | null {
  return acts.postings.find((posting) => posting.postingId === postingId)?.locationId ?? null;
}
