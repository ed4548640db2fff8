import type { OrderCommand, OrderDecision, OrderFact, ToldDispatch } from '@tillbridge/domain';

/** A fact on its way to the orders service; the id is that of the message. */
export interface OrderMessage {
  readonly id: string;
  readonly kind: OrderFact['kind'];
  readonly orderId: string;
  readonly fact: OrderFact;
}

type CalledOff = Extract<OrderFact, { kind: 'shipment-cancelled' }>['cancelled'];

/** What the warehouse tells of goods that leave in parts, or of those that did not leave after all. */
export interface WarehouseMessage {
  readonly id: string;
  readonly kind: 'warehouse';
  readonly orderId: string;
  readonly said:
    | { readonly kind: 'sent'; readonly dispatch: ToldDispatch }
    | { readonly kind: 'called-off'; readonly cancelled: CalledOff };
}

/** What the orders service hears. */
export type HubMessage = OrderMessage | WarehouseMessage;

/** An act that the orders service asks of a vendor. */
export interface CommandMessage {
  /** The same for the same act. */
  readonly id: string;
  readonly kind: OrderCommand['kind'];
  readonly orderId: string;
  readonly command: OrderCommand;
}

/** What the orders service tells everybody of an order. */
export interface ToldMessage {
  readonly kind: 'told';
  readonly orderId: string;
  readonly told: NonNullable<OrderDecision['told']>;
}

/** The id of an act, by what it is about: one posting, one reversal, one report, one completion. */
export function actIdOf(orderId: string, command: OrderCommand): string {
  switch (command.kind) {
    case 'post-order':
      return `${command.kind} ${command.postingId}`;
    case 'reverse-order':
      return `${command.kind} ${command.reversalId}`;
    case 'create-fulfilment':
      return `${command.kind} ${command.dispatchId}`;
    case 'cancel-fulfilment':
      return `${command.kind} ${command.cancellationId}`;
    case 'update-tracking':
      return `${command.kind} ${command.trackingId}`;
    case 'complete-fulfilment':
      return `${command.kind} ${command.completionId}`;
    case 'complete-draft':
      return `${command.kind} ${orderId}`;
  }
}
