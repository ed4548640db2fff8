import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, untilReady, workspaceRoot, type ServerProcess } from '@tillbridge/embedded';
import type { OutgoingMessage } from '@tillbridge/runtime';
import pg from 'pg';
import { residentMb } from '../resident-memory.js';
import type { Servers } from '../servers.js';
import type { Road, StreamTraffic } from '../stream-traffic.js';
import { COUNT_CONSUMER, FACT_CONSUMERS, type Mix, type StockFacts } from './stock-facts.js';

/** What the bare program takes, in the place of `evt.pos.stock-counted.v1`. */
export const BARE_SUBJECT = 'evt.bare.stock-counted.v1';

const ROADS: Readonly<Record<SideName, Road>> = {
  inventory: { consumers: FACT_CONSUMERS, outSubject: 'evt.inventory.availability-changed.v1' },
  bare: { consumers: ['bare'], outSubject: 'evt.bare.availability-changed.v1' },
};
const READY_WITHIN_MS = 60_000;

export type SideName = 'inventory' | 'bare';

/** Rows that a measurement leaves behind. */
interface Rows {
  readonly inbox: number;
  readonly causes: number;
  readonly ledger: number;
  readonly outbox: number;
}

/** The built inventory service or the bare program, running, with a database of its own. */
export class StockSide {
  private constructor(
    private readonly name: SideName,
    private readonly road: Road,
    private readonly program: ServerProcess,
    private readonly database: pg.Client,
    private readonly traffic: StreamTraffic,
    private readonly facts: StockFacts,
  ) {}

  /** `env` names the database; `facts` have told this side all that is in it. */
  static async start(
    name: SideName,
    servers: Servers,
    traffic: StreamTraffic,
    { env, facts }: { env: Readonly<Record<string, string>>; facts: StockFacts },
  ): Promise<StockSide> {
    const main = {
      inventory: path.join(workspaceRoot(), 'apps', 'inventory', 'dist', 'main.js'),
      bare: fileURLToPath(new URL('./bare-program.js', import.meta.url)),
    };
    const program = await servers.startProgram({
      name,
      main: main[name],
      env: { ...env, HTTP_PORT: String(await freePort()) },
      stopSignal: name === 'bare' ? 'SIGINT' : 'SIGTERM',
    });
    await untilReady(program, name, READY_WITHIN_MS, () => traffic.isPulled(ROADS[name]));
    const database = new pg.Client({ connectionString: env['DATABASE_URL'] });
    await database.connect();
    return new StockSide(name, ROADS[name], program, database, traffic, facts);
  }

  async stop(): Promise<void> {
    await this.database.end();
    await this.program.stop();
  }

  /** Takes in what was before anything is measured. */
  async open(): Promise<void> {
    await this.traffic.fillAndGo(this.road, this.facts.opening());
    await this.untilDone();
    await this.compareFigures();
  }

  /**
   * Facts a second from a standing backlog: applied, acked, and all that comes of them published.
   *
   * @throws Error when rows, figures or messages are not what they have to be.
   */
  async drain(mix: Mix, count: number): Promise<number> {
    const subject = this.name === 'bare' ? BARE_SUBJECT : undefined;
    const messages = this.facts.sales(mix, count, subject);
    const before = { rows: await this.rows(), ...(await this.traffic.standing(this.road)) };
    const beganMs = await this.goWith(messages);
    await this.untilDone();
    const tookMs = performance.now() - beganMs;
    const after = await this.rows();
    const { out } = await this.traffic.standing(this.road);
    const left = {
      inbox: after.inbox - before.rows.inbox,
      causes: after.causes - before.rows.causes,
      ledger: after.ledger - before.rows.ledger,
      published: out - before.out,
    };
    const unmoved = after.outbox - before.rows.outbox !== left.published;
    // A hot SKU is told once a batch, however often it was sold in it.
    const least = mix === 'spread' ? count : 1;
    const wrong = [left.inbox !== count, left.causes !== count, left.ledger < least, unmoved];
    if (wrong.includes(true) || left.published < least || left.ledger > count) {
      throw new Error(`${this.name}: ${count} facts left ${JSON.stringify(left)}`);
    }
    await this.compareFigures();
    return count / (tookMs / 1_000);
  }

  /** What the process holds now, in MB. */
  rssMb(): Promise<number> {
    return residentMb([this.program.pid]);
  }

  private goWith(messages: readonly OutgoingMessage[]): Promise<number> {
    const consumers = this.name === 'bare' ? this.road.consumers : [COUNT_CONSUMER];
    return this.traffic.fillAndGo({ ...this.road, consumers }, messages);
  }

  private untilDone(): Promise<void> {
    return this.traffic.until(this.road, async () => {
      if ((await this.traffic.standing(this.road)).left > 0) return false;
      const { rows } = await this.database.query(UNPUBLISHED);
      return rows[0]?.count === 0;
    });
  }

  private async rows(): Promise<Rows> {
    const { rows } = await this.database.query<Rows>(ROWS);
    if (rows[0] === undefined) throw new Error('the database counts nothing');
    return rows[0];
  }

  /** @throws Error that names the first SKU of which the shop would be told a wrong figure. */
  private async compareFigures(): Promise<void> {
    const { rows } = await this.database.query<{ sku: string; units: number }>(DESIRED);
    const found = new Map(rows.map(({ sku, units }) => [sku, units]));
    for (const [sku, units] of this.facts.desired()) {
      if (found.get(sku) === units) continue;
      throw new Error(`${this.name}: ${sku} should be ${units} and is ${found.get(sku)}`);
    }
  }
}

const UNPUBLISHED = 'SELECT count(*)::int FROM outbox WHERE published_at IS NULL';
const DESIRED = 'SELECT sku, desired_units AS units FROM publication';
const ROWS = `
  SELECT (SELECT count(*)::int FROM inbox) AS inbox,
         (SELECT count(*)::int FROM stock_cause WHERE contained) AS causes,
         (SELECT count(*)::int FROM stock_ledger) AS ledger,
         (SELECT count(*)::int FROM outbox WHERE subject LIKE '%.availability-changed.v1') AS outbox`;
