import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Database, Tenures } from '@tillbridge/postgres';
import { LOGGER, Settings, StatusBook } from '@tillbridge/runtime';
import type { Logger } from 'pino';
import { IntentBook } from '../intents/intent-book.js';
import { IntentWorker } from '../intents/intent-worker.js';
import { EntityBook } from '../observations/entity-book.js';
import { FeedRunner } from '../observations/feed-runner.js';
import { FetchQueue } from '../observations/fetch-queue.js';
import { Observer } from '../observations/observer.js';
import { PollBook } from '../observations/poll-book.js';
import { RefBook } from '../refs/ref-book.js';
import type { Vendor } from '../vendor.js';
import { VENDORS } from '../vendors.js';
import { ConnectionHealth } from './connection-health.js';
import { ConnectionKeeper } from './connection-keeper.js';

/** A connection as this process drives it. */
export interface HostedConnection {
  readonly vendor: Vendor;
  readonly observer: Observer;
  readonly worker: IntentWorker;
  readonly keeper: ConnectionKeeper;
}

/**
 * The connections of this process. Any process takes in webhooks and commands; one at a time reads
 * from a vendor and acts there, so that during a rolling restart no act is done by both.
 */
@Injectable()
export class HostedConnections implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly hosts = new Map<string, HostedConnection>();
  /** Those that this process reads from and acts on. */
  private readonly driven = new Set<string>();
  private readonly turns = new Map<string, Promise<void>>();
  private readonly tenures: Tenures;

  constructor(
    @Inject(VENDORS) vendors: readonly Vendor[],
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly settings: Settings,
    private readonly database: Database,
    private readonly queue: FetchQueue,
    private readonly entities: EntityBook,
    private readonly polls: PollBook,
    private readonly refs: RefBook,
    private readonly intents: IntentBook,
    private readonly status: StatusBook,
  ) {
    this.tenures = new Tenures(database, logger);
    for (const vendor of vendors) this.hosts.set(vendor.connection.id, this.hostOf(vendor));
  }

  find(connection: string): HostedConnection | undefined {
    return this.hosts.get(connection);
  }

  onApplicationBootstrap(): void {
    this.status.report('connector', () => this.figures());
    this.tenures.start(
      [...this.hosts.keys()].map((connection) => ({
        name: `connection ${connection}`,
        begin: () => void this.inTurn(connection, async () => this.begin(connection)),
        end: () => this.inTurn(connection, () => this.end(connection)),
      })),
    );
  }

  /**
   * Drives a connection by another configuration from now on. What is under way comes to its end
   * first; `between` is run when nothing of the connection is.
   */
  async replace(vendor: Vendor, between: () => Promise<void>): Promise<void> {
    const connection = vendor.connection.id;
    await this.inTurn(connection, async () => {
      const driven = this.driven.has(connection);
      if (driven) await this.end(connection);
      try {
        await between();
        this.hosts.set(connection, this.hostOf(vendor));
      } finally {
        if (driven) this.begin(connection);
      }
    });
  }

  private begin(connection: string): void {
    const host = this.hosts.get(connection);
    this.driven.add(connection);
    host?.keeper.start();
    host?.observer.start();
    host?.worker.start();
  }

  private async end(connection: string): Promise<void> {
    const host = this.hosts.get(connection);
    if (host === undefined) return;
    const { vendor, observer, worker, keeper } = host;
    const stopped = [observer.stop(), worker.stop(), keeper.stop()];
    // After them, or what fails for it would be tried once more.
    vendor.mayWait(false);
    await Promise.all(stopped);
    vendor.mayWait(true);
    this.driven.delete(connection);
  }

  /** What begins and ends a connection's driving, one after the other. */
  private inTurn(connection: string, work: () => Promise<void>): Promise<void> {
    const turn = (this.turns.get(connection) ?? Promise.resolve()).then(work);
    this.turns.set(
      connection,
      turn.catch(() => undefined),
    );
    return turn;
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.tenures.stop();
  }

  private hostOf(vendor: Vendor): HostedConnection {
    const { database, queue, entities, polls, refs, intents } = this;
    const { timeScale } = this.settings;
    const connection = vendor.connection.id;
    const logger = this.logger.child({ connection });
    const health = new ConnectionHealth(database, connection, logger);
    const books = { database, queue, entities, refs, health, logger, timeScale };
    const runner = new FeedRunner(connection, { ...books, polls });
    const observer = new Observer(vendor, { ...books, runner });
    const wakeReader = () => observer.wake();
    const worker = new IntentWorker(vendor, { ...books, intents, wakeReader });
    const keeper = new ConnectionKeeper(vendor, { health, logger, timeScale });
    return { vendor, observer, worker, keeper };
  }

  private async figures(): Promise<Record<string, number>> {
    const connections = [...this.hosts.keys()];
    const [fetchQueued, acts] = await Promise.all([
      this.queue.open(connections),
      this.intents.load(connections),
    ]);
    const intentsOpen = acts.reduce((sum, { open }) => sum + open, 0);
    const figures: Record<string, number> = {
      fetchQueued,
      intentsOpen,
      connectionsDriven: this.tenures.count,
      pollsRunning: 0,
      busy: fetchQueued + intentsOpen,
    };
    for (const [connection, { vendor, observer }] of this.hosts) {
      figures.pollsRunning = (figures.pollsRunning ?? 0) + observer.running;
      figures[`pollsCompleted:${connection}`] = observer.completedRounds;
      // What is to be read goes many at a time: only calls that wait tell how much of it is calls.
      const actsDue = acts.find((each) => each.connection === connection)?.due ?? 0;
      figures[`callsDue:${connection}`] = vendor.callsWaiting() + actsDue;
    }
    return figures;
  }
}
