import { spread } from '../money/cents.js';
import { isStock, remainingOf } from './line-shares.js';
import type {
  LineAllocation,
  ObservedOrderState,
  OrderAllocation,
  OrderCharge,
  OrderLine,
} from './order-facts.js';
import type { PostingPart } from './order-record.js';

/** A posting that stays as it is, with what is left of it. */
export interface KeptPosting {
  readonly locationId: string;
  readonly goods: readonly Pick<PostingPart, 'lineId' | 'quantity' | 'moneyMinor'>[];
  /** With postage, fees and discount. */
  readonly totalMinor: number;
}

/** What of an order no posting holds: an order of its own, to be posted like one. */
export interface OrderRest {
  readonly order: ObservedOrderState;
  readonly allocation: OrderAllocation | undefined;
  /** What is to be paid for that is left; below it the kept postings carry too much. */
  readonly refundMinor: number;
  /** Nothing is open: no goods, and no money that a posting has to carry. */
  readonly empty: boolean;
  /** Some of the goods wait because they are not on hand. */
  readonly waiting: boolean;
}

/**
 * What is wanted beyond the postings that are kept, to the cent: kept and rest sum to the order.
 * Money that changed on goods which have left is settled with the rest, as a charge or a discount;
 * what the rest cannot carry has to be refunded. Goods that left and are wanted no more are another
 * matter: their money stays until a return is agreed.
 */
export function restOf(
  order: ObservedOrderState,
  cancelled: boolean,
  allocation: OrderAllocation | undefined,
  kept: readonly KeptPosting[],
  onlyAvailable: boolean,
): OrderRest {
  const lines = order.lines.map((line) => restOfLine(line, cancelled, kept));
  const open = openAllocations(lines, allocation, kept);
  const cut = onlyAvailable ? lines.map((line) => available(line, open)) : lines;
  const waiting = cut.some(({ quantity }, index) => quantity < (lines[index]?.quantity ?? 0));
  const charges = restOfCharges(order, cancelled, kept, lines);
  const shares = waiting ? shareOfDiscount(charges, lines, cut) : charges;
  const nothing = waiting && cut.every(({ line, quantity }) => !isStock(line) || quantity === 0);
  const money = settled(nothing ? [] : cut, nothing ? [] : shares);
  return {
    order: {
      ...order,
      status: 'open',
      lines: (nothing ? [] : cut).filter(({ quantity }) => quantity > 0).map(toLine),
      charges: money.charges,
      totalMinor: money.totalMinor,
    },
    allocation: restOfAllocation(allocation, nothing ? [] : cut, open, onlyAvailable),
    refundMinor: money.refundMinor,
    empty:
      nothing ||
      (cut.every(({ quantity }) => quantity === 0) &&
        money.charges.every(({ amountMinor }) => amountMinor === 0)),
    waiting,
  };
}

/** Of a cancelled order nothing is wanted but what the platform says had been sent before. */
export function wantedOf(line: OrderLine, cancelled: boolean): number {
  const remaining = remainingOf(line);
  return cancelled ? Math.min(remaining, line.fulfilledQuantity) : remaining;
}

interface RestOfLine {
  readonly line: OrderLine;
  readonly quantity: number;
  readonly moneyMinor: number;
  /** Below or above zero: money of the line that no open unit of it can carry. */
  readonly otherMinor: number;
}

function restOfLine(line: OrderLine, cancelled: boolean, kept: readonly KeptPosting[]): RestOfLine {
  const wanted = wantedOf(line, cancelled);
  const held = kept.flatMap(({ goods }) => goods.filter(({ lineId }) => lineId === line.lineId));
  const quantity = Math.max(0, wanted - held.reduce((sum, each) => sum + each.quantity, 0));
  if (held.length === 0) {
    return { line, quantity, moneyMinor: wanted === 0 ? 0 : line.totalMinor, otherMinor: 0 };
  }
  const tooLate = held.reduce((sum, each) => sum + each.quantity, 0) > wanted;
  if (tooLate) return { line, quantity: 0, moneyMinor: 0, otherMinor: 0 };
  const openMinor = line.totalMinor - held.reduce((sum, each) => sum + each.moneyMinor, 0);
  const moneyMinor = quantity === 0 ? 0 : Math.max(0, openMinor);
  return { line, quantity, moneyMinor, otherMinor: openMinor - moneyMinor };
}

/** What is allocated and not kept already, by line, in the order in which it serves the line. */
function openAllocations(
  lines: readonly RestOfLine[],
  allocation: OrderAllocation | undefined,
  kept: readonly KeptPosting[],
): Map<string, LineAllocation[]> {
  return new Map(
    lines.map(({ line: { lineId } }) => {
      const taken = new Map<string, number>();
      for (const { locationId, goods } of kept) {
        for (const each of goods.filter((one) => one.lineId === lineId)) {
          taken.set(locationId, (taken.get(locationId) ?? 0) + each.quantity);
        }
      }
      const parts = (allocation?.allocations ?? []).filter((part) => part.lineId === lineId);
      return [lineId, parts.flatMap((part) => withoutTaken(part, taken))];
    }),
  );
}

/** Takes what is kept off a part; what is short of it is the last that is left. */
function withoutTaken(part: LineAllocation, taken: Map<string, number>): LineAllocation[] {
  const off = Math.min(part.quantity, taken.get(part.locationId) ?? 0);
  taken.set(part.locationId, (taken.get(part.locationId) ?? 0) - off);
  const quantity = part.quantity - off;
  return quantity === 0 ? [] : [ofPart(part, quantity)];
}

function ofPart(part: LineAllocation, quantity: number): LineAllocation {
  const { shortQuantity = 0, ...rest } = part;
  const short = Math.min(shortQuantity, quantity);
  return {
    ...rest,
    quantity,
    components: part.components.map(({ sku, units }) => ({
      sku,
      units: (units / part.quantity) * quantity,
    })),
    ...(short === 0 ? {} : { shortQuantity: short }),
  };
}

/** Only what is on hand; its money is its share of the line's. */
function available(
  rest: RestOfLine,
  open: ReadonlyMap<string, readonly LineAllocation[]>,
): RestOfLine {
  if (!isStock(rest.line)) return rest;
  const here = (open.get(rest.line.lineId) ?? []).reduce(
    (sum, { quantity, shortQuantity = 0 }) => sum + quantity - shortQuantity,
    0,
  );
  const quantity = Math.min(rest.quantity, here);
  const [moneyMinor = 0] = spread(rest.moneyMinor, [quantity, rest.quantity - quantity]);
  return { ...rest, quantity, moneyMinor: quantity === 0 ? 0 : moneyMinor };
}

/** What serves the open quantity of each line, in the order of the allocation. */
function restOfAllocation(
  allocation: OrderAllocation | undefined,
  lines: readonly RestOfLine[],
  open: ReadonlyMap<string, readonly LineAllocation[]>,
  onlyAvailable: boolean,
): OrderAllocation | undefined {
  if (allocation === undefined) return undefined;
  const allocations = lines.flatMap(({ line, quantity: wanted }) => {
    let left = wanted;
    return (open.get(line.lineId) ?? []).flatMap((part) => {
      const most = part.quantity - (onlyAvailable ? (part.shortQuantity ?? 0) : 0);
      const quantity = Math.min(left, most);
      left -= quantity;
      return quantity === 0 ? [] : [ofPart(part, quantity)];
    });
  });
  return { ...allocation, allocations };
}

/** The order's charges; once something is kept, what differs from what it carries of them. */
function restOfCharges(
  order: ObservedOrderState,
  cancelled: boolean,
  kept: readonly KeptPosting[],
  lines: readonly RestOfLine[],
): OrderCharge[] {
  if (kept.length === 0) return cancelled ? [] : [...order.charges];
  if (cancelled) return [];
  const carried = kept.reduce(
    (sum, { goods, totalMinor }) =>
      sum + goods.reduce((left, { moneyMinor }) => left - moneyMinor, totalMinor),
    0,
  );
  const charged =
    order.totalMinor - order.lines.reduce((sum, { totalMinor }) => sum + totalMinor, 0);
  const changed = lines.reduce((sum, { otherMinor }) => sum + otherMinor, 0);
  return changeOf(charged - carried + changed);
}

function changeOf(amountMinor: number): OrderCharge[] {
  if (amountMinor === 0) return [];
  const kind = amountMinor > 0 ? 'fee' : 'discount';
  return [{ kind, title: 'Change of the order', amountMinor }];
}

/** A discount goes with the goods: what waits keeps its share of it. */
function shareOfDiscount(
  charges: readonly OrderCharge[],
  lines: readonly RestOfLine[],
  cut: readonly RestOfLine[],
): OrderCharge[] {
  const sum = (rest: readonly RestOfLine[]) => rest.reduce((all, each) => all + each.moneyMinor, 0);
  const now = sum(cut);
  return charges.map((charge) => {
    if (charge.amountMinor >= 0) return charge;
    const [amountMinor = 0] = spread(charge.amountMinor, [now, sum(lines) - now]);
    return { ...charge, amountMinor };
  });
}

/** No posting is below zero: what a discount takes off beyond the rest is to be refunded. */
function settled(lines: readonly RestOfLine[], charges: readonly OrderCharge[]) {
  const gross =
    lines.reduce((sum, { moneyMinor }) => sum + moneyMinor, 0) +
    charges.reduce((sum, { amountMinor }) => sum + Math.max(0, amountMinor), 0);
  const off = charges.reduce((sum, { amountMinor }) => sum + Math.max(0, -amountMinor), 0);
  if (off <= gross) return { charges, totalMinor: gross - off, refundMinor: 0 };
  const added = charges.filter(({ amountMinor }) => amountMinor > 0);
  return { charges: [...added, ...changeOf(-gross)], totalMinor: 0, refundMinor: off - gross };
}

function toLine({ line, quantity, moneyMinor }: RestOfLine): OrderLine {
  return { ...line, orderedQuantity: quantity, cancelledQuantity: 0, totalMinor: moneyMinor };
}
