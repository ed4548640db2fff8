import {
  allot,
  leftByPos,
  reportedOf,
  shipmentsOf,
  unitsTogether,
  type Goods,
  type PostingShipment,
} from './left-goods.js';
import type { DispatchInput } from './dispatch-plan.js';
import { trackingOf } from './dispatch-tracking.js';
import type { OrderFacts, SkuUnits } from './order-facts.js';
import type {
  DispatchAct,
  LineQuantity,
  OrderActs,
  OrderPolicy,
  PostingAct,
} from './order-record.js';
import type { PostedBalance } from './reversal-plan.js';

/** The reports of a posting that the platform has or is to have. */
export interface PostingReports {
  readonly standing: readonly DispatchAct[];
  /** Those of them that tell what has left. */
  readonly right: readonly DispatchAct[];
}

/**
 * The reports that have become owed: for each shipment that no report tells of, for what others were
 * to tell and could not, and for the rest that the POS says has left. Nothing is reported that
 * would be wrong at once beside those that are right: it would be cancelled and reported for ever.
 */
export function owedReports(
  posting: PostingAct,
  { standing, right }: PostingReports,
  { facts, acts, balance }: DispatchInput,
  policy: OrderPolicy,
): DispatchAct[] {
  const { postingId } = posting;
  const goods = wantedGoods(postingId, balance);
  const shipments = shipmentsOf(postingId, facts);
  const all = unitsTogether(shipments.map(({ units }) => units));
  const isTold = (id: string | null) => standing.some(({ shipmentId }) => shipmentId === id);
  const reported = reportedOf(postingId, facts, acts);
  const reports: DispatchAct[] = [];
  const add = (
    name: string,
    left: readonly SkuUnits[] | undefined,
    content: Omit<DispatchAct, 'dispatchId' | 'postingId' | 'lines'>,
  ) => {
    const whole = left === undefined ? quantitiesOf(goods) : allot(goods, left, reported).whole;
    const lines = moreThan(reported, whole);
    const before = acts.dispatches.filter(
      (act) => act.postingId === postingId && act.shipmentId === content.shipmentId,
    ).length;
    const again = before === 0 ? '' : `/${before + 1}`;
    const report = { dispatchId: policy.deriveId(`${name}${again}`), postingId, ...content, lines };
    const beside = [...right, ...reports].filter(isOfShipment);
    const fits = left === undefined || covers(all, consumedBy([...beside, report], posting));
    if (lines.length === 0 || !fits) return;
    for (const { lineId, quantity } of lines) {
      reported.set(lineId, (reported.get(lineId) ?? 0) + quantity);
    }
    reports.push(report);
  };
  const addShipment = ({ dispatchId, units, ...shipment }: PostingShipment, left: SkuUnits[]) =>
    add(`${postingId}/dispatch/${dispatchId}`, left, {
      shipmentId: dispatchId,
      units,
      ...trackingOf(shipment),
    });
  let left = unitsTogether(
    shipments.filter(({ dispatchId }) => isTold(dispatchId)).map(({ units }) => units),
  );
  for (const shipment of shipments.filter(({ dispatchId }) => !isTold(dispatchId))) {
    left = unitsTogether([left, shipment.units]);
    addShipment(shipment, left);
  }
  const last = shipments.at(-1);
  if (last !== undefined && !reports.some(({ shipmentId }) => shipmentId === last.dispatchId)) {
    addShipment(last, all);
  }
  if (leftByPos(postingId, facts, acts)) {
    const tracking = trackingOf(facts.fulfilments[postingId] ?? {});
    add(`${postingId}/dispatch`, undefined, { shipmentId: null, units: [], ...tracking });
  }
  return reports;
}

/**
 * The reports whose goods have left: their shipment is as it was told, and there are units for all
 * of them. Packs may have been completed by a shipment that is gone: then what the platform need
 * not be asked about makes room first, and the latest before the others.
 */
export function rightReports(
  posting: PostingAct,
  standing: readonly DispatchAct[],
  { facts, acts }: DispatchInput,
): DispatchAct[] {
  const shipments = shipmentsOf(posting.postingId, facts);
  const left = unitsTogether(shipments.map(({ units }) => units));
  const wrong = new Set(standing.filter((report) => !isTrue(report, shipments, facts, acts)));
  const isFree = ({ dispatchId }: DispatchAct) =>
    acts.reportCancels.some((act) => act.dispatchId === dispatchId) ||
    (facts.unreported[dispatchId] !== undefined && facts.reported[dispatchId] === undefined);
  const recorded = standing.filter(isOfShipment).reverse();
  const inTurn = [...recorded.filter(isFree), ...recorded.filter((report) => !isFree(report))];
  for (const report of inTurn) {
    const kept = recorded.filter((each) => !wrong.has(each));
    if (covers(left, consumedBy(kept, posting))) break;
    wrong.add(report);
  }
  return standing.filter((report) => !wrong.has(report));
}

function isOfShipment({ shipmentId }: DispatchAct): boolean {
  return shipmentId !== null;
}

function isTrue(
  { shipmentId, units, postingId }: DispatchAct,
  shipments: readonly PostingShipment[],
  facts: OrderFacts,
  acts: OrderActs,
): boolean {
  if (shipmentId === null) return leftByPos(postingId, facts, acts);
  const shipment = shipments.find(({ dispatchId }) => dispatchId === shipmentId);
  return shipment !== undefined && covers(units, shipment.units) && covers(shipment.units, units);
}

/** What is wanted of a posting, as goods: what left too much is no news for the platform. */
function wantedGoods(postingId: string, { standing, toDispatch }: PostedBalance): Goods[] {
  const wanted = new Map(
    (toDispatch.get(postingId) ?? []).map(({ lineId, quantity }) => [lineId, quantity]),
  );
  return (standing.get(postingId)?.goods ?? []).flatMap((goods) => {
    const quantity = wanted.get(goods.lineId) ?? 0;
    if (quantity === 0) return [];
    const components = goods.components.map(({ sku, units }) => ({
      sku,
      units: (units / goods.quantity) * quantity,
    }));
    return [{ lineId: goods.lineId, quantity, components }];
  });
}

function quantitiesOf(goods: readonly Goods[]): Map<string, number> {
  return new Map(goods.map(({ lineId, quantity }) => [lineId, quantity]));
}

function moreThan(
  reported: ReadonlyMap<string, number>,
  wanted: ReadonlyMap<string, number>,
): LineQuantity[] {
  return [...wanted].flatMap(([lineId, count]) => {
    const quantity = count - (reported.get(lineId) ?? 0);
    return quantity > 0 ? [{ lineId, quantity }] : [];
  });
}

/** The units that reports have used up. */
function consumedBy(reports: readonly DispatchAct[], { parts }: PostingAct): SkuUnits[] {
  const byLine = new Map(parts.map((part) => [part.lineId, part]));
  return unitsTogether(
    reports.flatMap(({ lines }) =>
      lines.map(({ lineId, quantity }) => {
        const part = byLine.get(lineId);
        if (part === undefined) return [];
        return part.components.map(({ sku, units }) => ({
          sku,
          units: (units / part.quantity) * quantity,
        }));
      }),
    ),
  );
}

function covers(have: readonly SkuUnits[], need: readonly SkuUnits[]): boolean {
  const held = new Map(have.map(({ sku, units }) => [sku, units]));
  return need.every(({ sku, units }) => units <= (held.get(sku) ?? 0));
}
