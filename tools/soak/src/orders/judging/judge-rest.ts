import { expectSame, Violation } from '../../run/violation.js';
import type { Courier } from '../faults/courier.js';
import type { HubUnderSoak } from '../hub-under-soak.js';
import { leftOf } from '../world/shop-document.js';
import { baseUnits, type ShopOrder } from '../world/shop-order.js';
import type { TillOrder } from '../world/till.js';
import type { TradeWorld } from '../world/trade-world.js';

/** What is not as it should be at rest, counted; all else is a violation. */
export interface RestFigures {
  readonly duplicatePosts: number;
  readonly stuck: number;
}

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
      if (this.duplicatesOf(order) > 0) {
        throw new Violation('posted once', `${order.orderId} is in the POS twice`);
      }
      this.judgeUnits(order);
      this.judgeMoney(order);
      this.judgeReports(order);
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
    return order.order !== undefined && unfinished.includes(this.stateOf(order) ?? 'received');
  }

  private duplicatesOf(order: ShopOrder): number {
    const live = this.postingsOf(order).filter((posting) => posting.live);
    const places = live.map(({ post: { locationId, split } }) => `${locationId} ${split?.number}`);
    return live.length - new Set(places).size;
  }

  private judgeUnits(order: ShopOrder): void {
    if (!this.mustAgree(order)) return;
    const held = sumOf(this.postingsOf(order).map(({ units }) => units));
    const wanted = this.wantedUnits(order);
    const left = sumOf(this.postingsOf(order).map((posting) => posting.left));
    for (const sku of new Set([...held.keys(), ...wanted.keys()])) {
      const [due, gone] = [wanted.get(sku) ?? 0, left.get(sku) ?? 0];
      const units = held.get(sku) ?? 0;
      // Of two lines with one SKU the one that left may be the one that was taken off.
      const mixed = order.cut && gone > 0 && units > Math.max(due, gone) && units <= due + gone;
      if (mixed) continue;
      expectSame('units as ordered', `${order.orderId} ${sku}`, units, Math.max(due, gone));
    }
  }

  private judgeMoney(order: ShopOrder): void {
    if (!this.mustAgree(order)) return;
    const held = this.postingsOf(order).reduce((sum, { netMinor }) => sum + netMinor, 0);
    const wanted = order.order?.status === 'deleted' ? 0 : (order.order?.totalMinor() ?? 0);
    const left = this.postingsOf(order).some((posting) => posting.hasLeft);
    if (left && !order.wanted) return;
    // What was taken off an order of which a part had left is settled by people.
    if (left && order.cut) return;
    if (this.leftTooMuch(order)) {
      if (!this.codesOf(order).includes('cancelled-after-dispatch')) {
        throw new Violation('too late is said', `${order.orderId} left, and nobody says so`);
      }
      return;
    }
    expectSame('cents as charged', order.orderId, held, wanted);
  }

  /** Whether the POS has to hold what the platform wants; otherwise an exception has to say so. */
  private mustAgree(order: ShopOrder): boolean {
    const codes = this.codesOf(order);
    const postings = this.postingsOf(order);
    if (postings.length === 0) {
      if (order.wanted && order.order !== undefined) this.expectReason(order, codes);
      return false;
    }
    if (order.grownVersion > (this.hub.postedRevisions.get(order.orderId) ?? 0)) return false;
    if (codes.includes('edited-after-posting') || codes.includes('pos-refused')) return false;
    if (postings.some(({ post }) => this.courier.refusedReversals.has(post.postingId))) {
      if (codes.includes('reversal-refused')) return false;
    }
    return true;
  }

  /** What is not posted says why: held or short. */
  private expectReason(order: ShopOrder, codes: readonly string[]): void {
    const state = this.stateOf(order);
    if (state === 'short' || state === 'held') {
      const tender = this.world.merchant.tenderOf(order.order?.method ?? '');
      if (codes.length > 0 || tender === undefined) return;
    }
    throw new Violation('held for a reason', `${order.orderId} is ${state} for no reason`);
  }

  private wantedUnits(order: ShopOrder): Map<string, number> {
    if (order.order === undefined || order.order.status === 'deleted') return new Map();
    return baseUnits(order.order.lines, this.world.merchant);
  }

  private leftTooMuch(order: ShopOrder): boolean {
    const wanted = this.wantedUnits(order);
    const left = sumOf(this.postingsOf(order).map((posting) => posting.left));
    return [...left].some(([sku, units]) => units > (wanted.get(sku) ?? 0));
  }

  /** Every unit that left is shown to the buyer as sent, once. */
  private judgeReports(order: ShopOrder): void {
    const postings = this.postingsOf(order);
    const ghosts = postings.reduce((sum, { ghostUnits }) => sum + ghostUnits, 0);
    expectSame('what left is not put back', order.orderId, ghosts, 0);
    const document = order.order;
    if (document === undefined) return;
    const sent = baseUnits(document.lines, this.world.merchant, (line) => line.fulfilledQuantity);
    const left = sumOf(postings.map((posting) => posting.left));
    for (const [sku, units] of sent) {
      if (units <= (left.get(sku) ?? 0)) continue;
      throw new Violation('reported once', `${order.orderId} ${sku}: more is shown than left`);
    }
    const late = this.codesOf(order).includes('cancelled-after-dispatch');
    const untold = this.courier.refusedReports.has(order.orderId) || !order.wanted;
    if (untold || late || this.leftTooMuch(order)) return;
    for (const [sku, units] of left) {
      expectSame('dispatch is told', `${order.orderId} ${sku}`, sent.get(sku) ?? 0, units);
    }
    for (const line of document.lines) {
      if (line.fulfilledQuantity <= leftOf(line)) continue;
      throw new Violation('reported once', `${order.orderId} ${line.lineId} is sent twice`);
    }
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

function sumOf(all: readonly ReadonlyMap<string, number>[]): Map<string, number> {
  const sum = new Map<string, number>();
  for (const units of all) {
    for (const [sku, more] of units) sum.set(sku, (sum.get(sku) ?? 0) + more);
  }
  return sum;
}
