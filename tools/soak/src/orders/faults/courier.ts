import type { CommandMessage, OrderMessage } from '../order-message.js';
import { completeDraft } from '../world/place-order.js';
import type { ShopDocument } from '../world/shop-document.js';
import type { PostOrder, ReverseOrder, TillOrder } from '../world/till.js';
import type { TradeWorld } from '../world/trade-world.js';

/** An act that was asked for, as the connector keeps it: once, however often it is asked. */
interface Intent {
  readonly message: CommandMessage;
  state: 'open' | 'done';
  dueMs: number;
}

/** What came of a try: an answer, or silence that leaves it open whether it was done. */
type Outcome = OrderMessage['fact'] | 'again' | 'nothing-to-say';

type Command<K extends CommandMessage['kind']> = Extract<CommandMessage['command'], { kind: K }>;

/** What an act changed at a vendor, beside its answer. */
interface Done {
  readonly answers: readonly OrderMessage[];
  readonly changed: readonly (ShopDocument | TillOrder)[];
}

/** Carries acts to the vendors: calls get lost on the way there or on the way back, and are made again. */
export class Courier {
  private readonly intents = new Map<string, Intent>();
  private changed: (ShopDocument | TillOrder)[] = [];
  /** Nothing goes wrong any more. */
  calm = false;
  readonly refusedReversals = new Set<string>();
  readonly refusedReturns = new Set<string>();
  readonly refusedReports = new Set<string>();
  /** Postings of which nothing could be taken back, because all had been handed over. */
  private readonly lateReversals = new Set<string>();

  constructor(private readonly world: TradeWorld) {}

  get idle(): boolean {
    return [...this.intents.values()].every(({ state }) => state !== 'open');
  }

  take(messages: readonly CommandMessage[]): void {
    for (const message of messages) {
      if (this.intents.has(message.id)) continue;
      this.intents.set(message.id, { message, state: 'open', dueMs: this.world.course.nowMs });
    }
  }

  work(): Done {
    this.changed = [];
    const { course, dice } = this.world;
    const answers: OrderMessage[] = [];
    for (const intent of this.intents.values()) {
      if (intent.state !== 'open' || (!this.calm && intent.dueMs > course.nowMs)) continue;
      const outcome = this.attempt(intent);
      if (outcome === 'again') intent.dueMs = course.nowMs + dice.between(100, 6_000);
      else {
        intent.state = 'done';
        if (outcome !== 'nothing-to-say') answers.push(this.answer(intent, outcome));
      }
    }
    return { answers, changed: this.changed };
  }

  private answer(intent: Intent, fact: OrderMessage['fact']): OrderMessage {
    const { orderId } = intent.message;
    return { id: this.world.course.newId('m'), kind: fact.kind, orderId, fact };
  }

  private attempt({ message }: Intent): Outcome {
    const { command, orderId } = message;
    switch (command.kind) {
      case 'post-order':
        return this.post(orderId, command);
      case 'reverse-order':
        return command.returned ? this.takeReturn(command) : this.reverse(command);
      case 'create-fulfilment':
        return this.report(orderId, command);
      case 'cancel-fulfilment':
        return this.unreport(orderId, command);
      case 'update-tracking':
        return this.happens('call-lost', 0.1)
          ? 'again'
          : dispatchAct('tracking-told', command.trackingId, 'done');
      case 'complete-fulfilment':
        return this.finish(command);
      case 'complete-draft':
        return this.complete(orderId);
    }
  }

  private post(orderId: string, command: PostOrder): Outcome {
    const { till } = this.world;
    const { postingId } = command;
    if (this.happens('call-lost', 0.1) || (till.down && !this.calm)) return 'again';
    const known = till.orders.get(postingId);
    if (known === undefined && this.happens('pos-refused', 0.15)) {
      till.refused.set(postingId, { orderId, post: command });
      return { kind: 'refused', postingId, code: 'vendor-refused', reason: 'the item is archived' };
    }
    if (command.split !== undefined) this.world.course.note('split-in-parts');
    if (command.revision > 1 && known === undefined) {
      const beside = till.of(orderId).some((other) => other.live && other.hasLeft);
      this.world.course.note(beside ? 'posted-beside' : 'posted-anew');
    }
    const order = known ?? till.create(orderId, command);
    if (known === undefined) this.watchFor(orderId);
    if (!order.paid) {
      if (this.happens('crashed-between-steps', 0.14)) return 'again';
      order.paid = true;
      this.changed.push(order);
    }
    if (this.happens('answer-lost', 0.14)) return 'again';
    return { kind: 'posted', postingId, posOrderId: `pos of ${postingId}` };
  }

  /** Two live postings of the same goods are more than anybody ever wanted. */
  private watchFor(orderId: string): void {
    const { merchant, orders, till } = this.world;
    const order = orders.find((each) => each.orderId === orderId);
    if (order?.order === undefined) return;
    for (const [sku, units] of order.mostWanted(merchant)) {
      const held = till
        .of(orderId)
        .filter((each) => !each.voided && !each.everLeft && !till.refused.has(each.post.postingId))
        .reduce((sum, each) => sum + (each.units.get(sku) ?? 0), 0);
      if (held > units) order.doubled += 1;
    }
  }

  private reverse(command: ReverseOrder): Outcome {
    const { reversalId, postingId } = command;
    if (this.happens('call-lost', 0.1) || (this.world.till.down && !this.calm)) return 'again';
    const order = this.world.till.orders.get(postingId);
    if (order === undefined) return this.refuse(command, 'no such posting');
    if (!order.reversals.has(reversalId)) {
      if (command.whole && order.shipment === 'completed') {
        // What the warehouse called off after the POS was told of it has to be settled by people.
        if (order.leftByWarehouse) this.refusedReversals.add(postingId);
        this.lateReversals.add(postingId);
        return this.refuse(command, 'it left');
      }
      if (this.happens('reversal-refused', 0.25)) {
        this.refusedReversals.add(postingId);
        return this.refuse(command, 'the payment is too old');
      }
      const all = order.shipment === 'completed';
      if (all && !order.leftByWarehouse && command.changes.length > 0) {
        this.lateReversals.add(postingId);
        return this.refuse(command, 'the rest left too');
      }
      if (this.happens('version-conflict', 0.3)) return 'again';
      order.takeBack(command);
      if (command.whole && order.open) order.move('cancelled');
      this.changed.push(order);
    }
    if (this.happens('answer-lost', 0.14)) return 'again';
    return { kind: 'reversed', reversalId, outcome: 'done' };
  }

  /** Money and goods of what had left; the shipment stays as it was. */
  private takeReturn(command: ReverseOrder): Outcome {
    const { reversalId, postingId } = command;
    if (this.happens('call-lost', 0.1) || (this.world.till.down && !this.calm)) return 'again';
    const order = this.world.till.orders.get(postingId);
    if (order === undefined) return this.refuse(command, 'no such posting');
    if (!order.reversals.has(reversalId)) {
      if (this.happens('return-refused', 0.5)) {
        this.refusedReturns.add(postingId);
        return this.refuse(command, 'the payment is too old');
      }
      if (this.happens('version-conflict', 0.3)) return 'again';
      order.takeBack(command);
    }
    if (this.happens('answer-lost', 0.14)) return 'again';
    return { kind: 'reversed', reversalId, outcome: 'done' };
  }

  private refuse({ reversalId }: ReverseOrder, reason: string): Outcome {
    return { kind: 'reversed', reversalId, outcome: 'refused', reason };
  }

  private report(orderId: string, command: Command<'create-fulfilment'>): Outcome {
    const { dispatchId, lines } = command;
    const order = this.world.orders.find((each) => each.orderId === orderId);
    const document = order?.order;
    const refused = (reason: string): Outcome => {
      this.refusedReports.add(orderId);
      return { kind: 'fulfilment-refused', dispatchId, reason };
    };
    if (order === undefined || document === undefined) return refused('no such order');
    if (this.happens('call-lost', 0.1)) return 'again';
    if (!order.reports.has(dispatchId)) {
      if (this.happens('dispatch-refused', 0.22)) return refused('the shop is locked');
      const wanted = (lineId: string) =>
        lines.find((line) => line.lineId === lineId)?.quantity ?? 0;
      const fits = document.lines.every(
        (line) =>
          line.orderedQuantity - line.cancelledQuantity - line.fulfilledQuantity >=
          wanted(line.lineId),
      );
      if (!fits) return refused('there is less to send');
      order.reports.set(
        dispatchId,
        new Map(lines.map(({ lineId, quantity }) => [lineId, quantity])),
      );
      document.change({
        lines: document.lines.map((line) => ({
          ...line,
          fulfilledQuantity: line.fulfilledQuantity + wanted(line.lineId),
        })),
      });
      this.changed.push(document);
    }
    if (this.happens('answer-lost', 0.14)) return 'again';
    return { kind: 'fulfilment-created', dispatchId, fulfilmentId: `f of ${dispatchId}` };
  }

  /** The platform takes a report back; it has it no more when nothing of it is left to take back. */
  private unreport(orderId: string, command: Command<'cancel-fulfilment'>): Outcome {
    const { cancellationId, dispatchId } = command;
    if (this.happens('call-lost', 0.1)) return 'again';
    const order = this.world.orders.find((each) => each.orderId === orderId);
    const sent = order?.reports.get(dispatchId);
    const document = order?.order;
    if (order !== undefined && document !== undefined && sent !== undefined) {
      order.reports.delete(dispatchId);
      const cancelled = document.status === 'cancelled';
      const back = (lineId: string) => sent.get(lineId) ?? 0;
      document.change({
        lines: document.lines.map((line) => ({
          ...line,
          fulfilledQuantity: line.fulfilledQuantity - back(line.lineId),
          cancelledQuantity: line.cancelledQuantity + (cancelled ? back(line.lineId) : 0),
        })),
      });
      this.changed.push(document);
    }
    if (this.happens('answer-lost', 0.14)) return 'again';
    return dispatchAct('report-cancelled', cancellationId, 'done');
  }

  /** The POS is told that all of a posting has left. */
  private finish({ postingId, completionId }: Command<'complete-fulfilment'>): Outcome {
    if (this.happens('call-lost', 0.1) || (this.world.till.down && !this.calm)) return 'again';
    const order = this.world.till.orders.get(postingId);
    if (order === undefined || ['cancelled', 'failed'].includes(order.shipment)) {
      return dispatchAct('pos-completed', completionId, 'refused');
    }
    order.settle();
    if (this.lateReversals.has(postingId)) this.refusedReversals.add(postingId);
    if (order.shipment !== 'completed') {
      if (this.happens('version-conflict', 0.3)) return 'again';
      order.move('completed');
      this.changed.push(order);
    }
    if (this.happens('answer-lost', 0.14)) return 'again';
    return dispatchAct('pos-completed', completionId, 'done');
  }

  private complete(orderId: string): Outcome {
    const order = this.world.orders.find((each) => each.orderId === orderId);
    if (order === undefined) return 'nothing-to-say';
    if (this.happens('call-lost', 0.1)) return 'again';
    const made = completeDraft(this.world, order);
    if (made.length > 0) this.world.course.note('draft-completed-by-hub');
    this.changed.push(...made);
    return this.happens('answer-lost', 0.14) ? 'again' : 'nothing-to-say';
  }

  private happens(kind: Parameters<TradeWorld['course']['note']>[0], share: number): boolean {
    if (this.calm || !this.world.dice.chance(share)) return false;
    this.world.course.note(kind);
    return true;
  }
}

function dispatchAct(
  act: Extract<OrderMessage['fact'], { kind: 'dispatch-act' }>['act'],
  actId: string,
  outcome: 'done' | 'refused',
): Outcome {
  return { kind: 'dispatch-act', act, actId, result: { outcome } };
}
