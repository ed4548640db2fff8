import { UseFilters } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { filterOf, shapeOf, type MessageClass } from '@tillbridge/contracts';
import { JETSTREAM_TRANSPORT, type HandlerExtras } from './jetstream-transport.js';
import { KeepErrorFilter } from './keep-error.filter.js';

/** The method answers a query. A thrown Failure reaches the asker with its code. */
export function Answers<Q extends object>(contract: MessageClass<Q>) {
  if (shapeOf(contract).kind !== 'query') throw new Error(`${contract.name} is no query`);
  const extras: HandlerExtras = { contract, batch: { size: 1, waitMs: 0 } };
  return <A extends object>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<(question: Q) => Promise<A>>,
  ): void => {
    MessagePattern(filterOf(contract), JETSTREAM_TRANSPORT, extras)(target, key, descriptor);
    UseFilters(KeepErrorFilter)(target, key, descriptor);
  };
}
