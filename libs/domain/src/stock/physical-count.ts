import { takenOutUnits, type MasterCause } from './commitment.js';

/** Goods of one order that left the building of one shelf. */
export interface Dispatch {
  readonly orderId: string;
  /** The POS order they are of. */
  readonly postingId: string;
  /** The recorded shipment they left with; left out where the POS tells of the posting as a whole. */
  readonly shipmentId?: string;
  /** Base units, above zero. */
  readonly units: number;
  /** When they left, by the master's clock, as text that sorts. */
  readonly at: string;
}

/** What the figure of one shelf contains of one order. */
export interface Containment {
  /** Units gone from the figure; below zero while a putting back is known and the taking out is not. */
  readonly containedUnits: number;
  /** Of them, units that had left the building when people last counted, and so were missed. */
  readonly leftUnits: number;
  /** True where people have counted the shelf: what the master booked before is settled. */
  readonly counted: boolean;
}

export const NOTHING_CONTAINED: Containment = {
  containedUnits: 0,
  leftUnits: 0,
  counted: false,
};

/** What one order still has coming from one shelf, and what the master owes an explanation for. */
export interface PromiseStanding {
  /** Units to be kept back. */
  readonly committedUnits: number;
  /** Units that were taken out and nobody is owed any more. */
  readonly restockPendingUnits: number;
  /** Units that the count already missed and that the master took out again: to be put back. */
  readonly deductedTwiceUnits: number;
  /** Units that the count already found and that the master put back again: to be taken out. */
  readonly putBackTwiceUnits: number;
}

export interface ShelfEvidence {
  readonly causes: Iterable<MasterCause>;
  readonly countedAt: string;
  readonly dispatches: Iterable<Dispatch>;
  /** True where promised goods are put aside and not counted: a count then says nothing of them. */
  readonly promisedGoodsAreSetAside: boolean;
}

/**
 * What a figure contains of each order, over physical counts (R4). People count what lies there, also
 * goods that the master took out at payment and that have not left yet. So a count settles all that
 * happened before it: from then on a figure contains what had left the building by then, and what was
 * taken out since. Whatever the order of arrival, the same evidence ends in the same answer.
 */
export function containmentByOrder(evidence: ShelfEvidence): Map<string, Containment> {
  const causes = causesInFigure(evidence);
  const lastCountAt = evidence.promisedGoodsAreSetAside ? undefined : lastPhysicalCount(causes);
  const orders = new Map<string, OrderBooks>();
  const of = (orderId: string) => {
    const held = orders.get(orderId) ?? { since: 0, cameBack: 0, postings: new Map() };
    orders.set(orderId, held);
    return held;
  };
  for (const cause of causes) {
    const units = takenOutUnits(cause);
    if (units === 0) continue;
    const order = of(cause.orderId as string);
    if (lastCountAt === undefined || happenedAt(cause) > lastCountAt) order.since += units;
    else book(order, cause, units);
  }
  if (lastCountAt !== undefined) {
    for (const dispatch of evidence.dispatches) {
      if (dispatch.at <= lastCountAt) leave(of(dispatch.orderId), dispatch);
    }
  }
  const counted = lastCountAt !== undefined;
  return new Map(
    [...orders].map(([orderId, order]) => {
      const leftUnits = leftOf(order);
      return [orderId, { containedUnits: leftUnits + order.since, leftUnits, counted }];
    }),
  );
}

/** What is known of one order on one shelf. */
interface OrderBooks {
  /** Units that the master took out since the last count. */
  since: number;
  /** Units that came back before it, less retail goods taken out because they were dispatched. */
  cameBack: number;
  /** What is known of each POS order from before it. */
  readonly postings: Map<string, PostingBooks>;
}

interface PostingBooks {
  /** Units that the master took out, which says nothing of where they lie. */
  deducted: number;
  /** Units that it put back because nobody wants them of this posting any more. */
  putBack: number;
  /** Units that left, as the POS tells of the posting as a whole. */
  told: number;
  /** Units that left, as shipments were recorded. */
  recorded: number;
}

/**
 * Books a cause from before the count. Retail goods are taken out because they were dispatched, and
 * what came back lay on the shelf again; so does, for safety, what was put back for no posting.
 */
function book(order: OrderBooks, { kind, postingId }: MasterCause, units: number): void {
  const names = postingId !== undefined && postingId !== null;
  if (kind === 'order') {
    if (names) booksOf(order, postingId).deducted += units;
  } else if (kind === 'reversal' && names) booksOf(order, postingId).putBack -= units;
  else order.cameBack -= units;
}

function leave(order: OrderBooks, { postingId, shipmentId, units }: Dispatch): void {
  const posting = booksOf(order, postingId);
  if (shipmentId === undefined) posting.told += units;
  else posting.recorded += units;
}

function booksOf({ postings }: OrderBooks, postingId: string): PostingBooks {
  const held = postings.get(postingId) ?? { deducted: 0, putBack: 0, told: 0, recorded: 0 };
  postings.set(postingId, held);
  return held;
}

/** Units of an order that lay elsewhere when people counted. */
function leftOf({ postings, cameBack }: OrderBooks): number {
  let left = -cameBack;
  for (const posting of postings.values()) left += leftWith(posting);
  return Math.max(0, left);
}

/**
 * What had left with one posting. Shipments add up; the POS, which may hold one fulfilment an order,
 * tells of all that has left of the posting, also of what was recorded before. Both are about the same
 * goods, so the greater one is meant, and never the sum. What was put back had not left, as far as the
 * rest of what was deducted allows; beyond that the POS told of goods that it had put back, since it does
 * not change the lines of a paid order, or they came back.
 */
function leftWith({ deducted, putBack, told, recorded }: PostingBooks): number {
  const left = Math.max(told, recorded);
  return left - Math.max(0, putBack - Math.max(0, deducted - left));
}

/** When a cause took effect: a change dated before a count does not move the counted figure. */
export function happenedAt({ at, happenedAt: dated }: MasterCause): string {
  return dated ?? at;
}

/**
 * Where one order stands on one shelf. Before the first count, more put back than taken out only
 * means that the taking out is not known yet. After one it means goods that are on the figure twice:
 * they are kept from the channels until the figure is corrected. `takenBack` units nobody has to put
 * back any more: the till has booked their return.
 */
export function standingOf(
  owedUnits: number,
  { containedUnits, leftUnits, counted }: Containment,
  takenBack = 0,
): PromiseStanding {
  const excess = Math.max(0, containedUnits - owedUnits);
  const again = counted ? Math.min(leftUnits, containedUnits - leftUnits, excess) : 0;
  const deductedTwiceUnits = Math.max(0, again);
  return {
    committedUnits: Math.max(
      0,
      owedUnits - (counted ? containedUnits : Math.max(0, containedUnits)),
    ),
    restockPendingUnits: Math.max(0, excess - deductedTwiceUnits - takenBack),
    deductedTwiceUnits,
    putBackTwiceUnits: counted ? Math.max(0, -containedUnits) : 0,
  };
}

function causesInFigure({ causes, countedAt }: ShelfEvidence): MasterCause[] {
  const byId = new Map<string, MasterCause>();
  for (const cause of causes) if (cause.at <= countedAt) byId.set(cause.causeId, cause);
  return [...byId.values()];
}

function lastPhysicalCount(causes: readonly MasterCause[]): string | undefined {
  return causes
    .filter(({ kind }) => kind === 'physical-count')
    .map(happenedAt)
    .reduce<string | undefined>(
      (last, at) => (last === undefined || at > last ? at : last),
      undefined,
    );
}
