import { randomUUID } from 'node:crypto';
import { errors, type NatsConnection, type Msg } from '@nats-io/transport-node';
import { Publisher, type OutgoingMessage, type PublishOutcome } from '@tillbridge/runtime';
import { toHeaders } from '../wire/message-headers.js';

/** What the server takes in one atomic batch. */
const BATCH = 1_000;
/** Requests that wait for their ack at once when messages go one by one. */
const PIPELINE = 256;
const TIMEOUT_MS = 5_000;
/** Room for headers and their names under the server's limit for a message. */
const HEADER_ROOM = 4_096;

interface PubAck {
  readonly stream?: string;
  readonly duplicate?: boolean;
  readonly count?: number;
  readonly error?: {
    readonly code: number;
    readonly err_code: number;
    readonly description: string;
  };
}

/**
 * Publishes into the streams: as one atomic batch for each stream, and where that is refused or its
 * outcome is unknown, the same messages again one by one. Their ids make repeats harmless.
 */
export class JetStreamPublisher extends Publisher {
  constructor(private readonly nats: NatsConnection) {
    super();
  }

  async publish(messages: readonly OutgoingMessage[]): Promise<PublishOutcome[]> {
    const outcomes = new Map<OutgoingMessage, PublishOutcome>();
    const roots = [...new Set(messages.map(rootOf))];
    await Promise.all(
      roots.map((root) => {
        const group = messages.filter((message) => rootOf(message) === root);
        return this.publishInto(root, group, outcomes);
      }),
    );
    return messages.map((message) => outcomes.get(message) ?? UNKNOWN);
  }

  private async publishInto(
    root: string,
    group: readonly OutgoingMessage[],
    outcomes: Map<OutgoingMessage, PublishOutcome>,
  ): Promise<void> {
    if (!ROOTS.has(root)) {
      // Nobody would answer, and it would look like a server that is away, for ever.
      for (const message of group) outcomes.set(message, NO_STREAM);
      return;
    }
    for (let from = 0; from < group.length; from += BATCH) {
      await this.publishGroup(group.slice(from, from + BATCH), outcomes);
    }
  }

  private async publishGroup(
    messages: readonly OutgoingMessage[],
    outcomes: Map<OutgoingMessage, PublishOutcome>,
  ): Promise<void> {
    const limit = (this.nats.info?.max_payload ?? 1_048_576) - HEADER_ROOM;
    const [large, fitting] = partition(
      messages,
      ({ payload }) => Buffer.byteLength(payload) > limit,
    );
    for (const message of large) {
      outcomes.set(message, { kind: 'refused', reason: `larger than ${limit} bytes` });
    }
    if (fitting.length > 1 && (await this.publishAtomically(fitting))) {
      for (const message of fitting) outcomes.set(message, PUBLISHED);
      return;
    }
    for (let from = 0; from < fitting.length; from += PIPELINE) {
      const part = fitting.slice(from, from + PIPELINE);
      const found = await Promise.all(part.map((message) => this.publishOne(message)));
      part.forEach((message, at) => outcomes.set(message, found[at] ?? UNKNOWN));
      // Nobody answers: the rest would wait as long for the same.
      if (found.every(({ kind }) => kind === 'unavailable')) return;
    }
  }

  /** True when the whole batch is in the stream; anything else says nothing about its messages. */
  private async publishAtomically(messages: readonly OutgoingMessage[]): Promise<boolean> {
    const batch = randomUUID();
    try {
      const last = messages.length - 1;
      for (const [at, message] of messages.entries()) {
        const headers = headersOf(message);
        headers.set('Nats-Batch-Id', batch);
        headers.set('Nats-Batch-Sequence', String(at + 1));
        if (at < last) {
          this.nats.publish(message.subject, message.payload, { headers });
          continue;
        }
        headers.set('Nats-Batch-Commit', '1');
        const options = { headers, timeout: TIMEOUT_MS };
        const ack = ackIn(await this.nats.request(message.subject, message.payload, options));
        return ack.error === undefined && ack.count === messages.length;
      }
    } catch {
      // Unknown outcome: the one-by-one publishes that follow find out.
    }
    return false;
  }

  private async publishOne(message: OutgoingMessage): Promise<PublishOutcome> {
    try {
      const options = { headers: headersOf(message), timeout: TIMEOUT_MS };
      const ack = ackIn(await this.nats.request(message.subject, message.payload, options));
      if (ack.error === undefined) return PUBLISHED;
      const reason = `${ack.error.description} (${ack.error.err_code})`;
      // 5xx is the state of the server or a full stream; the message itself is not to blame.
      return { kind: ack.error.code >= 500 ? 'unavailable' : 'refused', reason };
    } catch (error) {
      const cause = error instanceof errors.RequestError ? error.cause : error;
      const refused =
        cause instanceof errors.PermissionViolationError ||
        cause instanceof errors.InvalidArgumentError;
      const reason = error instanceof Error ? error.message : String(error);
      return { kind: refused ? 'refused' : 'unavailable', reason };
    }
  }
}

const PUBLISHED: PublishOutcome = { kind: 'published' };
const NO_STREAM: PublishOutcome = { kind: 'refused', reason: 'no stream has such a subject' };
const UNKNOWN: PublishOutcome = { kind: 'unavailable', reason: 'no outcome' };

const ROOTS = new Set(['evt', 'cmd']);

/** `evt` or `cmd`: a stream each. */
function rootOf({ subject }: OutgoingMessage): string {
  return subject.slice(0, subject.indexOf('.'));
}

function headersOf({ id, headers }: OutgoingMessage) {
  const found = toHeaders(headers);
  found.set('Nats-Msg-Id', id);
  return found;
}

function ackIn(reply: Msg): PubAck {
  const ack = reply.json<PubAck>();
  if (ack.error === undefined && ack.stream === undefined) throw new Error('not a stream answered');
  return ack;
}

function partition<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}
