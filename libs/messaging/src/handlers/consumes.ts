import { UseFilters } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { filterOf, shapeOf, type MessageClass, type Received } from '@tillbridge/contracts';
import {
  JETSTREAM_TRANSPORT,
  type BatchOptions,
  type HandlerExtras,
} from './jetstream-transport.js';
import { KeepErrorFilter } from './keep-error.filter.js';

type BatchHandler<T> = (received: Received<T>[]) => Promise<void>;

/**
 * The method takes batches of an event or a command. Returned means handled; a thrown Failure says
 * itself what follows; anything else thrown is a bug and is retried, then parked. A batch that
 * throws is run again item by item.
 */
export function Consumes<T extends object>(
  contract: MessageClass<T>,
  options: { readonly batch?: Partial<BatchOptions> } = {},
) {
  if (shapeOf(contract).kind === 'query') throw new Error(`${contract.name} is to be answered`);
  const batch = { size: 100, waitMs: 10, ...options.batch };
  const extras: HandlerExtras = { contract, batch };
  return (
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<BatchHandler<T>>,
  ): void => {
    EventPattern<string>(filterOf(contract), JETSTREAM_TRANSPORT, extras)(target, key, descriptor);
    UseFilters(KeepErrorFilter)(target, key, descriptor);
  };
}
