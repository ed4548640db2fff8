import {
  newIdentifiers,
  toOrderEvent,
  type IdentifierKind,
  type OrderDecision,
  type OrderEvent,
  type OrderRecord,
  type SourcedFact,
} from '@tillbridge/domain';

/** What decisions add to the story of orders. Written in the statement that saves the orders. */
export interface OrderHistory {
  readonly events: readonly { readonly order_id: string; readonly content: OrderEvent }[];
  readonly identifiers: readonly {
    readonly order_id: string;
    readonly kind: IdentifierKind;
    readonly value: string;
  }[];
}

/** A decision, with what it was made from. */
export interface DecidedOrder {
  readonly held: OrderRecord;
  readonly facts: readonly SourcedFact[];
  readonly decision: OrderDecision;
}

export function historyOf(decided: readonly DecidedOrder[]): OrderHistory {
  return {
    events: decided.flatMap(({ held, facts, decision }) => {
      const content = toOrderEvent(held, facts, decision);
      return content === undefined ? [] : [{ order_id: held.orderId, content }];
    }),
    identifiers: decided.flatMap(({ held, decision }) =>
      newIdentifiers(held, decision.record).map((identifier) => ({
        order_id: held.orderId,
        ...identifier,
      })),
    ),
  };
}
