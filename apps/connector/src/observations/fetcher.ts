import { Failure } from '@tillbridge/contracts';
import type { Database } from '@tillbridge/postgres';
import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '../connections/backoff.js';
import type { ConnectionHealth } from '../connections/connection-health.js';
import type { EntityKey, Vendor } from '../vendor.js';
import type { EntityBook } from './entity-book.js';
import type { FetchQueue, LaneKinds, QueuedKey } from './fetch-queue.js';

/** Keys looked at in one round. */
const ROUND = 500;
/** Batches that are read at once: they have no key in common. */
const AT_ONCE = 4;
/**
 * News gathers for so long, so that batches are more than a thing or two. They stay together from
 * here on: each service handles at once what was told at once.
 */
const GATHER_MS = 120;
/** A thing that cannot be read at all is tried again this often. */
const PARKED_MS = 3_600_000;

/** Reads at the vendor what is in one lane of the fetch queue of a connection. */
export class Fetcher {
  constructor(
    private readonly vendor: Vendor,
    private readonly lane: LaneKinds,
    private readonly parts: {
      readonly database: Database;
      readonly queue: FetchQueue;
      readonly entities: EntityBook;
      readonly health: ConnectionHealth;
      readonly timeScale: number;
    },
  ) {}

  /**
   * Reads what is due, a few batches side by side; a slow one does not hold up the others. Ends when
   * nothing is due, or after `most` batches: what is still due then is left for later.
   */
  async drain(most: number, stopping: () => boolean): Promise<void> {
    const underWay = new Map<Promise<void>, ReadonlySet<string>>();
    for (let started = 0; started < most && !stopping();) {
      const places = Math.min(AT_ONCE - underWay.size, most - started);
      const next = await this.nextBatches(underWay, places);
      for (const batch of next) {
        const run = this.fetch(batch).finally(() => underWay.delete(run));
        underWay.set(run, new Set(batch.map(nameOf)));
      }
      started += next.length;
      if (underWay.size === 0) return;
      const gathered = next.length < places ? sleep(GATHER_MS) : Promise.resolve();
      // Nothing new: the end of what is under way is waited for, or news.
      await (next.length > 0 ? gathered : Promise.race([Promise.all(underWay.keys()), gathered]));
      if (underWay.size >= AT_ONCE) await Promise.race(underWay.keys());
    }
    await Promise.all(underWay.keys());
  }

  /** What is due and not being read already. */
  private async nextBatches(
    underWay: ReadonlyMap<Promise<void>, ReadonlySet<string>>,
    places: number,
  ): Promise<QueuedKey[][]> {
    if (places <= 0) return [];
    const due = await this.parts.queue.due(this.vendor.connection.id, this.lane, ROUND);
    const read = [...underWay.values()];
    const waiting = due.filter((key) => !read.some((names) => names.has(nameOf(key))));
    return this.batchesOf(waiting).slice(0, places);
  }

  private batchesOf(due: readonly QueuedKey[]): QueuedKey[][] {
    const kinds = new Set(due.map((key) => key.kind));
    return [...kinds].flatMap((kind) => {
      const keys = due.filter((key) => key.kind === kind);
      return batchesOf(keys, this.vendor.fetchBatch(kind));
    });
  }

  private async fetch(keys: readonly QueuedKey[]): Promise<void> {
    const begunAtMs = Date.now();
    let observations;
    try {
      observations = await this.vendor.fetch(keys.map(({ kind, id }) => ({ kind, id })));
    } catch (error) {
      return this.putOff(keys, error);
    }
    const connection = this.vendor.connection.id;
    const { database, entities, queue, health } = this.parts;
    try {
      await database.inTransaction(async (tx) => {
        const reading = { connection, observations, begunAtMs, whenOvertaken: 'leave' } as const;
        const { overtaken } = await entities.record(tx, reading);
        await queue.done(tx, connection, keys);
        await queue.want(tx, connection, overtaken);
        const troubled = keys.filter((key) => key.troubled);
        if (troubled.length > 0) {
          await tx.clear(troubled.map((key) => this.exceptionOf(key)));
        }
      });
    } catch (error) {
      // A translation that the database or a contract refuses is found out here.
      return this.putOff(keys, error);
    }
    await health.worked('reads');
  }

  /** One thing that cannot be read must not stop the others: it is set apart, with its cause. */
  private async putOff(keys: readonly QueuedKey[], error: unknown): Promise<void> {
    const { database, queue, health, timeScale } = this.parts;
    const connection = this.vendor.connection.id;
    const cause = error instanceof Error ? error.message : String(error);
    if (error instanceof Failure && error.retry !== 'never') {
      const attempts = 1 + Math.max(...keys.map((key) => key.attempts));
      const afterMs = backoffMs(attempts, timeScale, error.retry.afterMs);
      await queue.later(connection, keys, { afterMs, error: cause, parked: false });
      return health.failed('reads', error);
    }
    if (keys.length > 1) {
      for (const key of keys) await this.fetch([key]);
      return;
    }
    await queue.later(connection, keys, { afterMs: PARKED_MS, error: cause, parked: true });
    await database.inTransaction(async (tx) => {
      const raised = keys.map((key) => ({ ...this.exceptionOf(key), system: connection, cause }));
      await tx.raise(raised);
    });
  }

  private exceptionOf(key: EntityKey) {
    const subject = `${this.vendor.connection.id}/${key.kind}/${key.id}`;
    return { code: 'connection-failing', subject } as const;
  }
}

function batchesOf(keys: readonly QueuedKey[], limit: number): QueuedKey[][] {
  const size = Math.max(1, limit);
  const batches: QueuedKey[][] = [];
  for (let at = 0; at < keys.length; at += size) batches.push(keys.slice(at, at + size));
  return batches;
}

function nameOf({ kind, id }: EntityKey): string {
  return `${kind}|${id}`;
}
