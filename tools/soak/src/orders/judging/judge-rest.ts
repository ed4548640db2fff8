import { expectSame, Violation } from '../../run/violation.js';
import type { Courier } from '../faults/courier.js';
import type { HubUnderSoak } from '../hub-under-soak.js';
import { baseUnits, type ShopOrder } from '../world/shop-order.js';
import { placeOf, type TillOrder } from '../world/till.js';
import type { TradeMerchant } from '../world/trade-merchant.js';
import type { TradeWorld } from '../world/trade-world.js';
import { judgeLateMoney } from './judge-late-money.js';
import { judgeReports } from './judge-reports.js';
import { judgeReturns } from './judge-returns.js';
import { sumOf } from './units.js';

/** What is not as it should be at rest, counted; all else is a violation. */
export interface RestFigures {
  readonly duplicatePosts: number;
  readonly stuck: number;
}

/** What keeps an order, or a change of it, from the POS. */
const HOLDS: ReadonlySet<string> = new Set([
  'total-mismatch',
  'price-negative',
  'currency-mismatch',
  'sku-unknown',
  'location-unmapped',
  'cart-id-twice',
  'pos-refused',
]);

/** Judges what everybody holds when nothing moves any more. */
export class RestJudge {
  constructor(
    private readonly hub: HubUnderSoak,
    private readonly world: TradeWorld,
    private readonly courier: Courier,
  ) {}

  count(): RestFigures {
    const { orders } = this.world;
    return {
      duplicatePosts: orders.reduce((sum, order) => sum + this.duplicatesOf(order), 0),
      stuck: orders.filter((order) => this.isStuck(order)).length,
    };
  }

  /** @throws Violation */
  judge(): void {
    for (const order of this.world.orders) {
      if (this.isStuck(order)) {
        throw new Violation('comes to an end', `${order.orderId} is ${this.stateOf(order)}`);
      }
      expectSame('posted once', order.orderId, this.duplicatesOf(order), 0);
      this.judgePosted(order);
      judgeReports(order, this.postingsOf(order), this.world.merchant, {
        codes: this.codesOf(order),
        refused: this.courier.refusedReports.has(order.orderId),
      });
      judgeReturns(order, this.postingsOf(order), this.world.merchant, {
        codes: this.codesOf(order),
        refused: this.courier.refusedReturns,
      });
    }
    this.judgeCarts();
  }

  private stateOf({ orderId }: ShopOrder): string | null {
    return this.hub.recordOf(orderId).state;
  }

  private codesOf({ orderId }: ShopOrder): string[] {
    return this.hub.recordOf(orderId).exceptions.map(({ code }) => code);
  }

  private postingsOf({ orderId }: ShopOrder): TillOrder[] {
    return this.world.till.of(orderId).filter(({ paid }) => paid);
  }

  /** A legal order that was accepted is posted, or says why not. */
  private isStuck(order: ShopOrder): boolean {
    const unfinished = ['received', 'accepted', 'promised', 'posting'];
    if (order.order === undefined || !unfinished.includes(this.stateOf(order) ?? 'received')) {
      return false;
    }
    return !this.codesOf(order).includes('reversal-refused');
  }

  /** Of one place and revision there is one, and never more at once than was ever wanted. */
  private duplicatesOf(order: ShopOrder): number {
    const live = this.postingsOf(order).filter((posting) => posting.live);
    const revisions = new Set(live.map((each) => `${placeOf(each)} ${each.post.revision}`));
    return live.length - revisions.size + order.doubled;
  }

  private judgePosted(order: ShopOrder): void {
    const postings = this.postingsOf(order).filter(({ live }) => live);
    const ghosts = postings.reduce((sum, { ghostUnits }) => sum + ghostUnits, 0);
    expectSame('what left is not put back', order.orderId, ghosts, 0);
    if (this.isKeptBack(order, postings)) return;
    const left = postings.some(({ hasLeft }) => hasLeft);
    const tooLate = this.codesOf(order).includes('cancelled-after-dispatch');
    if (this.leftTooMuch(order) && !tooLate) {
      throw new Violation('too late is said', `${order.orderId} left, and nobody says so`);
    }
    this.judgeUnits(order, postings, left && tooLate);
    const held = postings.reduce((sum, { netMinor }) => sum + netMinor, 0);
    // What returns gave back no reversal can pay once more, though the platform charges less since.
    const given = postings.reduce((sum, { returnedMinor }) => sum + returnedMinor, 0);
    const wanted = Math.max(given, this.wantedMinor(order));
    if (tooLate && (left || wanted !== held)) judgeLateMoney(order, postings, this.world.merchant);
    else expectSame('cents as charged', order.orderId, held, wanted);
    this.judgeWords(order, postings);
  }

  private judgeUnits(order: ShopOrder, postings: readonly TillOrder[], tooLate: boolean): void {
    const held = sumOf(postings.map(({ units }) => units));
    const wanted = this.wantedUnits(order);
    const left = sumOf(postings.map((posting) => posting.left));
    for (const sku of new Set([...held.keys(), ...wanted.keys()])) {
      const [due, gone] = [wanted.get(sku) ?? 0, left.get(sku) ?? 0];
      const units = held.get(sku) ?? 0;
      // Of two lines with one SKU the one that left may be the one that was taken off, and of a
      // pack or a kit that left in part all stays.
      const begun = begunUnits(order, sku, postings, this.world.merchant);
      const mixed = tooLate && units > Math.max(due, gone) && units <= due + Math.max(gone, begun);
      if (mixed) continue;
      expectSame('units as ordered', `${order.orderId} ${sku}`, units, Math.max(due, gone));
    }
  }

  /** What can still be told otherwise carries the PO number and the tender of now. */
  private judgeWords(order: ShopOrder, postings: readonly TillOrder[]): void {
    if (order.order === undefined) return;
    const { poNumber } = this.hub.knownOf(order.orderId);
    const tender = this.world.merchant.tenderOf(order.order.method);
    for (const { post, hasLeft } of postings) {
      if (hasLeft) continue;
      expectSame('PO number', post.postingId, post.poNumber, poNumber);
      if (tender !== undefined) expectSame('tender', post.postingId, post.tender.name, tender);
    }
  }

  /** Whether the POS need not hold what the platform wants: then something has to say why. */
  private isKeptBack(order: ShopOrder, postings: readonly TillOrder[]): boolean {
    const codes = this.codesOf(order);
    const refusals = this.postingsRefused(order);
    if (codes.includes('reversal-refused')) {
      if (refusals) return true;
      throw new Violation('refused for a reason', `${order.orderId}: nobody refused a reversal`);
    }
    if (order.order === undefined || !order.wanted) return false;
    const state = this.stateOf(order);
    const tender = this.world.merchant.tenderOf(order.order.method);
    if (tender === undefined || codes.some((code) => HOLDS.has(code))) return true;
    if (state === 'held') {
      if (codes.length > 0) return true;
      throw new Violation('held for a reason', `${order.orderId} is held for no reason`);
    }
    const short = (this.hub.recordOf(order.orderId).facts.allocation?.shortUnits ?? 0) > 0;
    if (state === 'short' || (state === 'part-dispatched' && this.waits(order, postings))) {
      if (short) return true;
      throw new Violation('held for a reason', `${order.orderId} is ${state} and nothing is short`);
    }
    // Goods that left and are wanted no more may be as many as those that wait.
    const mixed = codes.includes('cancelled-after-dispatch');
    return short && (mixed || this.isHeldShort(order) || this.waits(order, postings));
  }

  /** What is missing keeps all of the order back, by the merchant's rule or by somebody's word. */
  private isHeldShort({ orderId }: ShopOrder): boolean {
    const { shortDecision } = this.hub.knownOf(orderId);
    return (shortDecision?.choice ?? this.world.merchant.policy.shortStock) === 'hold';
  }

  private postingsRefused(order: ShopOrder): boolean {
    return this.world.till
      .of(order.orderId)
      .some(({ post }) => this.courier.refusedReversals.has(post.postingId));
  }

  /** True when units of the order are in no POS order. */
  private waits(order: ShopOrder, postings: readonly TillOrder[]): boolean {
    const held = sumOf(postings.map(({ units }) => units));
    return [...this.wantedUnits(order)].some(([sku, units]) => units > (held.get(sku) ?? 0));
  }

  private wantedUnits(order: ShopOrder): Map<string, number> {
    if (order.order === undefined || order.order.status === 'deleted') return new Map();
    return baseUnits(order.order.lines, this.world.merchant);
  }

  private wantedMinor({ order }: ShopOrder): number {
    return order === undefined || order.status === 'deleted' ? 0 : order.totalMinor();
  }

  private leftTooMuch(order: ShopOrder): boolean {
    const wanted = this.wantedUnits(order);
    const left = sumOf(this.postingsOf(order).map((posting) => posting.left));
    return [...left].some(([sku, units]) => units > (wanted.get(sku) ?? 0));
  }

  /** Of live orders with one cart id only one is in the POS. */
  private judgeCarts(): void {
    const carts = new Map<string, ShopOrder[]>();
    for (const order of this.world.orders) {
      carts.set(order.cartId, [...(carts.get(order.cartId) ?? []), order]);
    }
    for (const orders of carts.values()) {
      const posted = orders.filter(
        (order) => order.wanted && this.postingsOf(order).some(({ live }) => live),
      );
      if (posted.length <= 1 || posted.some(({ emptied }) => emptied)) continue;
      throw new Violation('one order a cart', posted.map(({ orderId }) => orderId).join());
    }
  }
}

/** The most units of a SKU in the packs and kits of which something has left, store by store. */
function begunUnits(
  { order }: ShopOrder,
  sku: string,
  postings: readonly TillOrder[],
  merchant: TradeMerchant,
): number {
  const sold = new Set((order?.lines ?? []).flatMap((line) => line.sku ?? []));
  const begun = [...sold].flatMap((each) => {
    const parts = merchant.partsOf(each);
    const own = parts.find((part) => part.sku === sku);
    if (own === undefined) return [];
    return postings.map(({ left }) => {
      const counts = parts.map((part) => Math.ceil((left.get(part.sku) ?? 0) / part.units));
      return own.units * Math.max(...counts);
    });
  });
  return begun.reduce((sum, units) => sum + units, 0);
}
