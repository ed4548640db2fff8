import { randomBytes, randomUUID } from 'node:crypto';
import {
  shapeOf,
  subjectOf,
  TOPOLOGY,
  type MessageClass,
  type ServiceName,
} from '@tillbridge/contracts';
import type { OutgoingMessage } from '@tillbridge/runtime';
import { THINGS } from './causes.js';

export interface SendOptions {
  /** Fills `{connection}`; the message's own `connectionId` when left out. */
  readonly connection?: string;
  /** One for each message; random ones when left out. */
  readonly ids?: readonly string[];
}

export interface Sender {
  readonly service: ServiceName;
  readonly at: Date;
  /** The W3C trace that led to the message; a new one when there is none. */
  readonly traceOf: (message: object) => string | undefined;
}

/**
 * Contract instances as they go on the wire: CloudEvents 1.0, binary mode.
 *
 * @throws Error when an instance is no event or command, or none that this service says: a bug.
 */
export function toOutgoingMessages(
  messages: readonly object[],
  sender: Sender,
  options: SendOptions = {},
): OutgoingMessage[] {
  if (options.ids !== undefined && options.ids.length !== messages.length) {
    throw new Error(`${messages.length} messages need as many ids, not ${options.ids.length}`);
  }
  return messages.map((message, at) => {
    const type = message.constructor as MessageClass;
    refuseForeign(type, sender.service);
    const own = message as { readonly connectionId?: string };
    const connection = options.connection ?? own.connectionId;
    const subject = subjectOf(type, { connection, service: sender.service });
    const id = options.ids?.[at] ?? randomUUID();
    const headers = {
      'ce-specversion': '1.0',
      'ce-id': id,
      'ce-type': shapeOf(type)
        .subject.replace('.{connection}', '')
        .replace('{service}', sender.service),
      'ce-source': `/tillbridge/${sender.service}`,
      'ce-subject': thingOf(message),
      'ce-time': sender.at.toISOString(),
      'content-type': 'application/json',
      traceparent: nextSpan(sender.traceOf(message)),
    };
    return { id, subject, headers, payload: JSON.stringify(message) };
  });
}

function refuseForeign(type: MessageClass, service: ServiceName): void {
  if (shapeOf(type).kind === 'query') {
    throw new Error(`${type.name} is a question: ask it, it cannot be sent`);
  }
  if (!TOPOLOGY[service].publishes.includes(type)) {
    throw new Error(`${service} does not publish ${type.name}: see the topology in libs/contracts`);
  }
}

function thingOf(message: object): string {
  const fields = message as Readonly<Record<string, unknown>>;
  const name = [...THINGS, 'connectionId'].find((each) => typeof fields[each] === 'string');
  return name === undefined ? '' : (fields[name] as string);
}

const TRACEPARENT = /^00-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})$/;

function nextSpan(parent: string | undefined): string {
  const [, trace = randomBytes(16).toString('hex'), flags = '01'] =
    TRACEPARENT.exec(parent ?? '') ?? [];
  return `00-${trace}-${randomBytes(8).toString('hex')}-${flags}`;
}
