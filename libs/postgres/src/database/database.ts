import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Received, ServiceName } from '@tillbridge/contracts';
import pg from 'pg';
import type { DataSource, QueryRunner } from 'typeorm';
import { markHandled } from '../inbox/inbox-marks.js';
import { asFailure, isConflict } from './postgres-error.js';
import { Transaction } from './transaction.js';

const TRIES = 6;

/** This service's database. Nested use joins the transaction around it, so one connection will do. */
export class Database {
  private readonly ambient = new AsyncLocalStorage<Transaction>();
  private readonly wakeUps: (() => void)[] = [];
  /** Messages handled, and repeats that did nothing, since the process began. */
  readonly counted = { handled: 0, duplicatesAbsorbed: 0 };

  constructor(
    private readonly dataSource: DataSource,
    private readonly service: ServiceName,
    private readonly now: () => Date = () => new Date(),
  ) {}

  /**
   * Runs `work` in a transaction and commits. It may run several times: a serialization failure or
   * a deadlock begins again.
   *
   * @throws Failure `database-unavailable` when the database went away; whether the commit came
   * through is then unknown.
   */
  async inTransaction<T>(work: (tx: Transaction) => Promise<T>, traceparent?: string): Promise<T> {
    const around = this.ambient.getStore();
    if (around?.open) return work(around);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.attempt(work, traceparent);
      } catch (error) {
        if (!isConflict(error) || attempt === TRIES) throw asFailure(error);
        await sleep(Math.random() * 10 * 2 ** attempt);
      }
    }
  }

  /**
   * Inbox marks, `work` and what it sends, in one transaction. `fresh` are the messages that this
   * consumer had not handled before; without any, `work` is not called.
   */
  async handleOnce<T>(
    received: readonly Received<T>[],
    work: (tx: Transaction, fresh: Received<T>[]) => Promise<void>,
  ): Promise<void> {
    if (received.length === 0) return;
    const fresh = await this.inTransaction(async (tx) => {
      const unseen = await markHandled(tx, received);
      tx.causedBy(unseen);
      if (unseen.length > 0) await work(tx, unseen);
      return unseen.length;
    });
    this.counted.handled += fresh;
    this.counted.duplicatesAbsorbed += received.length - fresh;
  }

  /** Reads. Inside a transaction of the same call chain it sees what that one wrote. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a row is what its SQL says.
  async query<R = any>(sql: string, params: readonly unknown[] = []): Promise<R[]> {
    const around = this.ambient.getStore();
    if (around?.open) return around.query<R>(sql, params);
    const runner = this.dataSource.createQueryRunner();
    try {
      const result = await runner.query(sql, [...params], true);
      return (result.records ?? []) as R[];
    } catch (error) {
      throw asFailure(error);
    } finally {
      await runner.release();
    }
  }

  /** Calls `wake` after each commit that left something in the outbox. */
  onOutbox(wake: () => void): void {
    this.wakeUps.push(wake);
  }

  /** A connection beside the pool, for what lasts as long as a session does. End it. */
  async openSession(config: pg.ClientConfig): Promise<pg.Client> {
    const { options } = this.dataSource;
    if (options.type !== 'postgres') throw new Error('only Postgres has such sessions');
    const connectionTimeoutMillis = options.connectTimeoutMS;
    const session = new pg.Client({
      ...config,
      connectionString: options.url,
      connectionTimeoutMillis,
    });
    // Without a listener a connection that breaks would end the process.
    session.on('error', () => undefined);
    await session.connect();
    return session;
  }

  async close(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }

  private async attempt<T>(
    work: (tx: Transaction) => Promise<T>,
    traceparent: string | undefined,
  ): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    const tx = new Transaction(runner, this.service, this.now, traceparent);
    let begun = false;
    try {
      await runner.startTransaction();
      begun = true;
      const result = await this.ambient.run(tx, () => work(tx));
      tx.refuseFailed();
      const sent = await tx.writeOutbox();
      await runner.commitTransaction();
      tx.end();
      if (sent > 0) for (const wake of this.wakeUps) wake();
      return result;
    } catch (error) {
      tx.end();
      if (begun) await rollBack(runner);
      throw error;
    } finally {
      await runner.release();
    }
  }
}

/**
 * A roll-back fails when the connection is lost, and then the server does it by itself. Should the
 * connection live after all, its transaction is still open: nobody may get it again.
 */
async function rollBack(runner: QueryRunner): Promise<void> {
  try {
    if (runner.isTransactionActive) await runner.rollbackTransaction();
  } catch {
    const client: { end(): Promise<void> } | undefined = await runner
      .connect()
      .catch(() => undefined);
    // The pool drops a connection that is ending. Waiting for the end could take for ever.
    client?.end().catch(() => undefined);
  }
}
