import { spread } from '../money/cents.js';
import { cameBack, givenBackMinor } from './given-back.js';
import {
  allot,
  leftByPos,
  reportedOf,
  shipmentsOf,
  unitsTogether,
  type Goods,
} from './left-goods.js';
import { scaled, servingRank } from './line-shares.js';
import type { ObservedOrderState, OrderAllocation, OrderFacts, SkuUnits } from './order-facts.js';
import type {
  LineQuantity,
  OrderActs,
  OrderPolicy,
  PostingAct,
  ReversalAct,
} from './order-record.js';
import { wantedOf } from './order-rest.js';
import { countedPostings } from './posting-life.js';

/** What has to be taken back from one posting, with the units that go onto the shelf. */
export interface ReversalPlan extends ReversalAct {
  readonly posting: PostingAct;
  readonly whole: boolean;
  readonly changes: readonly SkuUnits[];
}

/** How the postings stand against what the platform wants now. */
export interface PostedBalance {
  readonly reversals: readonly ReversalPlan[];
  /** By posting: what should still leave the building, in channel quantities. */
  readonly toDispatch: ReadonlyMap<string, readonly LineQuantity[]>;
  /** By posting: what stands of it once all reversals are done. */
  readonly standing: ReadonlyMap<string, StandingPosting>;
  /** Postings of which something has left: they stay. The others are right as they are, or voided. */
  readonly fixed: ReadonlySet<string>;
  /** Units were cancelled that had left the building already. */
  readonly tooLate: boolean;
}

/** What stands of a posting: its goods, gone or still to leave, each with its money. */
export interface StandingPosting {
  readonly goods: readonly (Goods & { readonly moneyMinor: number })[];
  /** With postage, fees and discount. */
  readonly totalMinor: number;
}

/**
 * Compares the postings of which goods have left with what is wanted now (nothing, when the order is
 * cancelled). Units that left the building stay; the rest comes off as the allocation does, with its
 * money. A posting of which nothing has left is never cut: it is voided whole and posted anew
 * (revision-plan.ts), so that goods which leave in the meantime are not refunded.
 */
export function balancePostings(
  order: ObservedOrderState,
  cancelled: boolean,
  facts: OrderFacts,
  acts: OrderActs,
  policy: OrderPolicy,
): PostedBalance {
  const books = countedPostings(facts, acts, policy).map((posting) => bookOf(posting, facts, acts));
  const fixed = books.filter(({ gone, entries }) => gone || entries.some((each) => each.gone > 0));
  for (const lineId of lineIdsOf(order, fixed)) {
    const line = order.lines.find((candidate) => candidate.lineId === lineId);
    const wanted = line === undefined ? 0 : wantedOf(line, cancelled);
    const totalMinor = line === undefined || wanted === 0 ? 0 : line.totalMinor;
    const entries = entriesOf(lineId, fixed, facts.allocation);
    fill(entries, wanted);
    price(entries, totalMinor);
  }
  const reversals = reversalsOf(cancelled, fixed, policy);
  return {
    reversals,
    toDispatch: new Map(books.map((book) => [book.posting.postingId, dispatchOf(book)])),
    fixed: new Set(fixed.map(({ posting }) => posting.postingId)),
    standing: new Map(books.map((book) => [book.posting.postingId, standingOf(book, reversals)])),
    tooLate: books.some(({ entries }) => entries.some((entry) => entry.gone > entry.keep)),
  };
}

/** One line of a posting: what is left of it, what of that stays, and the money of both. */
interface Entry {
  /** How many have left the building, the last of them perhaps in part. */
  readonly gone: number;
  readonly locationId: string;
  readonly lineId: string;
  readonly posted: number;
  readonly components: readonly SkuUnits[];
  readonly left: number;
  readonly leftMinor: number;
  /** What of it is wanted. */
  keep: number;
  /** The money of what stays: what is wanted, and what has left all the same. */
  keepMinor: number;
}

/** What of an entry cannot be taken back or is not to be. */
function staysOf({ keep, gone }: Entry): number {
  return Math.max(keep, gone);
}

interface Book {
  readonly posting: PostingAct;
  /** All its goods left the building. */
  readonly gone: boolean;
  /** The POS has it, so it can be taken back. */
  readonly standing: boolean;
  readonly availableMinor: number;
  /** What of that returns have given back already. */
  readonly givenMinor: number;
  readonly entries: readonly Entry[];
}

function bookOf(posting: PostingAct, facts: OrderFacts, acts: OrderActs): Book {
  const { postingId } = posting;
  const asked = acts.reversals.filter(({ postingId }) => postingId === posting.postingId);
  const gone = isGone(posting, asked, facts, acts);
  // What the POS refused to take back has left with the rest; until then nobody asks again. A void
  // that it refused has taken nothing.
  const reversals = asked.filter(
    ({ reversalId, voids = false }) =>
      !((gone || voids) && facts.reversed[reversalId]?.outcome === 'refused'),
  );
  const goods = goodsAfter(posting, reversals);
  const touched = gone ? undefined : leftOf(posting, goods, facts, acts).touched;
  // What came back has left, whatever is said of its shipment since: it is not put back once more.
  const goneOf = (lineId: string, left: number) =>
    touched === undefined
      ? left
      : Math.max(touched.get(lineId) ?? 0, Math.min(left, cameBack(postingId, lineId, acts)));
  const entries = goods.map(({ lineId, quantity: left, moneyMinor: leftMinor }, index): Entry => ({
    gone: goneOf(lineId, left),
    locationId: posting.locationId,
    lineId,
    posted: posting.parts[index]?.quantity ?? 0,
    components: posting.parts[index]?.components ?? [],
    left,
    leftMinor,
    keep: left,
    keepMinor: leftMinor,
  }));
  const availableMinor =
    posting.totalMinor - reversals.reduce((sum, act) => sum + act.amountMinor, 0);
  return {
    posting,
    gone,
    standing: facts.posted[posting.postingId] !== undefined,
    availableMinor,
    givenMinor: givenBackMinor(postingId, facts, acts),
    entries,
  };
}

/** The POS says so, or recorded shipments took all that was not taken back. */
function isGone(
  posting: PostingAct,
  reversals: readonly ReversalAct[],
  facts: OrderFacts,
  acts: OrderActs,
): boolean {
  if (leftByPos(posting.postingId, facts, acts)) return true;
  return leftOf(posting, goodsAfter(posting, reversals), facts, acts).all;
}

function leftOf(
  { postingId }: PostingAct,
  goods: readonly Goods[],
  facts: OrderFacts,
  acts: OrderActs,
) {
  const units = unitsTogether(shipmentsOf(postingId, facts).map((shipment) => shipment.units));
  return allot(goods, units, reportedOf(postingId, facts, acts));
}

/** The goods of a posting less those that were taken back, with the money of the rest. */
function goodsAfter(
  posting: PostingAct,
  reversals: readonly ReversalAct[],
): (Goods & { readonly moneyMinor: number })[] {
  return posting.parts.map(({ lineId, quantity, components, moneyMinor }) => {
    const back = reversals.flatMap((act) => act.parts.filter((part) => part.lineId === lineId));
    const left = quantity - back.reduce((sum, part) => sum + part.quantity, 0);
    return {
      lineId,
      quantity: left,
      components: scaled(components, left, quantity),
      moneyMinor: moneyMinor - back.reduce((sum, part) => sum + part.moneyMinor, 0),
    };
  });
}

function lineIdsOf(order: ObservedOrderState, books: readonly Book[]): Set<string> {
  const ids = new Set(order.lines.map((line) => line.lineId));
  for (const { entries } of books) for (const { lineId } of entries) ids.add(lineId);
  return ids;
}

/** What left the building first: it cannot be taken back. Then as the allocation serves the line. */
function entriesOf(
  lineId: string,
  books: readonly Book[],
  allocation: OrderAllocation | undefined,
): Entry[] {
  const rank = (entry: Entry) => servingRank(lineId, entry.locationId, allocation);
  return books
    .flatMap((book) => book.entries.filter((entry) => entry.lineId === lineId))
    .sort((a, b) => Number(b.gone > 0) - Number(a.gone > 0) || rank(a) - rank(b));
}

/** Gives each entry what it keeps, what left first. */
function fill(entries: readonly Entry[], wanted: number): void {
  let open = wanted;
  for (const entry of entries) {
    entry.keep = Math.min(entry.gone, open);
    open -= entry.keep;
  }
  for (const entry of entries) {
    const more = Math.min(entry.left - entry.keep, open);
    entry.keep += more;
    open -= more;
  }
}

/** Entries that stay whole keep their money; the others share what is left of the line's total. */
function price(entries: readonly Entry[], totalMinor: number): void {
  for (const entry of entries.filter(({ gone, keep }) => gone > keep)) {
    entry.keepMinor = Math.floor((entry.leftMinor * entry.gone) / entry.left);
  }
  const shrinking = entries.filter(({ gone, keep, left }) => gone <= keep && keep < left);
  const pinned = entries
    .filter((entry) => !shrinking.includes(entry))
    .reduce((sum, entry) => sum + entry.keepMinor, 0);
  const open = Math.max(0, totalMinor - pinned);
  const shares = spread(
    open,
    shrinking.map((entry) => entry.keep),
  );
  shrinking.forEach((entry, index) => {
    entry.keepMinor = entry.keep === 0 ? 0 : Math.min(entry.leftMinor, shares[index] ?? 0);
  });
}

function reversalsOf(
  cancelled: boolean,
  books: readonly Book[],
  policy: OrderPolicy,
): ReversalPlan[] {
  const plans: ReversalPlan[] = [];
  for (const book of books) {
    if (book.gone || !book.standing) continue;
    const parts = book.entries
      .filter((entry) => staysOf(entry) < entry.left)
      .map((entry) => ({
        lineId: entry.lineId,
        quantity: entry.left - staysOf(entry),
        moneyMinor: entry.leftMinor - entry.keepMinor,
      }));
    if (parts.length === 0) continue;
    const backMinor = parts.reduce((sum, part) => sum + part.moneyMinor, 0);
    const keptMinor = book.entries.reduce((sum, entry) => sum + entry.keepMinor, 0);
    const wishedMinor = cancelled ? book.availableMinor - keptMinor : backMinor;
    const payableMinor = book.availableMinor - book.givenMinor;
    const amountMinor = Math.max(0, Math.min(payableMinor, wishedMinor));
    plans.push(planOf(book, cancelled, parts, amountMinor, policy));
  }
  return plans;
}

function planOf(
  book: Book,
  cancelled: boolean,
  parts: ReversalPlan['parts'],
  amountMinor: number,
  policy: OrderPolicy,
): ReversalPlan {
  const { posting } = book;
  const units = new Map<string, number>();
  for (const entry of book.entries) {
    for (const back of scaled(entry.components, entry.left - staysOf(entry), entry.posted)) {
      if (back.units > 0) units.set(back.sku, (units.get(back.sku) ?? 0) + back.units);
    }
  }
  // Named by all that was ever taken back, so that the same cut has the same id after any restart.
  const taken = book.entries
    .map((entry) => `${entry.lineId}=${entry.posted - staysOf(entry)}`)
    .sort()
    .join(',');
  const name = `${posting.postingId}/reversal/${taken}${cancelled ? '/cancelled' : ''}`;
  return {
    reversalId: policy.deriveId(name),
    postingId: posting.postingId,
    posting,
    parts,
    amountMinor,
    whole: false,
    changes: [...units].map(([sku, sum]) => ({ sku, units: sum })),
  };
}

function dispatchOf(book: Book): LineQuantity[] {
  return book.entries
    .filter((entry) => entry.keep > 0)
    .map(({ lineId, keep }) => ({ lineId, quantity: keep }));
}

function standingOf(book: Book, reversals: readonly ReversalPlan[]): StandingPosting {
  const { postingId } = book.posting;
  const back = reversals.filter((plan) => plan.postingId === postingId);
  return {
    goods: book.entries.map((entry) => ({
      lineId: entry.lineId,
      quantity: staysOf(entry),
      components: scaled(entry.components, staysOf(entry), entry.posted),
      moneyMinor: entry.keepMinor,
    })),
    totalMinor: book.availableMinor - back.reduce((sum, plan) => sum + plan.amountMinor, 0),
  };
}
