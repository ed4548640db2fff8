import { fileURLToPath } from 'node:url';
import { freePort, untilReady, type ServerProcess } from '@tillbridge/embedded';
import { openDatabase, type Database } from '@tillbridge/postgres';
import type { Servers } from '../servers.js';
import type { StreamTraffic } from '../stream-traffic.js';
import { SHAPES, type ShapeName } from './message-shape.js';
import { BARE, observedFigures, OURS, type FigureRoad } from './observed-figures.js';
import { CreateFigure1767225700000 } from './service/create-figure.migration.js';
import type { Measures } from './service/measures.controller.js';

const READY_WITHIN_MS = 60_000;

/** One of the two programs, running, with a database of its own and its road. */
export class Side {
  private readonly nextFigure = observedFigures();

  private constructor(
    readonly road: FigureRoad,
    private readonly program: ServerProcess,
    private readonly database: Database,
    private readonly traffic: StreamTraffic,
    private readonly url: string,
    /** Messages that were put on this road since it is there. */
    private asked: number,
  ) {}

  static async start(
    kind: 'ours' | 'bare',
    shape: ShapeName,
    servers: Servers,
    traffic: StreamTraffic,
  ): Promise<Side> {
    const road = kind === 'ours' ? OURS : BARE;
    const name = kind === 'ours' ? 'inventory' : 'bare';
    const { size, atOnce, pool } = SHAPES[shape];
    const [port, service] = [await freePort(), await servers.environmentOf(name)];
    // The tables of both are made here, so that they are the same.
    const database = await openDatabase({
      url: service['DATABASE_URL'] ?? '',
      service: 'inventory',
      migrations: [CreateFigure1767225700000],
      pool: 1,
    });
    const { user, password } = servers.nats;
    const program = await servers.startProgram({
      name: `${kind}-${shape}`,
      main: fileURLToPath(new URL(PROGRAMS[kind], import.meta.url)),
      env: {
        ...service,
        ...(kind === 'bare' && { NATS_USER: user, NATS_PASSWORD: password }),
        HTTP_PORT: String(port),
        DATABASE_POOL: String(pool),
        BENCH_SIZE: String(size),
        BENCH_AT_ONCE: String(atOnce),
      },
      stopSignal: kind === 'ours' ? 'SIGTERM' : 'SIGINT',
    });
    await untilReady(program, kind, READY_WITHIN_MS, () => traffic.isPulled(road));
    const { out } = await traffic.standing(road);
    return new Side(road, program, database, traffic, `http://127.0.0.1:${port}`, out);
  }

  async stop(): Promise<void> {
    await this.program.stop();
    await this.database.close();
  }

  /**
   * Messages a second from a standing backlog: taken, handled, acked, published and marked.
   *
   * @throws Error when something was lost or done twice: then the figure would be worth nothing.
   */
  async drain(count: number): Promise<number> {
    const messages = Array.from({ length: count }, () => this.nextFigure(this.road));
    const beganMs = await this.traffic.fillAndGo(this.road, messages);
    const doneMs = await this.untilDone(count);
    return count / ((doneMs - beganMs) / 1_000);
  }

  /** Milliseconds from publish to handled, of every message of an even load. */
  async delaysMs(perSecond: number, seconds: number): Promise<readonly number[]> {
    await this.measures();
    const count = await this.traffic.pace(() => this.nextFigure(this.road), perSecond, seconds);
    await this.untilDone(count);
    const { delaysMs } = await this.measures();
    if (delaysMs.length !== count) throw new Error(`${delaysMs.length} of ${count} were timed`);
    return delaysMs;
  }

  async measures(): Promise<Measures> {
    const answer = await fetch(`${this.url}/measures`);
    if (!answer.ok) throw new Error(`the service answered ${answer.status}: see its log`);
    return (await answer.json()) as Measures;
  }

  /** The moment at which all that was asked for so far, and `count` more, was done. */
  private async untilDone(count: number): Promise<number> {
    this.asked += count;
    await this.traffic.until(this.road, async () => {
      const { out, left } = await this.traffic.standing(this.road);
      return out >= this.asked && left === 0 && (await this.count(UNPUBLISHED)) === 0;
    });
    const doneMs = performance.now();
    const [rows, { out }] = [await this.count(ROWS), await this.traffic.standing(this.road)];
    if (rows === this.asked && out === this.asked) return doneMs;
    throw new Error(`${this.asked} messages left ${rows} rows and ${out} messages`);
  }

  private async count(sql: string): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(sql);
    return row?.count ?? Number.NaN;
  }
}

const ROWS = 'SELECT count(*)::int FROM figure';
const UNPUBLISHED = 'SELECT count(*)::int FROM outbox WHERE published_at IS NULL';
const PROGRAMS = { ours: './service/main.js', bare: './bare-program.js' } as const;
