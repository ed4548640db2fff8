import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { Failure, type MessageClass } from '@tillbridge/contracts';
import type { Logger } from 'pino';
import { within } from '../connection/within.js';
import { decodeData } from '../wire/decode-message.js';
import { toFailureEnvelope, type ReplyEnvelope } from './reply-envelope.js';

export type QueryHandler = (question: object) => Promise<unknown>;

/** Questions answered at once; those beyond it are told to come back. */
const AT_ONCE = 200;
/** Of a server that does not say that nothing more comes. */
const DRAIN_MS = 2_000;
/** Longer than any asker waits. */
const LONGEST_MS = 30_000;

/** Answers one query on one subject, sharing the work with the service's other processes. */
export class Answering {
  private subscription?: Subscription;
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    private readonly subject: string,
    private readonly contract: MessageClass<object>,
    private readonly handler: QueryHandler,
    private readonly logger: Logger,
  ) {}

  start(nats: NatsConnection, queue: string): void {
    this.subscription = nats.subscribe(this.subject, {
      queue,
      callback: (error, message) => {
        if (error !== null) {
          this.logger.error({ err: error, subject: this.subject }, 'questions cannot be received');
          return;
        }
        const work = this.answer(message).finally(() => this.underWay.delete(work));
        this.underWay.add(work);
      },
    });
  }

  /** Takes no more questions and answers those that are here, as far as there is time. */
  async stop(withinMs: number): Promise<void> {
    await within(this.finish(), withinMs);
  }

  private async finish(): Promise<void> {
    if (this.subscription !== undefined && !this.subscription.isClosed()) {
      await within(this.subscription.drain(), DRAIN_MS);
    }
    await Promise.all(this.underWay);
  }

  private async answer(message: Msg): Promise<void> {
    message.respond(JSON.stringify(await this.replyTo(message)));
  }

  private async replyTo(message: Msg): Promise<ReplyEnvelope> {
    try {
      if (this.underWay.size >= AT_ONCE) {
        throw new Failure('not-ready', { afterMs: 500 }, 'too many questions at once');
      }
      const question = decodeData(message.data, this.contract);
      return { ok: true, answer: await bounded(this.handler(question)) };
    } catch (error) {
      this.logger.warn({ err: error, subject: this.subject }, 'a question could not be answered');
      return toFailureEnvelope(error);
    }
  }
}

async function bounded<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Failure('query-timeout', { afterMs: 1_000 }, 'the answer took too long'));
    }, LONGEST_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
