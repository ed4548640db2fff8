import { Injectable } from '@nestjs/common';
import {
  cartStandings,
  currentOf,
  decideOrder,
  type OrderRecord,
  type SourcedFact,
} from '@tillbridge/domain';
import type { Transaction } from '@tillbridge/postgres';
import type { DecidedOrder } from '../trace/order-history.js';
import { cartText, OrderBook, type CartKey } from './order-book.js';
import { toMessages } from './order-messages.js';
import { OrderPolicies } from './order-policies.js';

/** A fact, the order that it is about, and where it is from. */
export interface KnownFact extends SourcedFact {
  readonly orderId: string;
}

/** Brings facts to the orders they are about: lock, decide, write, send. */
@Injectable()
export class OrderDecisions {
  constructor(
    private readonly book: OrderBook,
    private readonly policies: OrderPolicies,
  ) {}

  /** Facts that say nothing about carts. An order not seen yet keeps them until it is. */
  async apply(tx: Transaction, facts: readonly KnownFact[]): Promise<void> {
    const records = await this.book.lock(
      tx,
      facts.map(({ orderId }) => orderId),
    );
    await this.decide(tx, records, byOrder(facts));
  }

  /**
   * Facts about orders that carry carts. The carts are locked first, then every order with one of
   * them, so that of two with one cart id the same one stands whoever comes first.
   */
  async applyWithCarts(
    tx: Transaction,
    facts: readonly KnownFact[],
    carts: readonly CartKey[],
  ): Promise<void> {
    const purchases = await this.book.lockCarts(tx, carts);
    const members = await this.book.withCarts(tx, carts);
    const records = await this.book.lock(tx, [
      ...facts.map(({ orderId }) => orderId),
      ...members.map(({ orderId }) => orderId),
    ]);
    const byId = byOrder(facts);
    for (const [orderId, cart] of cartsOf(records, byId)) {
      const purchase = purchases.get(cartText(cart));
      const heard = records.get(orderId)?.facts.purchase?.revision ?? 0;
      if (purchase === undefined || purchase.revision <= heard) continue;
      const { source, ...told } = purchase;
      add(byId, orderId, { fact: { kind: 'purchase', purchase: told }, source });
    }
    addStandings(records, byId);
    await this.decide(tx, records, byId);
  }

  private async decide(
    tx: Transaction,
    records: ReadonlyMap<string, OrderRecord>,
    facts: ReadonlyMap<string, readonly SourcedFact[]>,
  ): Promise<void> {
    const decided: DecidedOrder[] = [];
    for (const [orderId, held] of records) {
      const known = facts.get(orderId) ?? [];
      if (known.length === 0) continue;
      const policy = this.policies.policyOf(connectionOf(held, known));
      const decision = decideOrder(
        held,
        known.map(({ fact }) => fact),
        policy,
      );
      decided.push({ held, facts: known, decision });
    }
    await this.book.save(tx, decided);
    const decisions = decided.map(({ decision }) => decision);
    for (const decision of decisions) {
      const { messages, ids } = toMessages(decision);
      tx.send(messages, { ids });
    }
    await tx.raise(
      decisions.flatMap(({ record, raised }) =>
        raised.map((exception) => ({ ...exception, subject: record.orderId })),
      ),
    );
    await tx.clear(
      decisions.flatMap(({ record, cleared }) =>
        cleared.map((code) => ({ code, subject: record.orderId })),
      ),
    );
  }
}

function byOrder(facts: readonly KnownFact[]): Map<string, SourcedFact[]> {
  const byId = new Map<string, SourcedFact[]>();
  for (const { orderId, ...sourced } of facts) add(byId, orderId, sourced);
  return byId;
}

function add(byId: Map<string, SourcedFact[]>, orderId: string, fact: SourcedFact): void {
  const held = byId.get(orderId);
  if (held === undefined) byId.set(orderId, [fact]);
  else held.push(fact);
}

function connectionOf(record: OrderRecord, facts: readonly SourcedFact[]): string | undefined {
  const seen = facts.map(({ fact }) => fact).find((fact) => fact.kind === 'observed');
  return currentOf(record.facts)?.connectionId ?? seen?.observed.connectionId;
}

/** The cart of each order, from what is new or else from its record. */
function cartsOf(
  records: ReadonlyMap<string, OrderRecord>,
  facts: ReadonlyMap<string, readonly SourcedFact[]>,
): Map<string, CartKey> {
  const carts = new Map<string, CartKey>();
  for (const [orderId, { facts: held }] of records) {
    const seen = (facts.get(orderId) ?? []).flatMap(({ fact }) =>
      fact.kind === 'observed' ? [fact.observed] : [],
    );
    const found = [...seen, held.order, held.draft].find((one) => one?.cartId !== undefined);
    if (found?.cartId === undefined) continue;
    carts.set(orderId, { connectionId: found.connectionId, cartId: found.cartId });
  }
  return carts;
}

/** Tells each order of a cart whether another one stands before it, where that is news. */
function addStandings(
  records: ReadonlyMap<string, OrderRecord>,
  facts: Map<string, SourcedFact[]>,
): void {
  const groups = new Map<string, string[]>();
  for (const [orderId, cart] of cartsOf(records, facts)) {
    groups.set(cartText(cart), [...(groups.get(cartText(cart)) ?? []), orderId]);
  }
  for (const orderIds of groups.values()) {
    const standings = cartStandings(
      orderIds.flatMap((orderId) => {
        const record = records.get(orderId);
        return record === undefined
          ? []
          : [{ record, facts: (facts.get(orderId) ?? []).map(({ fact }) => fact) }];
      }),
    );
    for (const [orderId, blockedBy] of standings) {
      if (records.get(orderId)?.facts.blockedBy === blockedBy) continue;
      add(facts, orderId, { fact: { kind: 'cart-standing', blockedBy } });
    }
  }
}
