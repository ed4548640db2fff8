import { randomUUID } from 'node:crypto';
import type { NatsConnection } from '@nats-io/transport-node';
import {
  Failure,
  shapeOf,
  subjectOf,
  type MessageClass,
  type ServiceName,
} from '@tillbridge/contracts';
import { JetStreamPublisher } from './jetstream-publisher.js';

/** Hands over what a person asks of a service. */
export class CommandDesk {
  private readonly publisher: JetStreamPublisher;

  constructor(nats: NatsConnection) {
    this.publisher = new JetStreamPublisher(nats);
  }

  /**
   * Into the stream: a service that is away carries it out when it is back.
   *
   * @param id of the message; the same id is taken once.
   * @param to which service, where the command's subject leaves it open.
   * @throws Failure `query-failed` when the stream does not take it.
   */
  async hand(
    command: object,
    id: string = randomUUID(),
    { service }: { readonly service?: ServiceName } = {},
  ): Promise<void> {
    const type = command.constructor as MessageClass;
    const [outcome] = await this.publisher.publish([
      {
        id,
        subject: subjectOf(type, { service }),
        headers: {
          'ce-specversion': '1.0',
          'ce-id': id,
          'ce-type': shapeOf(type).subject.replace('{service}', service ?? ''),
          'ce-source': '/tillbridge/operator',
          'ce-subject': id,
          'ce-time': new Date().toISOString(),
          'content-type': 'application/json',
        },
        payload: JSON.stringify(command),
      },
    ]);
    if (outcome?.kind === 'published') return;
    const text = `the order could not be handed over: ${outcome?.reason ?? 'no answer'}`;
    throw new Failure('query-failed', { afterMs: 1_000 }, text);
  }
}
