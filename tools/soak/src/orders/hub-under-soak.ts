import {
  cartStandings,
  decideDispatch,
  decideDispatchCancel,
  decideOrder,
  emptyOrder,
  type OrderDecision,
  type OrderFact,
  type OrderRecord,
} from '@tillbridge/domain';
import { kindsOf } from '../faults/by-kind.js';
import { AskedActs } from './judging/judge-asked.js';
import { judgeFirstPosting } from './judging/judge-retelling.js';
import { KnownOrder } from './judging/known-order.js';
import {
  actIdOf,
  type CommandMessage,
  type HubMessage,
  type OrderMessage,
  type ToldMessage,
  type WarehouseMessage,
} from './order-message.js';
import type { TradeMerchant } from './world/trade-merchant.js';

/** What the service sends when a batch is committed. */
export interface Sent {
  readonly commands: readonly CommandMessage[];
  readonly told: readonly ToldMessage[];
  /** What of the warehouse's words was taken as said. */
  readonly shipped: readonly OrderFact[];
}

/** The orders service as it runs: records are saved with what is to be sent, or not at all. */
export class HubUnderSoak {
  readonly records = new Map<string, OrderRecord>();
  /** The facts that were taken in, each once. */
  readonly facts = new Map<string, OrderMessage>();
  private readonly known = new Map<string, KnownOrder>();
  private readonly asked: AskedActs;

  constructor(private readonly merchant: TradeMerchant) {
    this.asked = new AskedActs(merchant);
  }

  /** @throws Violation */
  take(messages: readonly HubMessage[]): Sent {
    const sent = { commands: [] as CommandMessage[], told: [] as ToldMessage[] };
    const shipped: OrderFact[] = [];
    for (const group of groupsOf(messages)) {
      const facts = group.flatMap((message) => {
        if (message.kind !== 'warehouse') return [message];
        const heard = this.hearWarehouse(message);
        shipped.push(...heard.map(({ fact }) => fact));
        return heard;
      });
      for (const decision of this.commit(facts)) {
        const { orderId } = decision.record;
        for (const command of decision.commands) {
          const id = actIdOf(orderId, command);
          sent.commands.push({ id, kind: command.kind, orderId, command });
        }
        if (decision.told !== undefined) {
          sent.told.push({ kind: 'told', orderId, told: decision.told });
        }
      }
    }
    return { ...sent, shipped };
  }

  /** The process dies while it works on these: nothing of that was saved. */
  dieWithin(messages: readonly HubMessage[]): void {
    for (const group of groupsOf(messages)) {
      this.decide(
        group.flatMap((message) =>
          message.kind === 'warehouse' ? this.hearWarehouse(message) : [message],
        ),
      );
    }
  }

  /** What the warehouse says becomes a fact when the order has so much there. */
  private hearWarehouse({ id, orderId, said }: WarehouseMessage): OrderMessage[] {
    const record = this.recordOf(orderId);
    const decision =
      said.kind === 'sent'
        ? decideDispatch(record, said.dispatch, this.merchant.policy)
        : decideDispatchCancel(record, said.cancelled);
    if (decision.kind !== 'taken') return [];
    const { fact } = decision;
    return [{ id, kind: fact.kind, orderId, fact }];
  }

  recordOf(orderId: string): OrderRecord {
    return this.records.get(orderId) ?? emptyOrder(orderId);
  }

  knownOf(orderId: string): KnownOrder {
    const known = this.known.get(orderId) ?? new KnownOrder();
    this.known.set(orderId, known);
    return known;
  }

  private commit(group: readonly OrderMessage[]): OrderDecision[] {
    for (const message of group) {
      this.facts.set(message.id, message);
      this.knownOf(message.orderId).hear(message.fact);
    }
    return this.decide(group).map(({ before, decision }) => {
      const { orderId } = decision.record;
      const own = group.filter((message) => message.orderId === orderId);
      const known = this.knownOf(orderId);
      this.asked.judge(before, decision, own, known);
      if (before.acts.postings.length === 0 && decision.record.acts.postings.length > 0) {
        judgeFirstPosting(decision, known, [...this.facts.values()], this.merchant.policy);
      }
      this.records.set(orderId, decision.record);
      return decision;
    });
  }

  private decide(
    group: readonly OrderMessage[],
  ): { readonly before: OrderRecord; readonly decision: OrderDecision }[] {
    const facts = new Map<string, OrderFact[]>();
    for (const { orderId, fact } of group) {
      facts.set(orderId, [...(facts.get(orderId) ?? []), fact]);
    }
    if (group[0]?.kind === 'observed') this.addStandings(facts);
    return [...facts].map(([orderId, own]) => {
      const before = this.recordOf(orderId);
      return { before, decision: decideOrder(before, own, this.merchant.policy) };
    });
  }

  /** Every order of a cart is told whether another one stands before it, where that is news. */
  private addStandings(facts: Map<string, OrderFact[]>): void {
    const carts = new Map<string, string[]>();
    for (const [orderId, known] of this.known) {
      const { cartId } = known;
      if (cartId !== undefined) carts.set(cartId, [...(carts.get(cartId) ?? []), orderId]);
    }
    for (const orderIds of carts.values()) {
      if (!orderIds.some((orderId) => facts.has(orderId))) continue;
      const standings = cartStandings(
        orderIds.map((orderId) => ({
          record: this.recordOf(orderId),
          facts: facts.get(orderId) ?? [],
        })),
      );
      for (const [orderId, blockedBy] of standings) {
        if (this.recordOf(orderId).facts.blockedBy === blockedBy) continue;
        facts.set(orderId, [...(facts.get(orderId) ?? []), { kind: 'cart-standing', blockedBy }]);
      }
    }
  }
}

/** A kind at a time; what the warehouse says is decided one by one. */
function groupsOf(messages: readonly HubMessage[]): HubMessage[][] {
  return [...kindsOf(messages).values()].flatMap((group) =>
    group[0]?.kind === 'warehouse' ? group.map((message) => [message]) : [group],
  );
}
