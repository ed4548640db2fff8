import type { OrderDecision, OrderRecord } from '@tillbridge/domain';
import { expectSame, Violation } from '../../run/violation.js';
import { actIdOf, type OrderMessage } from '../order-message.js';
import type { TradeMerchant } from '../world/trade-merchant.js';
import type { PostOrder } from '../world/till.js';
import type { KnownOrder } from './known-order.js';

/** What one life has asked of vendors so far: each act once, and never otherwise. */
export class AskedActs {
  private readonly bodies = new Map<string, string>();

  constructor(private readonly merchant: TradeMerchant) {}

  /** @throws Violation when a decision asks for what it may not. */
  judge(
    before: OrderRecord,
    { record, commands }: OrderDecision,
    messages: readonly OrderMessage[],
    known: KnownOrder,
  ): void {
    const clockAlone = messages.length > 0 && messages.every(({ kind }) => kind === 'clock');
    if (clockAlone && before.state !== null) {
      expectSame('the clock moves nothing', record.orderId, record.state, before.state);
    }
    for (const command of commands) {
      const id = actIdOf(record.orderId, command);
      const body = JSON.stringify(command);
      if (this.bodies.has(id)) throw new Violation('asked once', `${id} is asked again`);
      this.bodies.set(id, body);
    }
    const posts = commands.filter((command) => command.kind === 'post-order');
    if (posts.length === 0) return;
    this.judgePosts(posts, record, known);
    if (before.acts.postings.length === 0) this.judgeWhole(posts, record.orderId, known);
  }

  /** The first postings of an order are all of it, as it was known then. */
  private judgeWhole(
    posts: readonly PostOrder[],
    orderId: string,
    { order, shortDecision }: KnownOrder,
  ): void {
    const wanted = new Map<string, number>();
    for (const { sku, orderedQuantity, cancelledQuantity } of order?.lines ?? []) {
      if (sku === null || sku === undefined) continue;
      for (const part of this.merchant.partsOf(sku)) {
        const units = part.units * (orderedQuantity - cancelledQuantity);
        wanted.set(part.sku, (wanted.get(part.sku) ?? 0) + units);
      }
    }
    for (const { sku, units } of posts.flatMap(({ lines }) => lines)) {
      if (sku !== null) wanted.set(sku, (wanted.get(sku) ?? 0) - units);
    }
    // What is not on hand may wait by the merchant's rule, or by somebody's word.
    const choice = shortDecision?.choice ?? this.merchant.policy.shortStock;
    const waits = choice === 'post-available';
    for (const [sku, missing] of wanted) {
      if (waits && missing > 0) continue;
      expectSame('units as ordered', `missing of ${sku} in the posting of ${orderId}`, missing, 0);
    }
    const total = posts.reduce((sum, { totalMinor }) => sum + totalMinor, 0);
    if (waits) return;
    expectSame('cents as charged', `posting of ${orderId}`, total, order?.totalMinor);
  }

  private judgePosts(
    posts: readonly PostOrder[],
    { orderId, facts }: OrderRecord,
    { order, poNumber, current }: KnownOrder,
  ): void {
    if (order === undefined || current === undefined || order.status === 'cancelled') {
      throw new Violation('only an order is posted', `${orderId} is posted without a live order`);
    }
    if (facts.blockedBy !== null) {
      throw new Violation('one order a cart', `${orderId} is posted beside ${facts.blockedBy}`);
    }
    for (const { postingId, tender, ...post } of posts) {
      expectSame('currency', postingId, order.currency, this.merchant.policy.currency);
      const right = this.merchant.tenderOf(order.paymentMethod);
      if (right !== undefined) expectSame('tender', postingId, tender.name, right);
      expectSame('PO number', postingId, post.poNumber, poNumber);
      const lines = post.lines.reduce((sum, line) => sum + line.units * line.unitPriceMinor, 0);
      expectSame('cents', postingId, post.totalMinor, lines - post.discountMinor);
    }
  }
}
