import type { SetStockBatch, StockEffects, StockFact } from '@tillbridge/domain';
import { Dice } from '../chance/dice.js';
import type { HistoryOutcome } from '../run/tally.js';
import { Connector } from './faults/connector.js';
import { Wire } from '../faults/wire.js';
import { HubUnderSoak } from './hub-under-soak.js';
import { excessUnits, expectJustified } from './judging/judge-calls.js';
import { judgeRest } from './judging/judge-rest.js';
import { judgeRetelling } from './judging/judge-retelling.js';
import { Violation } from '../run/violation.js';
import { drawAct } from './world/draw-act.js';
import { Course } from './world/course.js';
import { SoakMerchant } from './world/soak-merchant.js';
import { answerAdjustment } from './world/store-acts.js';
import { World } from './world/world.js';

interface SentBatch {
  readonly batch: SetStockBatch;
  readonly excess: readonly number[];
  readonly dueMs: number;
}

/** After so many rounds of an undisturbed world everything has to be told. */
const LONGEST_SETTLING = 24;

/** Plays one history to its end and judges it; the same numbers give the same history. */
export function playSchedule(seed: number, schedule: number): HistoryOutcome {
  const play = new Play(new Dice(seed, schedule));
  let violation: HistoryOutcome['violation'];
  try {
    play.run();
  } catch (error) {
    const rule = error instanceof Violation ? error.rule : 'threw';
    violation = { rule, said: error instanceof Error ? error.message : String(error) };
  }
  const { oversoldUnits, racedUnits, course } = play.world;
  const { happened } = course;
  const figures = { oversoldUnits, racedUnits };
  return { facts: play.hub.facts.size, happened, figures, violation };
}

class Play {
  readonly world: World;
  readonly hub: HubUnderSoak;
  private readonly course: Course;
  private readonly wire: Wire<StockFact>;
  private readonly connector: Connector;
  private sentBatches: SentBatch[] = [];
  /** The first wrong figure that went out: the history goes on, to see what it costs. */
  private wrongCall: Violation | undefined;

  constructor(private readonly dice: Dice) {
    this.course = new Course(dice, dice.chance(0.15));
    const merchant = SoakMerchant.draw(dice);
    this.world = new World(merchant, this.course);
    this.hub = new HubUnderSoak(merchant);
    this.wire = new Wire<StockFact>(this.course);
    this.connector = new Connector(this.world, this.wire);
  }

  /** @throws Violation */
  run(): void {
    if (this.course.coarseClock) this.course.note('clock-in-seconds');
    const { merchant } = this.world;
    if (merchant.locationIds.some((id) => merchant.setsAside(id)))
      this.course.note('goods-set-aside');
    this.openStores();
    const acts = this.dice.between(9, 16);
    for (let act = 0; act < acts; act += 1) {
      this.course.goOn(20, 4_000);
      this.connector.notice(drawAct(this.world));
      this.haveVendorsWork();
      this.connector.followNudges();
      this.deliver(false);
      this.haveHubWork();
    }
    if (this.wrongCall !== undefined) throw this.wrongCall;
    this.settle();
    judgeRest(this.hub, this.world);
    this.expectSilence();
    judgeRetelling(this.hub, this.dice, this.course.nowMs);
  }

  private openStores(): void {
    const [first, ...shelves] = this.world.masters.shelves;
    this.course.goOn(100, 1_000);
    if (first !== undefined && this.dice.chance(0.2)) this.course.note('first-count-late');
    else shelves.unshift(...(first === undefined ? [] : [first]));
    for (const shelf of [...shelves, ...this.world.channelShelves]) this.wire.send(shelf.read());
    this.deliver(this.dice.chance(0.8));
  }

  /** Stores answer what they were asked, channels take the figures that have arrived. */
  private haveVendorsWork(): void {
    if (this.world.asked.length > 0 && this.dice.chance(0.5)) {
      const { changed, answer } = answerAdjustment(this.world);
      this.connector.notice(changed);
      if (answer !== undefined) this.wire.send(answer);
    }
    this.runBatches(false);
  }

  private haveHubWork(): void {
    if (this.dice.chance(0.3)) {
      this.connector.pollOrders(this.dice.pick(this.world.merchant.channels).ordersConnectionId);
    }
    if (this.dice.chance(0.12)) this.connector.sweepShelves();
    if (this.dice.chance(0.04)) this.changeMerchant();
    if (this.dice.chance(0.5)) this.publish();
  }

  /** The merchant's file changes, and both the world and the hub go by the new one. */
  private changeMerchant(): void {
    const merchant = this.drawMerchant();
    if (merchant === null) return;
    this.world.merchant = merchant;
    this.hear(this.hub.configure(merchant, this.course.nowMs));
  }

  private drawMerchant(): SoakMerchant | null {
    const { merchant } = this.world;
    const kind = this.dice.pick([
      'buffers-changed',
      'products-changed',
      'locations-changed',
    ] as const);
    const changed = {
      'buffers-changed': () => merchant.withOtherBuffers(this.dice),
      // A line that waits for a first count is not made of anything yet.
      'products-changed': () =>
        this.hub.book.shelves.length === this.world.masters.shelves.length
          ? merchant.withOtherProducts(this.dice)
          : null,
      'locations-changed': () => merchant.withOtherFeeders(this.dice),
    }[kind]();
    if (changed !== null) this.course.note(kind);
    return changed;
  }

  private deliver(all: boolean): void {
    for (const facts of this.wire.arrived(all)) {
      if (this.dice.chance(0.006)) {
        this.course.note('crashed-before-commit');
        this.hub.dieWithin(facts, this.course.nowMs);
      }
      this.take(facts);
      if (this.dice.chance(0.006)) {
        this.course.note('crashed-before-ack');
        this.hub.startAgain();
        this.take(facts);
      }
    }
  }

  private take(facts: readonly StockFact[]): void {
    this.course.goOn(1, 3);
    this.hear(this.hub.take(facts, this.course.nowMs));
  }

  /** What the hub decided reaches the others. */
  private hear({ allocated, adjustments }: StockEffects): void {
    for (const allocation of allocated) this.world.hearAllocation(allocation);
    for (const adjustment of adjustments) this.world.hearAdjustment(adjustment);
  }

  private publish(): number {
    const batches = this.hub.publish(() => this.course.newId('b'));
    for (const batch of batches) {
      const excess = batch.items.map((item) => this.excessOf(item));
      const dueMs = this.course.nowMs + this.dice.between(0, 3_000);
      this.sentBatches.push({ batch, excess, dueMs });
    }
    return batches.length;
  }

  private excessOf(item: SetStockBatch['items'][number]): number {
    const shelf = this.world.channelShelf(item.channelLocationId, item.sku);
    if (shelf === undefined) return 0;
    const excess = excessUnits(this.hub, item, shelf);
    try {
      expectJustified(item, excess);
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      this.wrongCall ??= error;
    }
    return excess.above + excess.unseen;
  }

  private runBatches(all: boolean): void {
    const { nowMs } = this.course;
    const due = this.sentBatches.filter(({ dueMs }) => all || dueMs <= nowMs);
    if (due.length === 0) return;
    this.sentBatches = this.sentBatches.filter((each) => !due.includes(each));
    for (const { batch, excess } of due) {
      const { batchId, connectionId, items } = batch;
      const { compares } = this.world.merchant.channelOf(connectionId);
      const results = items.flatMap((item, at) => {
        const shelf = this.world.channelShelf(item.channelLocationId, item.sku);
        const refuse = !all && this.dice.chance(0.02);
        const result = shelf?.set(item, { excess: excess[at] ?? 0, refuse, compares });
        if (result?.outcome === 'stale') this.course.note('set-stale');
        if (result?.outcome === 'refused') this.course.note('set-refused');
        return result === undefined ? [] : [result];
      });
      const data = { batchId, connectionId, results };
      this.wire.send({ id: this.course.newId('m'), kind: 'stock-set', data });
    }
  }

  /** Nothing happens any more, and everything is found. */
  private settle(): void {
    for (let round = 0; round < LONGEST_SETTLING; round += 1) {
      this.course.goOn(1_000, 2_000);
      this.runBatches(true);
      this.answerAll();
      const moved = this.connector.sweepShelves();
      this.deliver(true);
      this.course.goOn(1_000, 2_000);
      const found = this.pollAll();
      this.deliver(true);
      if (this.publish() + moved + found + this.world.asked.length === 0) return;
    }
    throw new Violation('flapping', 'the channels are still told new figures');
  }

  private answerAll(): void {
    while (this.world.asked.length > 0) {
      const { answer } = answerAdjustment(this.world);
      if (answer !== undefined) this.wire.send(answer);
    }
  }

  /** Returns how many orders and drafts had changed. */
  private pollAll(): number {
    const platforms = new Set(this.world.merchant.channels.map((each) => each.ordersConnectionId));
    return [...platforms].reduce((found, id) => found + this.connector.pollOrders(id), 0);
  }

  /** From rest, what is only looked at once more leads to no call and to no event. */
  private expectSilence(): void {
    this.course.goOn(1_000, 60_000);
    for (const shelf of this.world.masters.shelves) shelf.look();
    this.connector.sweepShelves();
    this.pollAll();
    for (const facts of this.wire.arrived(true)) {
      const { availability, allocated, adjustments } = this.hub.take(facts, this.course.nowMs);
      const said = availability.length + allocated.length + adjustments.length;
      if (said > 0) throw new Violation('flapping', 'the hub has news although nothing is new');
    }
    const calls = this.publish();
    if (calls > 0) throw new Violation('flapping', 'a quiet channel is called');
  }
}
