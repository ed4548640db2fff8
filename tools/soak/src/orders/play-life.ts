import type { OrderFact } from '@tillbridge/domain';
import { Dice } from '../chance/dice.js';
import { Wire } from '../faults/wire.js';
import type { HistoryOutcome } from '../run/tally.js';
import { Violation } from '../run/violation.js';
import { Courier } from './faults/courier.js';
import { Reader } from './faults/reader.js';
import { HubUnderSoak, type Sent } from './hub-under-soak.js';
import { RestJudge } from './judging/judge-rest.js';
import { judgeRetelling } from './judging/judge-retelling.js';
import type { CommandMessage, HubMessage, ToldMessage } from './order-message.js';
import { LifeCourse } from './world/life-course.js';
import { placeOrder } from './world/place-order.js';
import { returnGoods } from './world/refund-acts.js';
import { SHOP_ACTS } from './world/shop-acts.js';
import { STORE_ACTS } from './world/store-acts.js';
import { TradeMerchant } from './world/trade-merchant.js';
import { TradeWorld } from './world/trade-world.js';

/** After so many rounds of an undisturbed world everything has to be said. */
const LONGEST_SETTLING = 40;

/** Plays the life of an order to its end and judges it; the same numbers give the same life. */
export function playLife(seed: number, schedule: number): HistoryOutcome {
  const life = new Life(new Dice(seed, schedule));
  let violation: HistoryOutcome['violation'];
  try {
    life.run();
  } catch (error) {
    const rule = error instanceof Violation ? error.rule : 'threw';
    violation = { rule, said: error instanceof Error ? error.message : String(error) };
  }
  const { happened } = life.course;
  return { facts: life.hub.facts.size, happened, figures: life.judge.count(), violation };
}

class Life {
  readonly course: LifeCourse;
  readonly hub: HubUnderSoak;
  readonly judge: RestJudge;
  private readonly world: TradeWorld;
  private readonly facts: Wire<HubMessage>;
  private readonly commands: Wire<CommandMessage>;
  private readonly told: Wire<ToldMessage>;
  private readonly courier: Courier;
  private readonly reader: Reader;

  constructor(private readonly dice: Dice) {
    this.course = new LifeCourse(dice);
    this.world = new TradeWorld(new TradeMerchant(dice), this.course);
    this.hub = new HubUnderSoak(this.world.merchant);
    this.facts = new Wire(this.course);
    this.commands = new Wire(this.course);
    this.told = new Wire(this.course);
    this.courier = new Courier(this.world);
    this.reader = new Reader(this.world, this.facts);
    this.judge = new RestJudge(this.hub, this.world, this.courier);
  }

  /** @throws Violation */
  run(): void {
    this.reader.notice([placeOrder(this.world)]);
    this.seePurchase();
    const acts = this.dice.between(26, 46);
    // Most edits come early, and some orders are hardly touched.
    const early = this.dice.chance(0.4) ? 0.35 : 0.65;
    for (let act = 0; act < acts; act += 1) {
      this.course.goOn(20, 6_000);
      this.haveSomethingHappen(act < acts / 2 ? early : early / 3);
      this.haveOthersWork(false);
      this.deliver(false);
    }
    this.settle();
    this.judge.judge();
    judgeRetelling(this.hub, this.dice, this.world.merchant.policy);
  }

  /** In the shop with this chance, else in the stores. */
  private haveSomethingHappen(inShop: number): void {
    const { dice } = this;
    const act = dice.chance(inShop) ? () => this.actInShop() : () => this.actInStores();
    for (let tries = 0; tries < 4 && !act(); tries += 1);
    if (dice.chance(0.5)) this.bringBack();
    if (dice.chance(0.06)) this.lookAtClock();
    if (dice.chance(0.06)) this.seePurchase();
  }

  /** Returns false when it was not the time for it. */
  private actInShop(): boolean {
    const order = this.dice.pick(this.world.orders);
    const { current } = order;
    if (current === undefined) return false;
    const changed = pickWeighted(this.dice, SHOP_ACTS).act(this.world, order, current);
    this.reader.notice(changed);
    return changed.length > 0;
  }

  private actInStores(): boolean {
    const changed = pickWeighted(this.dice, STORE_ACTS).act(this.world);
    this.reader.notice(changed.tillOrders ?? []);
    this.send(changed.messages ?? []);
    return Object.keys(changed).length > 0;
  }

  /** Buyers bring back, when they have it, what they have no use for. */
  private bringBack(): void {
    const order = this.dice.pick(this.world.orders);
    if (order.order === undefined || order.shipmentsDoubted) return;
    this.reader.notice(returnGoods(this.world, order.order));
  }

  private haveOthersWork(calm: boolean): void {
    this.courier.calm = calm;
    const { answers, changed } = this.courier.work();
    this.send(answers);
    this.reader.notice(changed);
    this.reader.followNudges();
    if (calm || this.dice.chance(0.12)) this.reader.poll();
  }

  private deliver(all: boolean): void {
    for (const batch of this.facts.arrived(all)) this.take(batch);
    for (const batch of this.commands.arrived(all)) this.courier.take(batch);
    for (const batch of this.told.arrived(all)) {
      for (const message of batch) this.send(this.world.office.hear(message));
    }
  }

  private take(batch: readonly HubMessage[]): void {
    if (this.dice.chance(0.01)) {
      this.course.note('crashed-before-commit');
      this.hub.dieWithin(batch);
    }
    const sent = this.hub.take(batch);
    this.hear(batch);
    this.emit(sent);
    if (this.dice.chance(0.01)) {
      this.course.note('outbox-sent-twice');
      this.emit(sent);
    }
    if (this.dice.chance(0.01)) {
      this.course.note('crashed-before-ack');
      this.emit(this.hub.take(batch));
    }
  }

  /** Inventory hears of orders what the orders service hears, sooner or later than that. */
  private hear(batch: readonly HubMessage[]): void {
    for (const message of batch) {
      if (message.kind === 'warehouse' || message.fact.kind !== 'observed') continue;
      this.send(this.world.stockroom.hear(message.orderId, message.fact.observed));
    }
  }

  private emit({ commands, told, shipped }: Sent): void {
    for (const fact of shipped) this.leave(fact);
    for (const command of commands) this.commands.send(command);
    for (const message of told) this.told.send(message);
  }

  private send(messages: readonly HubMessage[]): void {
    for (const message of messages) this.facts.send(message);
  }

  /** What the hub has taken as sent is on its way; what was called off is there again. */
  private leave(fact: OrderFact): void {
    if (fact.kind === 'shipment-cancelled') {
      const { dispatchId } = fact.cancelled;
      for (const order of this.world.till.orders.values()) order.bringBack(dispatchId);
    }
    if (fact.kind !== 'shipment-recorded') return;
    const { dispatchId, shares } = fact.shipment;
    for (const { postingId, units } of shares) {
      this.world.till.orders.get(postingId)?.ship(dispatchId, units);
    }
  }

  private lookAtClock(): void {
    this.course.note('clock');
    const { orderId } = this.dice.pick(this.world.orders);
    const fact = { kind: 'clock', nowMs: this.course.nowMs + 3_600_000 } as const;
    this.send([{ id: this.course.newId('m'), kind: fact.kind, orderId, fact }]);
  }

  /** The trade shop's own page of what was bought: it alone may know the PO number. */
  private seePurchase(): void {
    if (!this.dice.chance(0.3)) return;
    this.course.note('purchase-seen');
    const { orderId } = this.dice.pick(this.world.orders);
    const id = this.course.newId('m');
    const purchase = { revision: this.course.nowMs, poNumber: `PO-of-${id}` };
    this.send([{ id, kind: 'purchase', orderId, fact: { kind: 'purchase', purchase } }]);
  }

  /** Nothing happens any more, everything is found and every call is answered. */
  private settle(): void {
    for (let round = 0; round < LONGEST_SETTLING; round += 1) {
      this.course.goOn(1_000, 60_000);
      this.haveOthersWork(true);
      this.deliver(true);
      const { facts, commands, told, courier, reader } = this;
      if (facts.empty && commands.empty && told.empty && courier.idle && reader.quiet) return;
    }
    throw new Violation('comes to rest', 'there is still something to say');
  }
}

function pickWeighted<T extends { readonly weight: number }>(dice: Dice, from: readonly T[]): T {
  let left = dice.next() * from.reduce((sum, { weight }) => sum + weight, 0);
  const found = from.find(({ weight }) => (left -= weight) < 0);
  return found ?? (from.at(-1) as T);
}
