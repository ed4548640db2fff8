import { spread } from '../money/cents.js';
import { dueAtDispatch, type DueAtDispatch } from './due-at-dispatch.js';
import { hasLeft, type DispatchInput } from './dispatch-plan.js';
import { leftByPos, shipmentsOf, unitsTogether } from './left-goods.js';
import type { OrderPaymentMethod, SkuUnits } from './order-facts.js';
import type { OrderPolicy, PostingAct, ToldShipment } from './order-record.js';

/** What others are told of a shipment; every change has the next revision. */
export interface ShipmentNews extends ToldShipment {
  readonly connectionId: string;
  readonly currency: string;
  readonly paymentMethod: OrderPaymentMethod;
  readonly due: DueAtDispatch;
}

/**
 * Tells of goods that left, one shipment a time, and of those that turn out not to have: of no units
 * then. A shipment's amount is its share of what the posting stands for, with postage and discount;
 * it is set once, so the last shipment gets what is left to the cent.
 */
export function tellShipments(
  told: readonly ToldShipment[],
  input: DispatchInput,
  policy: OrderPolicy,
): { readonly told: readonly ToldShipment[]; readonly news: readonly ShipmentNews[] } {
  const held = new Map(
    told.map((shipment) => [shipment.dispatchId + shipment.postingId, shipment]),
  );
  const news: ToldShipment[] = [];
  for (const posting of input.acts.postings) {
    for (const seen of shipmentsSeen(posting, input, policy)) {
      const key = seen.dispatchId + posting.postingId;
      const before = held.get(key);
      if (before === undefined ? seen.units.length === 0 : same(before, seen)) continue;
      const others = [...held.values()].filter(
        (each) => each.postingId === posting.postingId && each.dispatchId !== seen.dispatchId,
      );
      const shipment = {
        ...seen,
        revision: (before?.revision ?? 0) + 1,
        amountMinor:
          before !== undefined && sameUnits(before.units, seen.units)
            ? before.amountMinor
            : amountOf(seen.units, posting, others, input),
      };
      held.set(key, shipment);
      news.push(shipment);
    }
  }
  const { connectionId, currency, paymentMethod } = input.current;
  const due = dueAtDispatch(input.current);
  return {
    told: [...held.values()],
    news: news.map((each) => ({ ...each, connectionId, currency, paymentMethod, due })),
  };
}

type SeenShipment = Omit<ToldShipment, 'revision' | 'amountMinor'>;

/** Recorded shipments, those called off, and the rest that the POS says has left. */
function shipmentsSeen(
  { postingId, locationId }: PostingAct,
  { facts, acts, balance }: DispatchInput,
  policy: OrderPolicy,
): SeenShipment[] {
  const standing = shipmentsOf(postingId, facts);
  const place = { postingId, locationId };
  const recorded = standing.map((shipment): SeenShipment => ({ ...place, ...shipment }));
  const calledOff = Object.values(facts.shipments.recorded)
    .filter(({ dispatchId }) => facts.shipments.cancelled[dispatchId] !== undefined)
    .filter(({ shares }) => shares.some((share) => share.postingId === postingId))
    .map(({ dispatchId, dispatchedAt: at }): SeenShipment => ({
      ...place,
      dispatchId,
      at,
      units: [],
    }));
  const fulfilment = facts.fulfilments[postingId];
  if (fulfilment === undefined || acts.posCompletions.some((act) => act.postingId === postingId)) {
    return [...recorded, ...calledOff];
  }
  const goods = balance.standing.get(postingId)?.goods ?? [];
  const all = unitsTogether(goods.map(({ components }) => components));
  const gone = new Map(
    unitsTogether(standing.map(({ units }) => units)).map(({ sku, units: sum }) => [sku, sum]),
  );
  const units = all
    .map(({ sku, units: each }) => ({ sku, units: each - (gone.get(sku) ?? 0) }))
    .filter((each) => each.units > 0);
  const { carrier, trackingNumber, leftAt } = fulfilment;
  const rest: SeenShipment = {
    ...place,
    dispatchId: policy.deriveId(`${postingId}/dispatch`),
    ...(leftAt === undefined ? {} : { at: leftAt }),
    units: leftByPos(postingId, facts, acts) ? units : [],
    ...(carrier === undefined ? {} : { carrier }),
    ...(trackingNumber === undefined ? {} : { trackingNumber }),
  };
  return [...recorded, ...calledOff, rest];
}

/** What a shipment adds to the money of the goods that left, or 0 when it did not leave. */
function amountOf(
  units: readonly SkuUnits[],
  posting: PostingAct,
  others: readonly ToldShipment[],
  input: DispatchInput,
): number {
  const standing = input.balance.standing.get(posting.postingId);
  if (units.length === 0 || standing === undefined) return 0;
  const told = others.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const left = unitsTogether([units, ...others.map((other) => other.units)]);
  const share = hasLeft(posting, input) ? 1 : shareOf(left, standing.goods);
  return Math.max(0, Math.floor(standing.totalMinor * share) - told);
}

/** How much of the goods' money so many units are, from 0 to 1; free goods count by the unit. */
function shareOf(left: readonly SkuUnits[], goods: readonly Priced[]): number {
  const free = goods.every(({ moneyMinor }) => moneyMinor === 0);
  const all = new Map<string, { units: number; weight: number }>();
  for (const { components, moneyMinor } of goods) {
    const counts = components.map(({ units }) => units);
    const weights = free ? counts : spread(moneyMinor, counts);
    components.forEach(({ sku, units }, index) => {
      const held = all.get(sku) ?? { units: 0, weight: 0 };
      all.set(sku, { units: held.units + units, weight: held.weight + (weights[index] ?? 0) });
    });
  }
  const total = [...all.values()].reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return 0;
  const gone = left.reduce((sum, { sku, units }) => {
    const held = all.get(sku);
    return held === undefined
      ? sum
      : sum + (held.weight * Math.min(units, held.units)) / held.units;
  }, 0);
  return Math.min(1, gone / total);
}

interface Priced {
  readonly components: readonly SkuUnits[];
  readonly moneyMinor: number;
}

function same(before: ToldShipment, seen: SeenShipment): boolean {
  return (
    before.at === seen.at &&
    before.carrier === seen.carrier &&
    before.trackingNumber === seen.trackingNumber &&
    sameUnits(before.units, seen.units)
  );
}

function sameUnits(a: readonly SkuUnits[], b: readonly SkuUnits[]): boolean {
  const held = new Map(a.map(({ sku, units }) => [sku, units]));
  return a.length === b.length && b.every(({ sku, units }) => held.get(sku) === units);
}
