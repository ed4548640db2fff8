import {
  allot,
  isStanding,
  leftByPos,
  reportedOf,
  shipmentsOf,
  unitsTogether,
  type PostingShipment,
} from './left-goods.js';
import type { ObservedOrderState, OrderFacts, SkuUnits } from './order-facts.js';
import type {
  DispatchAct,
  LineQuantity,
  OrderActs,
  OrderPolicy,
  PosCompletionAct,
  PostingAct,
  ReportCancelAct,
  TrackingAct,
} from './order-record.js';
import type { PostedBalance, StandingPosting } from './reversal-plan.js';

/** What is owed to the platform and the POS about goods that left, and about those that did not. */
export interface DispatchPlan {
  readonly reports: readonly DispatchAct[];
  readonly cancels: readonly ReportCancelAct[];
  readonly trackings: readonly TrackingAct[];
  readonly completions: readonly (PosCompletionAct & Tracking & { readonly posting: PostingAct })[];
}

export interface Tracking {
  readonly carrier?: string;
  readonly trackingNumber?: string;
}

/** The order as far as its dispatches need it; none is reported of a cancelled one. */
export interface DispatchInput {
  readonly current: ObservedOrderState;
  readonly cancelled: boolean;
  readonly facts: OrderFacts;
  readonly acts: OrderActs;
  readonly balance: PostedBalance;
}

/**
 * Plans, posting by posting, what to tell. A recorded shipment is reported in whole packs; what is
 * no whole pack waits for the next shipment. When the POS says that the goods have left, the rest
 * is reported with that. A report whose goods turn out not to have left is cancelled, and nothing
 * more is reported of that posting until the platform has answered: it would refuse the units.
 */
export function planDispatches(input: DispatchInput, policy: OrderPolicy): DispatchPlan {
  const plans = input.acts.postings.map((posting) => planPosting(posting, input, policy));
  return {
    reports: plans.flatMap(({ reports }) => reports),
    cancels: plans.flatMap(({ cancels }) => cancels),
    trackings: plans.flatMap(({ trackings }) => trackings),
    completions: plans.flatMap(({ completions }) => completions),
  };
}

/** Units that left with recorded shipments and make no whole pack that could be reported. */
export function waitingUnits({ acts, facts, balance }: DispatchInput): SkuUnits[] {
  const waiting = acts.postings.map(({ postingId }) => {
    if (leftByPos(postingId, facts, acts)) return [];
    const units = shipmentsOf(postingId, facts).map((shipment) => shipment.units);
    const goods = balance.standing.get(postingId)?.goods ?? [];
    return allot(goods, unitsTogether(units), reportedOf(postingId, facts, acts)).waiting;
  });
  return unitsTogether(waiting);
}

/** True when everything of a posting that is not taken back has left, by whoever's word. */
export function hasLeft(posting: PostingAct, { acts, facts, balance }: DispatchInput): boolean {
  const { postingId } = posting;
  if (leftByPos(postingId, facts, acts)) return true;
  return leftByShipments(postingId, balance.standing.get(postingId), facts, acts);
}

function planPosting(posting: PostingAct, input: DispatchInput, policy: OrderPolicy): DispatchPlan {
  const { facts, acts } = input;
  const standing = acts.dispatches.filter(
    (report) => report.postingId === posting.postingId && isStanding(report, facts, acts),
  );
  const cancels = owedCancels(posting, standing, input, policy);
  const isCancelling = (dispatchId: string) =>
    [...acts.reportCancels, ...cancels].some(
      (act) =>
        act.dispatchId === dispatchId && facts.shipments.acts[act.cancellationId] === undefined,
    );
  const waits = standing.some(({ dispatchId }) => isCancelling(dispatchId));
  return {
    cancels,
    reports: input.cancelled || waits ? [] : owedReports(posting, standing, input, policy),
    trackings: standing
      .filter(({ dispatchId }) => !isCancelling(dispatchId))
      .flatMap((report) => owedTracking(report, facts, acts, policy)),
    completions: owedCompletion(posting, input, policy),
  };
}

/** Reports that the platform has and whose goods have not left after all. */
function owedCancels(
  posting: PostingAct,
  standing: readonly DispatchAct[],
  { facts, acts }: DispatchInput,
  policy: OrderPolicy,
): ReportCancelAct[] {
  const { postingId } = posting;
  const shipments = shipmentsOf(postingId, facts);
  const wrong = new Set(
    standing.filter((report) => !isTrue(report, shipments, facts, acts)).map(idOf),
  );
  // Packs that were completed by a shipment which is gone: the latest report makes room first.
  const recorded = standing.filter(({ shipmentId }) => shipmentId !== null);
  const left = unitsTogether(shipments.map(({ units }) => units));
  for (const report of [...recorded].reverse()) {
    const kept = recorded.filter((each) => !wrong.has(each.dispatchId));
    if (covers(left, consumedBy(kept, posting))) break;
    wrong.add(report.dispatchId);
  }
  return standing
    .filter(({ dispatchId }) => wrong.has(dispatchId))
    .filter(({ dispatchId }) => facts.reported[dispatchId] !== undefined)
    .filter((report) => !acts.reportCancels.some((act) => act.dispatchId === report.dispatchId))
    .map(({ dispatchId }) => ({
      dispatchId,
      cancellationId: policy.deriveId(`${dispatchId}/cancel`),
    }));
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

function owedReports(
  posting: PostingAct,
  standing: readonly DispatchAct[],
  input: DispatchInput,
  policy: OrderPolicy,
): DispatchAct[] {
  const { facts, acts, balance } = input;
  const { postingId } = posting;
  const goods = wantedGoods(postingId, balance);
  const shipments = shipmentsOf(postingId, facts);
  const isTold = (id: string | null) => standing.some(({ shipmentId }) => shipmentId === id);
  const reported = reportedOf(postingId, facts, acts);
  const left = shipments.filter(({ dispatchId }) => isTold(dispatchId)).map(({ units }) => units);
  const reports: DispatchAct[] = [];
  const add = (name: string, content: Omit<DispatchAct, 'dispatchId' | 'postingId'>) => {
    if (content.lines.length === 0) return;
    for (const { lineId, quantity } of content.lines) {
      reported.set(lineId, (reported.get(lineId) ?? 0) + quantity);
    }
    const before = acts.dispatches.filter(
      (act) => act.postingId === postingId && act.shipmentId === content.shipmentId,
    ).length;
    const again = before === 0 ? '' : `/${before + 1}`;
    reports.push({ dispatchId: policy.deriveId(`${name}${again}`), postingId, ...content });
  };
  for (const { dispatchId, units, carrier, trackingNumber } of shipments) {
    if (isTold(dispatchId)) continue;
    left.push(units);
    const { whole } = allot(goods, unitsTogether(left), reported);
    const lines = moreThan(reported, whole);
    const tracking = trackingOf({ carrier, trackingNumber });
    add(`${postingId}/dispatch/${dispatchId}`, {
      shipmentId: dispatchId,
      units,
      lines,
      ...tracking,
    });
  }
  const last = shipments.at(-1);
  if (last !== undefined) {
    // What another report was to tell and could not.
    const { whole } = allot(goods, unitsTogether(shipments.map(({ units }) => units)), reported);
    const { dispatchId: shipmentId, units, ...shipment } = last;
    const lines = moreThan(reported, whole);
    add(`${postingId}/dispatch/${shipmentId}`, {
      ...{ shipmentId, units, lines },
      ...trackingOf(shipment),
    });
  }
  if (leftByPos(postingId, facts, acts)) {
    const wanted = new Map(goods.map(({ lineId, quantity }) => [lineId, quantity]));
    const lines = moreThan(reported, wanted);
    const tracking = trackingOf(facts.fulfilments[postingId] ?? {});
    add(`${postingId}/dispatch`, { shipmentId: null, units: [], lines, ...tracking });
  }
  return reports;
}

/** What is wanted of a posting, as goods: what left too much is no news for the platform. */
function wantedGoods(postingId: string, { standing, toDispatch }: PostedBalance) {
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

function moreThan(
  reported: ReadonlyMap<string, number>,
  wanted: ReadonlyMap<string, number>,
): LineQuantity[] {
  return [...wanted].flatMap(([lineId, count]) => {
    const quantity = count - (reported.get(lineId) ?? 0);
    return quantity > 0 ? [{ lineId, quantity }] : [];
  });
}

/** The carrier and number of a report that the platform shows, where they have changed since. */
function owedTracking(
  report: DispatchAct,
  facts: OrderFacts,
  acts: OrderActs,
  policy: OrderPolicy,
): TrackingAct[] {
  const { dispatchId, postingId, shipmentId } = report;
  if (!facts.reported[dispatchId]?.fulfilmentId) return [];
  const source =
    shipmentId === null
      ? facts.fulfilments[postingId]
      : shipmentsOf(postingId, facts).find((shipment) => shipment.dispatchId === shipmentId);
  const told = acts.trackings.filter((act) => act.dispatchId === dispatchId);
  const last: Tracking = told.at(-1) ?? report;
  const now = trackingOf(source ?? {});
  if (now.carrier === undefined && now.trackingNumber === undefined) return [];
  if (now.carrier === last.carrier && now.trackingNumber === last.trackingNumber) return [];
  const trackingId = policy.deriveId(`${dispatchId}/tracking/${told.length + 1}`);
  return [{ trackingId, dispatchId, ...now }];
}

/** The POS holds one fulfilment an order: it is told once, when the last shipment has left. */
function owedCompletion(
  posting: PostingAct,
  { facts, acts, balance }: DispatchInput,
  policy: OrderPolicy,
): DispatchPlan['completions'] {
  const { postingId } = posting;
  const state = facts.fulfilments[postingId]?.state ?? 'proposed';
  if (facts.posted[postingId] === undefined || ENDED.has(state)) return [];
  if (acts.posCompletions.some((act) => act.postingId === postingId)) return [];
  const open = [...acts.reversals, ...balance.reversals].some(
    (act) => act.postingId === postingId && facts.reversed[act.reversalId] === undefined,
  );
  if (open || !leftByShipments(postingId, balance.standing.get(postingId), facts, acts)) return [];
  const tracking = trackingOf(shipmentsOf(postingId, facts).at(-1) ?? {});
  const completionId = policy.deriveId(`${postingId}/pos-completion`);
  return [{ completionId, postingId, posting, ...tracking }];
}

const ENDED: ReadonlySet<string> = new Set(['completed', 'cancelled', 'failed']);

function leftByShipments(
  postingId: string,
  standing: StandingPosting | undefined,
  facts: OrderFacts,
  acts: OrderActs,
): boolean {
  const shipments = shipmentsOf(postingId, facts);
  if (shipments.length === 0 || standing === undefined) return false;
  const units = unitsTogether(shipments.map((shipment) => shipment.units));
  return allot(standing.goods, units, reportedOf(postingId, facts, acts)).all;
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

function trackingOf({ carrier, trackingNumber }: Tracking): Tracking {
  return {
    ...(carrier === undefined ? {} : { carrier }),
    ...(trackingNumber === undefined ? {} : { trackingNumber }),
  };
}

function idOf({ dispatchId }: DispatchAct): string {
  return dispatchId;
}
