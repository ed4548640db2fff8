import { createHash } from 'node:crypto';
import { Failure, type MessageClass, type Received } from '@tillbridge/contracts';
import type { MessageStore } from '@tillbridge/runtime';
import type { Logger } from 'pino';
import { decodeMessage } from '../wire/decode-message.js';
import type { Delivery } from './delivery.js';
import { decideRetry, isBlameless } from './retry-rule.js';

export type BatchHandler = (received: Received<object>[]) => Promise<void>;

interface Item {
  readonly delivery: Delivery;
  readonly received: Received<object>;
}

/** Takes a batch through its handler and settles every message of it. */
export class BatchRunner {
  constructor(
    private readonly contract: MessageClass<object>,
    private readonly handler: BatchHandler,
    private readonly store: MessageStore,
    private readonly logger: Logger,
    /** Waits are divided by it. */
    private readonly timeScale: number,
  ) {}

  /** Never throws: what cannot even be parked comes again. */
  async run(deliveries: readonly Delivery[]): Promise<void> {
    const items: Item[] = [];
    for (const delivery of deliveries) {
      try {
        items.push({ delivery, received: decodeMessage(delivery.message, this.contract) });
      } catch (error) {
        await this.settleFailed(delivery, error);
      }
    }
    if (items.length === 0) return;
    const error = await this.attempt(items);
    if (error === undefined) return;
    if (items.length === 1 || isUnavailable(error)) {
      for (const { delivery } of items) await this.settleFailed(delivery, error);
      return;
    }
    // One of them is to blame. Alone, the others pass.
    this.logger.warn(
      { err: error, batch: items.length },
      'a batch failed, its items go one by one',
    );
    for (const item of items) {
      const itsError = await this.attempt([item]);
      if (itsError !== undefined) await this.settleFailed(item.delivery, itsError);
    }
  }

  /** The error that the handler threw, after settling what it did not throw for. */
  private async attempt(items: readonly Item[]): Promise<unknown> {
    try {
      await this.handler(items.map(({ received }) => received));
    } catch (error) {
      return error ?? new Error('the handler threw nothing');
    }
    for (const { delivery } of items) {
      try {
        await delivery.done();
      } catch (error) {
        this.logger.warn(
          { err: error },
          'a handled message could not be settled, it may come again',
        );
      }
    }
    return undefined;
  }

  private async settleFailed(delivery: Delivery, error: unknown): Promise<void> {
    const { message } = delivery;
    const reason = wordsOf(error);
    const about = { err: error, consumer: message.consumer, id: message.id };
    try {
      const failures = isBlameless(error) ? 0 : await this.store.countTry(message, reason);
      const decision = decideRetry(error, failures, Math.random());
      if (decision.kind === 'park') {
        const { code } = decision;
        const why = { code, error: reason, attempts: failures, stackHash: hashOf(error) };
        await this.store.deadLetter(message, why);
        this.logger.error({ ...about, failures }, 'a message is parked as a dead letter');
        await delivery.parked(code);
        return;
      }
      const { afterMs } = decision;
      this.logger.warn({ ...about, failures, afterMs }, 'a message will be tried again');
      await delivery.again(afterMs / this.timeScale, reason);
    } catch (storeError) {
      this.logger.warn({ ...about, storeError }, 'a message could not be kept, it will come again');
      await delivery.again(STORE_PAUSE_MS, 'not kept').catch(() => undefined);
    }
  }
}

const STORE_PAUSE_MS = 1_000;

function isUnavailable(error: unknown): boolean {
  return error instanceof Failure && error.code === 'database-unavailable';
}

function wordsOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 2_000);
}

/** Of the innermost frames: failures of the same origin hash the same. */
function hashOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || error.stack === undefined) return undefined;
  const frames = error.stack.split('\n').filter((line) => /^\s+at /.test(line));
  return createHash('sha256').update(frames.slice(0, 5).join('\n')).digest('hex').slice(0, 16);
}
