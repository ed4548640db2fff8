import {
  CancelFulfilment,
  CompleteDraft,
  CompleteFulfilment,
  CreateFulfilment,
  OrderChanged,
  OrderClosed,
  OrderDispatched,
  PostOrder,
  ReverseOrder,
  UpdateTracking,
  type MessageClass,
} from '@tillbridge/contracts';
import type { OrderCommand, OrderDecision, ShipmentNews } from '@tillbridge/domain';
import { v4 as uuidv4 } from 'uuid';
import { deriveId } from './order-policies.js';

/** Messages with their ids, in the same order. */
export interface OutgoingOrderMessages {
  readonly messages: object[];
  readonly ids: string[];
}

/** What a decision says to others. A command's id is derived: asked again it is the same message. */
export function toMessages({
  record,
  commands,
  told,
  shipped,
  closed,
}: OrderDecision): OutgoingOrderMessages {
  const { orderId } = record;
  const asked = commands.map((command) => toCommand(orderId, command));
  const changed = told === undefined ? [] : [instance(OrderChanged, { orderId, ...told })];
  const done = closed === undefined ? [] : [toClosed(orderId, closed)];
  const events = [...changed, ...shipped.map((news) => toDispatched(orderId, news)), ...done];
  return {
    messages: [...asked.map(({ message }) => message), ...events],
    ids: [...asked.map(({ id }) => id), ...events.map(() => uuidv4())],
  };
}

function toDispatched(orderId: string, { at, ...news }: ShipmentNews): OrderDispatched {
  const units = news.units.map((each) => ({ ...each }));
  const time = at === undefined ? {} : { dispatchedAt: at };
  return instance(OrderDispatched, { ...news, ...time, orderId, units });
}

function toClosed(orderId: string, closed: NonNullable<OrderDecision['closed']>): OrderClosed {
  const { lines, posOrders, dispatches, refunds, ...rest } = closed;
  return instance(OrderClosed, {
    orderId,
    ...rest,
    lines: [...lines],
    posOrders: [...posOrders],
    refunds: [...refunds],
    dispatches: dispatches.map((each) => ({ ...each, units: [...each.units] })),
  });
}

interface OutgoingCommand {
  readonly id: string;
  readonly message: object;
}

function toCommand(orderId: string, command: OrderCommand): OutgoingCommand {
  switch (command.kind) {
    case 'post-order': {
      const { kind, ...content } = command;
      const lines = [...content.lines];
      const message = instance(PostOrder, { ...content, orderId, lines });
      return { id: deriveId(`${kind}/${command.postingId}`), message };
    }
    case 'reverse-order': {
      const { kind, ...content } = command;
      const changes = [...content.changes];
      const message = instance(ReverseOrder, { ...content, orderId, changes });
      return { id: deriveId(`${kind}/${command.reversalId}`), message };
    }
    case 'create-fulfilment': {
      const { kind, ...content } = command;
      const lines = [...content.lines];
      const message = instance(CreateFulfilment, { ...content, orderId, lines });
      return { id: deriveId(`${kind}/${command.dispatchId}`), message };
    }
    case 'cancel-fulfilment': {
      const { kind, ...content } = command;
      const message = instance(CancelFulfilment, { ...content, orderId });
      return { id: deriveId(`${kind}/${command.cancellationId}`), message };
    }
    case 'update-tracking': {
      const { kind, ...content } = command;
      const message = instance(UpdateTracking, { ...content, orderId });
      return { id: deriveId(`${kind}/${command.trackingId}`), message };
    }
    case 'complete-fulfilment': {
      const { kind, ...content } = command;
      const message = instance(CompleteFulfilment, { ...content, orderId });
      return { id: deriveId(`${kind}/${command.completionId}`), message };
    }
    case 'complete-draft': {
      const { kind, ...content } = command;
      const message = instance(CompleteDraft, { ...content, orderId });
      return { id: deriveId(`${kind}/${orderId}`), message };
    }
  }
}

/** The compiler holds our content against the contract here: the rules know no contracts. */
function instance<M extends object>(type: MessageClass<M>, content: M): M {
  return Object.assign(new type(), content);
}
