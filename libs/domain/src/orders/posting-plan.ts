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

/** Which of several POS orders one is, of what one location serves of an order. */
export interface SplitPart {
  /** 1 for the first. */
  readonly number: number;
  readonly of: number;
}

/** One POS order at one location. `totalMinor` is its lines less its discount. */
export interface PostingPlan {
  readonly locationId: string;
  /** Only where the POS could not hold the lines in one order. */
  readonly split?: SplitPart;
  readonly parts: readonly PostingPart[];
  readonly lines: readonly PlannedLine[];
  readonly discountMinor: number;
  readonly totalMinor: number;
}

/** Lines that stay together in one POS order, with the shares of the platform's lines in them. */
interface Bundle {
  readonly parts: readonly PostingPart[];
  readonly lines: readonly PlannedLine[];
}

/**
 * Divides an order into one POS order a location, in base units, to the cent: the totals sum to
 * the order's total. Above the lines that the location's POS holds in an order it is several, each
 * filled in the order of the lines; what a location serves of one line is never divided, so that each
 * POS order can be dispatched and reversed by itself. Money without stock goes with the first
 * location; a discount is spread so that no POS order falls below zero. Expects an order that nothing
 * holds.
 */
export function planPostings(
  order: ObservedOrderState,
  allocation: OrderAllocation | undefined,
  policy: OrderPolicy,
): PostingPlan[] {
  const bundles = new Map<string, Bundle[]>();
  const add = (locationId: string, ...more: readonly Bundle[]) =>
    bundles.set(locationId, [...(bundles.get(locationId) ?? []), ...more]);
  for (const line of openStockLines(order)) {
    for (const { share, part, lines } of planLine(line, sharesOf(line, allocation), policy)) {
      add(share.locationId, { parts: [part], lines });
    }
  }
  const money = moneyBundles(order);
  if (money.length > 0 || bundles.size === 0) add(firstLocation(bundles, policy), ...money);
  return discounted(order, inOrder(bundles, policy));
}

/** The name from which the id of a posting is derived: the first part has that of the whole. */
export function postingNameOf(orderId: string, { locationId, split }: PostingPlan): string {
  const part = split === undefined || split.number === 1 ? '' : `/part-${split.number}`;
  return `${orderId}/posting/${locationId}${part}`;
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

/** Lines typed in by hand and charges: money that the POS must show, without stock. */
function moneyBundles(order: ObservedOrderState): Bundle[] {
  // Nothing of any stock, and yet something that is sent.
  const manual = order.lines.filter((line) => !isStock(line) && remainingOf(line) > 0);
  const charges = order.charges.filter(({ amountMinor }) => amountMinor > 0);
  return [
    ...manual.map((line) => ({ parts: [manualPart(line)], lines: [manualLine(line)] })),
    ...charges.map(({ kind, title, amountMinor }, index) => {
      const about = { lineRef: `${kind}:${index}`, title: titleOf(title, kind) };
      return { parts: [], lines: [{ ...about, sku: null, units: 1, unitPriceMinor: amountMinor }] };
    }),
  ];
}

function manualPart(line: OrderLine): PostingPart {
  const { lineId, totalMinor: moneyMinor } = line;
  return { lineId, quantity: remainingOf(line), components: [], moneyMinor };
}

function manualLine(line: OrderLine): PlannedLine {
  const pieces = remainingOf(line);
  return {
    lineRef: lineRefOf(line.lineId, 'm'),
    sku: null,
    title: titleOf(line.title, 'Item'),
    units: 1,
    unitPriceMinor: line.totalMinor,
    ...(pieces > 1 ? { note: `${pieces} x` } : {}),
  };
}

function firstLocation(bundles: ReadonlyMap<string, unknown>, policy: OrderPolicy): string {
  const used = [...bundles.keys()].sort(byConfiguration(policy));
  return used[0] ?? policy.locations[0]?.id ?? '';
}

/** Locations in configured order; nothing is posted to one that is not configured. */
function byConfiguration({ locations }: OrderPolicy): (a: string, b: string) => number {
  const rank = (locationId: string) => locations.findIndex(({ id }) => id === locationId);
  return (a, b) => rank(a) - rank(b);
}

type Undiscounted = Omit<PostingPlan, 'discountMinor' | 'totalMinor'>;

function inOrder(
  bundles: ReadonlyMap<string, readonly Bundle[]>,
  policy: OrderPolicy,
): Undiscounted[] {
  const sort = byConfiguration(policy);
  return [...bundles]
    .sort(([a], [b]) => sort(a, b))
    .flatMap(([locationId, held]) => {
      const location = policy.locations.find(({ id }) => id === locationId);
      const filled = fill(held, location?.linesPerOrder ?? Infinity);
      return filled.map((each, index) => ({
        locationId,
        ...(filled.length === 1 ? {} : { split: { number: index + 1, of: filled.length } }),
        ...each,
      }));
    });
}

/** A bundle that is above the limit by itself stands alone: the POS then says what it thinks of it. */
function fill(bundles: readonly Bundle[], mostLines: number): Bundle[] {
  const filled: { parts: PostingPart[]; lines: PlannedLine[] }[] = [];
  for (const { parts, lines } of bundles) {
    const last = filled.at(-1);
    if (last !== undefined && last.lines.length + lines.length <= mostLines) {
      last.parts.push(...parts);
      last.lines.push(...lines);
    } else {
      filled.push({ parts: [...parts], lines: [...lines] });
    }
  }
  return filled.length === 0 ? [{ parts: [], lines: [] }] : filled;
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
