import { Failure, shapeOf } from '@tillbridge/contracts';
import type { Database, Transaction } from '@tillbridge/postgres';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { Alarm } from '../connections/alarm.js';
import { backoffMs } from '../connections/backoff.js';
import type { ConnectionHealth } from '../connections/connection-health.js';
import type { EntityBook } from '../observations/entity-book.js';
import type { FetchQueue } from '../observations/fetch-queue.js';
import type { RefBook } from '../refs/ref-book.js';
import type { Act, ActResult, Vendor } from '../vendor.js';
import { SharedWork } from '../sharing/shared-work.js';
import type { Intent, IntentBook, Lane } from './intent-book.js';
import { IntentRun } from './intent-run.js';

/** No two of them name the same figure: who sends them waits for the answer about each. */
const STOCK_AT_ONCE = 6;

interface Parts {
  readonly database: Database;
  readonly intents: IntentBook;
  readonly entities: EntityBook;
  readonly queue: FetchQueue;
  readonly refs: RefBook;
  readonly health: ConnectionHealth;
  readonly logger: Logger;
  readonly timeScale: number;
  /** Called when an act left something to be read. */
  readonly wakeReader: () => void;
}

/** Acts wait no longer for a commit that hangs, to have one of their own. */
const LONGEST_SHARE_MS = 100;

interface DoneAct {
  readonly intent: Intent;
  readonly result: ActResult;
}

/** Does the outside acts of one connection: stock first, a few batches at once, then the rest. */
export class IntentWorker {
  private readonly alarm = new Alarm();
  /** Tries under way, by intent id. */
  private readonly running: Record<Lane, Map<string, Promise<void>>> = {
    stock: new Map(),
    other: new Map(),
  };
  private readonly ends = new SharedWork<DoneAct, void>(
    (done) => this.endTogether(done),
    LONGEST_SHARE_MS,
  );
  private stopping = false;
  private resumed = false;
  private ended: Promise<void> = Promise.resolve();

  constructor(
    private readonly vendor: Vendor,
    private readonly parts: Parts,
  ) {}

  start(): void {
    this.stopping = false;
    // Another process may have begun something meanwhile, and died of it.
    this.resumed = false;
    this.ended = this.loop();
  }

  /** Starts no more and waits for the calls under way; what was not ended is resumed at start. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.alarm.ring();
    await this.ended;
    await Promise.all([...this.running.stock.values(), ...this.running.other.values()]);
  }

  wake(): void {
    this.alarm.ring();
  }

  private async loop(): Promise<void> {
    const { logger } = this.parts;
    while (!this.stopping) {
      try {
        if (!this.resumed) await this.resume();
        const nextMs = await this.fill();
        // What is due but could not be taken waits for a place: its end rings.
        const rung = await this.alarm.sleep(
          Math.min(LOOK_MS, Math.max(nextMs ?? LOOK_MS, BUSY_MS)),
        );
        // Acts end together, as they are written together: their places are filled together.
        if (rung && !this.stopping) await sleep(GATHER_MS);
      } catch (error) {
        logger.error({ err: error }, 'acting goes on after an error');
        await this.alarm.sleep(1_000);
      }
    }
  }

  private async resume(): Promise<void> {
    const running = [...this.running.stock.keys(), ...this.running.other.keys()];
    await this.parts.intents.resume(this.vendor.connection.id, running);
    this.resumed = true;
  }

  /** Begins what is due and has a place. Milliseconds until something else becomes due, or null. */
  private async fill(): Promise<number | null> {
    const places = {
      stock: Math.max(0, STOCK_AT_ONCE - this.running.stock.size),
      other: Math.max(0, Math.max(1, this.vendor.actConcurrency) - this.running.other.size),
    };
    if (places.stock + places.other === 0) return null;
    const claim = await this.parts.intents.claim(this.vendor.connection.id, places);
    for (const intent of claim.intents) {
      const { id, lane } = intent;
      const run = this.perform(intent).finally(() => {
        this.running[lane].delete(id);
        this.alarm.ring();
      });
      this.running[lane].set(id, run);
    }
    return claim.nextDueMs;
  }

  /** Never rejects: what goes wrong ends up in the intent. */
  private async perform(intent: Intent): Promise<void> {
    try {
      const act = this.actOf(intent);
      if (this.vendor.connection.mode === 'observe') {
        return await this.conclude(intent, 'done', act.notSent(intent.command));
      }
      const begunAtMs = Date.now();
      const result = await act.perform(intent.command, new IntentRun(this.parts.intents, intent));
      await this.succeed(intent, result, begunAtMs);
      await this.parts.health.worked('acts');
    } catch (error) {
      await this.fail(intent, error).catch((cause) => {
        // The database is away: the intent is marked running and is taken up again from there.
        this.resumed = false;
        this.parts.logger.error({ err: cause, intent: intent.id }, 'a failed act was not noted');
      });
    }
  }

  /** Observations take a lock that others wait for: only what has none shares its commit. */
  private async succeed(intent: Intent, result: ActResult, begunAtMs: number): Promise<void> {
    const observations = result.observations ?? [];
    if (observations.length === 0) return this.ends.add({ intent, result });
    const { database, entities, queue, wakeReader } = this.parts;
    const connection = this.vendor.connection.id;
    const toRead = await database.inTransaction(async (tx) => {
      const reading = { connection, observations, begunAtMs, whenOvertaken: 'record' } as const;
      const { revisions, overtaken } = await entities.record(tx, reading);
      await queue.want(tx, connection, overtaken);
      await this.noteDone(tx, [{ intent, result }], revisions);
      return overtaken.length;
    });
    if (toRead > 0) wakeReader();
  }

  private endTogether(done: readonly DoneAct[]): Promise<void[]> {
    return this.parts.database.inTransaction(async (tx) => {
      await this.noteDone(tx, done, new Map());
      return done.map(() => undefined);
    });
  }

  private async noteDone(
    tx: Transaction,
    done: readonly DoneAct[],
    revisions: ReadonlyMap<string, number>,
  ): Promise<void> {
    const { refs, intents } = this.parts;
    const connection = this.vendor.connection.id;
    await refs.put(
      tx,
      connection,
      done.flatMap(({ result }) => result.refs ?? []),
    );
    tx.send(
      done.flatMap(({ result }) => result.messages(revisions)),
      { connection },
    );
    await intents.end(
      tx,
      done.map(({ intent }) => intent.id),
      { state: 'done' },
    );
  }

  private async fail(intent: Intent, error: unknown): Promise<void> {
    const { intents, health, logger, timeScale } = this.parts;
    if (error instanceof Failure && error.retry === 'never') {
      logger.warn({ err: error, intent: intent.id, act: intent.act }, 'an act was refused');
      const messages = this.actOf(intent).refused(intent.command, error);
      return this.conclude(intent, 'refused', messages, `${error.code}: ${error.message}`);
    }
    const askedMs = error instanceof Failure && error.retry !== 'never' ? error.retry.afterMs : 0;
    const afterMs = backoffMs(intent.attempts, timeScale, askedMs);
    await intents.later(intent.id, afterMs, String(error));
    await health.failed('acts', error);
  }

  private async conclude(
    intent: Intent,
    state: 'done' | 'refused',
    messages: object[],
    error?: string,
  ): Promise<void> {
    await this.parts.database.inTransaction(async (tx) => {
      tx.send(messages, { connection: this.vendor.connection.id });
      await this.parts.intents.end(tx, [intent.id], { state, ...(error ? { error } : {}) });
    });
  }

  private actOf(intent: Intent): Act {
    const act = this.vendor.acts.find((each) => shapeOf(each.command).subject === intent.act);
    if (act === undefined) throw new Error(`${this.vendor.connection.id} cannot do ${intent.act}`);
    return act;
  }
}

/** Another process may have taken in what is to be done here. */
const LOOK_MS = 1_000;
const BUSY_MS = 100;
const GATHER_MS = 5;
