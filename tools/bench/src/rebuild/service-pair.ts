import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ChannelStockObserved } from '@tillbridge/contracts';
import { freePort, untilReady } from '@tillbridge/embedded';
import { ExceptionBook, openDatabase, type Database } from '@tillbridge/postgres';
import { OURS } from '../messaging/observed-figures.js';
import { SHAPES } from '../messaging/message-shape.js';
import { CreateFigure1767225700000 } from '../messaging/service/create-figure.migration.js';
import type { Servers } from '../servers.js';
import type { StreamTraffic } from '../stream-traffic.js';

const READY_WITHIN_MS = 60_000;
const BATCH = 1_000;
const LOOK_MS = 100;

/** A service that says and one that hears, each with a database and an outbox of its own. */
export class ServicePair {
  private said = 0;

  private constructor(
    private readonly speaker: Database,
    private readonly hearer: Database,
    private readonly traffic: StreamTraffic,
  ) {}

  static async start(servers: Servers, traffic: StreamTraffic): Promise<ServicePair> {
    const [speaker, hearer] = await Promise.all([
      servers.environmentOf('connector'),
      servers.environmentOf('inventory'),
    ]);
    const databases = await Promise.all([
      open('connector', speaker, []),
      open('inventory', hearer, [CreateFigure1767225700000]),
    ]);
    // Here a message that is handled twice is to leave two rows, and no error.
    await databases[1].query('ALTER TABLE figure DROP CONSTRAINT figure_pkey');
    const { size, atOnce } = SHAPES.batch;
    await servers.startProgram({
      name: 'speaker',
      main: fileURLToPath(new URL('./service/main.js', import.meta.url)),
      env: { ...speaker, HTTP_PORT: String(await freePort()) },
    });
    const program = await servers.startProgram({
      name: 'hearer',
      main: fileURLToPath(new URL('../messaging/service/main.js', import.meta.url)),
      env: {
        ...hearer,
        HTTP_PORT: String(await freePort()),
        BENCH_SIZE: String(size),
        BENCH_AT_ONCE: String(atOnce),
      },
    });
    await untilReady(program, 'hearer', READY_WITHIN_MS, () => traffic.isPulled(OURS));
    return new ServicePair(...databases, traffic);
  }

  async close(): Promise<void> {
    await this.speaker.close();
    await this.hearer.close();
  }

  /** Into the speaker's outbox, a thousand in each transaction. */
  async say(count: number): Promise<void> {
    for (let left = count; left > 0; left -= BATCH) {
      const figures = Array.from({ length: Math.min(left, BATCH) }, () => this.nextFigure());
      await this.speaker.inTransaction(async (tx) => tx.send(figures));
    }
  }

  /** Says so many a second until told to stop. */
  async sayEvenly(perSecond: number, stop: AbortSignal): Promise<void> {
    const beganMs = performance.now();
    for (let sent = 0; !stop.aborted; await sleep(LOOK_MS)) {
      const due = Math.floor(((performance.now() - beganMs) / 1_000) * perSecond);
      await this.say(due - sent);
      sent = due;
    }
  }

  /** Waits until all that was said so far is in the stream, heard, and answered there. */
  async untilQuiet(): Promise<void> {
    await this.traffic.until(OURS, async () => {
      const { left } = await this.traffic.standing(OURS);
      const waiting = await Promise.all([this.speaker, this.hearer].map(unpublished));
      return left === 0 && waiting.every((count) => count === 0);
    });
  }

  /** Waits until the hearer is done with what is in the stream by now, whatever is said meanwhile. */
  async untilHeard(): Promise<void> {
    const last = await this.traffic.lastSequence(OURS.inSubject);
    await this.traffic.until(OURS, async () => (await this.traffic.ackFloor(OURS)) >= last);
  }

  /** True while both say that they have lost a stream. */
  async isLossRaised(): Promise<boolean> {
    const open = await Promise.all(
      [this.speaker, this.hearer].map((database) =>
        new ExceptionBook(database).open('stream-recreated'),
      ),
    );
    return open.every((exceptions) => exceptions.length > 0);
  }

  /** What is missing, and what is there too often: an effect for each message, each in the stream. */
  async compareBooks(): Promise<{ readonly lost: number; readonly doubled: number }> {
    const said = await idsIn(this.speaker);
    const answered = await idsIn(this.hearer);
    const rows = await this.hearer.query<{ message_id: string }>('SELECT message_id FROM figure');
    const effects = new Set(rows.map(({ message_id }) => message_id));
    const inStream = await this.traffic.ids();
    const without = said.filter((id) => !effects.has(id)).length;
    const missing = [...said, ...answered].filter((id) => !inStream.has(id)).length;
    const doubledRows = rows.length - effects.size;
    const doubledAnswers = Math.max(0, answered.length - effects.size);
    return { lost: without + missing, doubled: doubledRows + doubledAnswers };
  }

  private nextFigure(): ChannelStockObserved {
    this.said += 1;
    return Object.assign(new ChannelStockObserved(), {
      connectionId: 'shop',
      channelLocationId: 'gid://shopify/Location/1',
      sku: `SKU-${this.said % 5_000}`,
      availableUnits: this.said % 1_000,
      revision: this.said,
      observedAt: new Date().toISOString(),
    });
  }
}

function open(
  service: 'connector' | 'inventory',
  env: Readonly<Record<string, string>>,
  migrations: Parameters<typeof openDatabase>[0]['migrations'],
): Promise<Database> {
  return openDatabase({ url: env['DATABASE_URL'] ?? '', service, migrations, pool: 2 });
}

async function unpublished(database: Database): Promise<number> {
  const [row] = await database.query<{ count: number }>(
    'SELECT count(*)::int FROM outbox WHERE published_at IS NULL',
  );
  return row?.count ?? Number.NaN;
}

/** Of the messages of the bench; exceptions are news of their own. */
async function idsIn(database: Database): Promise<string[]> {
  const rows = await database.query<{ message_id: string }>(
    "SELECT message_id FROM outbox WHERE subject NOT LIKE '%.exception-%'",
  );
  return rows.map(({ message_id }) => message_id);
}
