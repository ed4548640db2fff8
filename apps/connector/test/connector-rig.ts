import type { Configuration } from '@tillbridge/runtime';
import {
  StatusBook,
  type AnyConnection,
  type Settings,
  type SquareConnection,
} from '@tillbridge/runtime';
import { openDatabase, type Database } from '@tillbridge/postgres';
import { freshDatabase } from '@tillbridge/testing';
import { pino } from 'pino';
import { HostedConnections } from '../src/connections/hosted-connections.js';
import { IntentBook, type NewIntent } from '../src/intents/intent-book.js';
import { CreateConnector1767225600000 } from '../src/migrations/1767225600000-create-connector.js';
import { EntityBook } from '../src/observations/entity-book.js';
import { FetchQueue } from '../src/observations/fetch-queue.js';
import { PollBook } from '../src/observations/poll-book.js';
import { RefBook } from '../src/refs/ref-book.js';
import type { Questions, Vendor, VendorTools } from '../src/vendor.js';
import { WebhookJournal } from '../src/webhooks/webhook-journal.js';

/** A message as it waits in the outbox. */
export interface Sent {
  readonly type: string;
  readonly id: string;

  readonly data: any;
}

/** The connector's core on a database of its own, without NATS: what it says is in the outbox. */
export class ConnectorRig {
  readonly queue: FetchQueue;
  readonly intents: IntentBook;
  readonly journal: WebhookJournal;
  private readonly refs: RefBook;
  private hosted: HostedConnections | undefined;

  private constructor(
    readonly database: Database,
    private readonly drop: () => Promise<void>,
    private readonly timeScale: number,
  ) {
    this.queue = new FetchQueue(database);
    this.intents = new IntentBook(database);
    this.journal = new WebhookJournal(database);
    this.refs = new RefBook(database);
  }

  static async open(timeScale = 60): Promise<ConnectorRig> {
    const fresh = await freshDatabase();
    const migrations = [CreateConnector1767225600000];
    const database = await openDatabase({ url: fresh.url, service: 'connector', migrations });
    return new ConnectorRig(database, () => fresh.drop(), timeScale);
  }

  /** What a vendor folder is given. */
  tools(configuration: Partial<Configuration>, connection: string, asker?: Questions): VendorTools {
    return {
      refs: this.refs.of(connection),
      asker: asker ?? { ask: () => Promise.reject(new Error('nobody answers here')) },
      logger: pino({ level: 'silent' }),
      clock: Date,
      timeScale: this.timeScale,
      configuration: configuration as Configuration,
    };
  }

  /** Starts to host the vendors, as a process does when it starts. */
  host(...vendors: Vendor[]): HostedConnections {
    if (this.hosted !== undefined) throw new Error('stop or kill the one before');
    this.hosted = this.hostBeside(...vendors);
    return this.hosted;
  }

  /** Another process, while one is there. Whoever starts it stops it. */
  hostBeside(...vendors: Vendor[]): HostedConnections {
    const { database, queue, refs, intents } = this;
    const hosted = new HostedConnections(
      vendors,
      pino({ level: process.env.TEST_LOG ?? 'silent' }),
      { timeScale: this.timeScale } as Settings,
      database,
      queue,
      new EntityBook(),
      new PollBook(database),
      refs,
      intents,
      new StatusBook(),
    );
    hosted.onApplicationBootstrap();
    return hosted;
  }

  /** Lets go of the process as a kill does: nothing under way is waited for, or heard of again. */
  async kill(): Promise<void> {
    void this.hosted?.beforeApplicationShutdown();
    this.hosted = undefined;
    await this.database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'tillbridge-tenures'`,
    );
  }

  /** How many processes have asked for the right to drive the connections, granted or not. */
  async askers(): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(
      `select count(*)::int from pg_stat_activity
       where datname = current_database() and application_name = 'tillbridge-tenures'
         and state = 'idle' and query like '%pg_try_advisory_lock%'`,
    );
    return row?.count ?? 0;
  }

  async stop(): Promise<void> {
    await this.hosted?.beforeApplicationShutdown();
    this.hosted = undefined;
  }

  async close(): Promise<void> {
    await this.stop();
    await this.database.close();
    await this.drop();
  }

  async plan(...intents: NewIntent[]): Promise<void> {
    await this.database.inTransaction((tx) => this.intents.add(tx, intents));
    for (const { connection } of intents) this.hosted?.find(connection)?.worker.wake();
  }

  /** Everything said so far, of one subject when it is given, in order. */
  async sent(subject = ''): Promise<Sent[]> {
    const rows = await this.database.query<{ id: string; subject: string; payload: string }>(
      `select message_id as id, subject, payload from outbox
       where subject like '%' || $1 || '%' order by sequence`,
      [subject],
    );
    return rows.map((row) => ({ id: row.id, type: row.subject, data: JSON.parse(row.payload) }));
  }
}

export function aConnection(about: Partial<AnyConnection> = {}): SquareConnection {
  return {
    id: 'till',
    vendor: 'square',
    mode: 'live',
    ordersFrom: '2026-01-01T00:00:00Z',
    baseUrl: 'http://127.0.0.1:9',
    apiVersion: '2025-08-20',
    accessToken: 'token',
    webhookSignatureKey: 'key',
    requestsPerSecond: 50,
    pollSeconds: 1,
    poNumberTo: ['metadata', 'shipping-note'],
    ...about,
  } as SquareConnection;
}
