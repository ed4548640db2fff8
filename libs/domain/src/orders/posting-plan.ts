import { splitCents, spread } from '../money/cents.js';
import { isStock, openStockLines, remainingOf, sharesOf, type LineShare } from './line-shares.js';
import type { ObservedOrderState, OrderAllocation, OrderLine } from './order-facts.js';
import type { OrderPolicy, PostingPart } from './order-record.js';

/** A line on the POS order: base units at one price, or money without stock. */
export interface PlannedLine {
  readonly lineRef: string;
  readonly sku: string | null;
  readonly title: string;
  readonly units: number;
  readonly unitPriceMinor: number;
  readonly note?: string;
}

/** One POS order at one location. `totalMinor` is its lines less its discount. */
export interface PostingPlan {
  readonly locationId: string;
  readonly parts: readonly PostingPart[];
  readonly lines: readonly PlannedLine[];
  readonly discountMinor: number;
  readonly totalMinor: number;
}

/**
 * Divides an order into one POS order a location, in base units, to the cent: the totals sum to
 * the order's total. Money without stock goes with the first location; a discount is spread so
 * that no POS order falls below zero. Expects an order that nothing holds.
 */
export function planPostings(
  order: ObservedOrderState,
  allocation: OrderAllocation | undefined,
  policy: OrderPolicy,
): PostingPlan[] {
  const drafts = new Map<string, { parts: PostingPart[]; lines: PlannedLine[] }>();
  const at = (locationId: string) => {
    const held = drafts.get(locationId) ?? { parts: [], lines: [] };
    drafts.set(locationId, held);
    return held;
  };
  for (const line of openStockLines(order)) {
    for (const { share, part, lines } of planLine(line, sharesOf(line, allocation), policy)) {
      at(share.locationId).parts.push(part);
      at(share.locationId).lines.push(...lines);
    }
  }
  const money = moneyLines(order);
  if (money.length > 0 || drafts.size === 0) {
    const first = at(firstLocation(drafts, policy));
    first.lines.push(...money);
    first.parts.push(...manualLines(order).map(manualPart));
  }
  return discounted(order, inOrder(drafts, policy));
}

/** What the order takes off as a whole, at or above zero. */
function discountOf(order: ObservedOrderState): number {
  return order.charges.reduce(
    (sum, { kind, amountMinor }) =>
      kind === 'discount' && amountMinor < 0 ? sum - amountMinor : sum,
    0,
  );
}

interface PlannedShare {
  readonly share: LineShare;
  readonly part: PostingPart;
  readonly lines: readonly PlannedLine[];
}

function planLine(
  line: OrderLine,
  shares: readonly LineShare[],
  policy: OrderPolicy,
): PlannedShare[] {
  const slots = shares.flatMap((share) =>
    share.components.map((component) => ({ share, component })),
  );
  const money = spread(
    line.totalMinor,
    slots.map(({ component }) => component.units),
  );
  return shares.map((share) => {
    const mine = slots
      .map((slot, index) => ({ ...slot, index, moneyMinor: money[index] ?? 0 }))
      .filter((slot) => slot.share === share);
    const moneyMinor = mine.reduce((sum, slot) => sum + slot.moneyMinor, 0);
    const { quantity, components } = share;
    const note = noteOf(line, share, policy);
    const lines = mine.flatMap((slot) =>
      splitCents(slot.component.units, slot.moneyMinor).map((priced, part) => ({
        lineRef: lineRefOf(line.lineId, `${slot.index}${part === 0 ? 'a' : 'b'}`),
        sku: slot.component.sku,
        title: titleOf(line.title, slot.component.sku),
        ...priced,
        ...(note === undefined ? {} : { note }),
      })),
    );
    return { share, part: { lineId: line.lineId, quantity, components, moneyMinor }, lines };
  });
}

/** '2 x case of 12' for a pack, '2 x KIT-1' for a kit, nothing for single units. */
function noteOf(line: OrderLine, share: LineShare, policy: OrderPolicy): string | undefined {
  const [first] = share.components;
  if (!isStock(line) || first === undefined) return undefined;
  if (policy.kitSkus.has(line.sku) || share.components.length > 1) {
    return `${share.quantity} x ${line.sku}`;
  }
  const factor = first.units / share.quantity;
  return factor === 1 ? undefined : `${share.quantity} x case of ${factor}`;
}

/** Lines that were typed in by hand: nothing of any stock, and yet something that is sent. */
function manualLines(order: ObservedOrderState): OrderLine[] {
  return order.lines.filter((line) => !isStock(line) && remainingOf(line) > 0);
}

function manualPart(line: OrderLine): PostingPart {
  const { lineId, totalMinor: moneyMinor } = line;
  return { lineId, quantity: remainingOf(line), components: [], moneyMinor };
}

/** Manual lines and charges: money that the POS must show, without stock. */
function moneyLines(order: ObservedOrderState): PlannedLine[] {
  const manual = manualLines(order).map((line) => {
    const pieces = remainingOf(line);
    return {
      lineRef: lineRefOf(line.lineId, 'm'),
      title: titleOf(line.title, 'Item'),
      unitPriceMinor: line.totalMinor,
      ...(pieces > 1 ? { note: `${pieces} x` } : {}),
    };
  });
  const charges = order.charges
    .filter(({ amountMinor }) => amountMinor > 0)
    .map((charge, index) => ({
      lineRef: `${charge.kind}:${index}`,
      title: titleOf(charge.title, charge.kind),
      unitPriceMinor: charge.amountMinor,
    }));
  return [...manual, ...charges].map((line) => ({ sku: null, units: 1, ...line }));
}

function firstLocation(drafts: ReadonlyMap<string, unknown>, policy: OrderPolicy): string {
  const used = [...drafts.keys()].sort(byConfiguration(policy));
  return used[0] ?? policy.locations[0]?.id ?? '';
}

/** Locations in configured order; nothing is posted to one that is not configured. */
function byConfiguration({ locations }: OrderPolicy): (a: string, b: string) => number {
  const rank = (locationId: string) => locations.findIndex(({ id }) => id === locationId);
  return (a, b) => rank(a) - rank(b);
}

type Undiscounted = Pick<PostingPlan, 'locationId' | 'parts' | 'lines'>;

function inOrder(
  drafts: ReadonlyMap<string, { parts: PostingPart[]; lines: PlannedLine[] }>,
  policy: OrderPolicy,
): Undiscounted[] {
  const sort = byConfiguration(policy);
  return [...drafts]
    .map(([locationId, { parts, lines }]) => ({ locationId, parts, lines }))
    .sort((a, b) => sort(a.locationId, b.locationId));
}

function discounted(order: ObservedOrderState, plans: readonly Undiscounted[]): PostingPlan[] {
  const gross = plans.map(({ lines }) =>
    lines.reduce((sum, { units, unitPriceMinor }) => sum + units * unitPriceMinor, 0),
  );
  const shares = spread(discountOf(order), gross);
  return plans.map((plan, index) => {
    const discountMinor = shares[index] ?? 0;
    return { ...plan, discountMinor, totalMinor: (gross[index] ?? 0) - discountMinor };
  });
}

/** At most 60 characters: a long platform id keeps its end, where it differs. */
function lineRefOf(lineId: string, part: string): string {
  return `${lineId.slice(-48)}:${part}`;
}

function titleOf(title: string, otherwise: string): string {
  return title.trim().slice(0, 512) || otherwise;
}
