import {
  CompleteDraft,
  CreateFulfilment,
  OrderChanged,
  PostOrder,
  ReverseOrder,
} from '@tillbridge/contracts';
import type { OrderCommand, OrderDecision } from '@tillbridge/domain';
import { v4 as uuidv4 } from 'uuid';
import { deriveId } from './order-policies.js';

/** Messages with their ids, in the same order. */
export interface OutgoingOrderMessages {
  readonly messages: object[];
  readonly ids: string[];
}

/** What a decision says to others. A command's id is derived: asked again it is the same message. */
export function toMessages({ record, commands, told }: OrderDecision): OutgoingOrderMessages {
  const { orderId } = record;
  const asked = commands.map((command) => toCommand(orderId, command));
  const changed =
    told === undefined ? [] : [Object.assign(new OrderChanged(), { orderId, ...told })];
  return {
    messages: [...asked.map(({ message }) => message), ...changed],
    ids: [...asked.map(({ id }) => id), ...changed.map(() => uuidv4())],
  };
}

function toCommand(orderId: string, command: OrderCommand): { id: string; message: object } {
  switch (command.kind) {
    case 'post-order':
      return filled(new PostOrder(), orderId, command, command.postingId);
    case 'reverse-order':
      return filled(new ReverseOrder(), orderId, command, command.reversalId);
    case 'create-fulfilment':
      return filled(new CreateFulfilment(), orderId, command, command.dispatchId);
    case 'complete-draft':
      return filled(new CompleteDraft(), orderId, command, orderId);
  }
}

function filled<M extends object>(
  message: M,
  orderId: string,
  { kind, ...content }: OrderCommand,
  actId: string,
): { id: string; message: M } {
  return {
    id: deriveId(`${kind}/${actId}`),
    message: Object.assign(message, { orderId, ...content }),
  };
}
