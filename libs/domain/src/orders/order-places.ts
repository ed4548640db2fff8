import type { ObservedOrderState } from './order-facts.js';
import type { OrderRecord } from './order-record.js';

export const ORDER_PLACE_KINDS = [
  'cart',
  'draft',
  'order',
  'posting',
  'reversal',
  'dispatch',
] as const;

/** An order, or a part of it, as one system has it. */
export interface OrderPlace {
  /** The connection. */
  readonly system: string;
  readonly kind: (typeof ORDER_PLACE_KINDS)[number];
  /** How that system calls it; null while it has not said so. */
  readonly vendorId: string | null;
  /** Ours: the id of the act. Null of what the outside made. */
  readonly actId: string | null;
  readonly state: string;
  readonly revision: number | null;
  readonly locationId: string | null;
  readonly amountMinor: number | null;
  readonly poNumber: string | null;
}

/** The order in every system side by side, in the order of its way (R11). */
export function placesOf(record: OrderRecord, tradeConnectionId: string | undefined): OrderPlace[] {
  const { draft, order } = record.facts;
  return [
    ...cartOf(record, tradeConnectionId),
    ...(draft === undefined ? [] : [observedPlace(draft)]),
    ...(order === undefined ? [] : [observedPlace(order)]),
    ...postingsOf(record),
    ...reversalsOf(record),
    ...dispatchesOf(record),
  ];
}

function cartOf({ facts }: OrderRecord, tradeConnectionId: string | undefined): OrderPlace[] {
  const { draft, order, purchase } = facts;
  const cartId = order?.cartId ?? draft?.cartId;
  if (cartId === undefined) return [];
  return [
    place(tradeConnectionId ?? '', 'cart', {
      vendorId: cartId,
      state: purchase === undefined ? 'not told' : 'purchase',
      revision: purchase?.revision ?? null,
      poNumber: purchase?.poNumber ?? null,
    }),
  ];
}

function observedPlace(seen: ObservedOrderState): OrderPlace {
  const { connectionId, stage, vendorId, status, revision, totalMinor, poNumber } = seen;
  return place(connectionId, stage, {
    vendorId,
    state: status,
    revision,
    amountMinor: totalMinor,
    poNumber: poNumber ?? null,
  });
}

function postingsOf({ facts, acts }: OrderRecord): OrderPlace[] {
  return acts.postings.map(({ postingId, posConnectionId, locationId, totalMinor }) => {
    const posted = facts.posted[postingId];
    const fulfilment = facts.fulfilments[postingId];
    const refused = facts.refused[postingId] === undefined ? 'asked' : 'refused';
    const state = posted === undefined ? refused : 'posted';
    return place(posConnectionId, 'posting', {
      vendorId: posted?.posOrderId ?? null,
      actId: postingId,
      state: fulfilment?.state ?? state,
      locationId,
      amountMinor: totalMinor,
      revision: fulfilment?.revision ?? null,
    });
  });
}

function reversalsOf({ facts, acts }: OrderRecord): OrderPlace[] {
  const returns = acts.returns
    .filter(({ asks }) => asks)
    .map(({ returnId: reversalId, ...act }) => ({ reversalId, ...act }));
  return [...acts.reversals, ...returns].map(({ reversalId, postingId, amountMinor }) => {
    const posting = acts.postings.find((one) => one.postingId === postingId);
    return place(posting?.posConnectionId ?? '', 'reversal', {
      actId: reversalId,
      state: facts.reversed[reversalId]?.outcome ?? 'asked',
      locationId: posting?.locationId ?? null,
      amountMinor: -amountMinor,
    });
  });
}

function dispatchesOf({ facts, acts }: OrderRecord): OrderPlace[] {
  return acts.dispatches.map(({ dispatchId, postingId }) => {
    const posting = acts.postings.find((one) => one.postingId === postingId);
    const reported = facts.reported[dispatchId];
    const refused = facts.unreported[dispatchId] === undefined ? 'asked' : 'refused';
    return place(facts.order?.connectionId ?? '', 'dispatch', {
      vendorId: reported?.fulfilmentId ?? null,
      actId: dispatchId,
      state: reported === undefined ? refused : 'reported',
      locationId: posting?.locationId ?? null,
    });
  });
}

function place(
  system: string,
  kind: OrderPlace['kind'],
  rest: Partial<OrderPlace> & Pick<OrderPlace, 'state'>,
): OrderPlace {
  const nothing = { vendorId: null, actId: null, revision: null, locationId: null };
  return { system, kind, ...nothing, amountMinor: null, poNumber: null, ...rest };
}
