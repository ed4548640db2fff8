import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import { AskOrderFigures, type OrderFigures } from '@tillbridge/contracts';
import { freePort, untilReady, workspaceRoot, type ServerProcess } from '@tillbridge/embedded';
import { Asker, connectNats } from '@tillbridge/messaging';
import pg from 'pg';
import { residentMb } from '../resident-memory.js';
import { startServers, type Servers } from '../servers.js';
import { CannedShop } from './canned-shop.js';
import { CannedTill } from './canned-till.js';
import { CUSTOMERS, SKUS } from './made-orders.js';
import { ordersConfiguration } from './orders-configuration.js';

export interface HubOptions {
  readonly dataDir: string;
  /** Calls a second that the hub believes the till allows. */
  readonly tillRequestsPerSecond: number;
  report(line: string): void;
}

const SERVICES = ['customers', 'payments', 'orders', 'inventory', 'connector'] as const;
const READY_WITHIN_MS = 60_000;
const OPENED_WITHIN_MS = 120_000;
const LOOK_MS = 200;
const MEMORY_LOOK_MS = 1_000;

/** All services as built, each a process, between a canned shop and a canned till. */
export class Hub {
  private readonly asker: Asker;
  private readonly leaving = new AbortController();
  private readonly watched: Promise<void>;
  /** The most that all of them held together. */
  mostMb = 0;

  private constructor(
    readonly till: CannedTill,
    private readonly shop: CannedShop,
    private readonly servers: Servers,
    private readonly nats: NatsConnection,
    private readonly services: readonly ServerProcess[],
    readonly connectorUrl: string,
  ) {
    this.asker = new Asker(nats);
    this.watched = this.watchMemory();
  }

  /** Resolves when the hub knows all goods and customers. */
  static async open(options: HubOptions): Promise<Hub> {
    const [shop, till, port] = [new CannedShop(), new CannedTill(), await freePort()];
    await Promise.all([shop.vendor.open(), till.vendor.open()]);
    try {
      const { tillRequestsPerSecond } = options;
      const connectorUrl = `http://127.0.0.1:${port}`;
      const [shopUrl, tillUrl] = [shop.vendor.url, till.vendor.url];
      const urls = { shopUrl, tillUrl, webhookBaseUrl: connectorUrl };
      const configuration = ordersConfiguration({ ...urls, tillRequestsPerSecond });
      const servers = await startServers({ ...options, configuration });
      try {
        const started = SERVICES.map((name) =>
          startService(servers, name, name === 'connector' ? port : undefined),
        );
        const programs = await Promise.all(started);
        const nats = await connectNats({ ...servers.nats, name: 'bench' });
        return new Hub(till, shop, servers, nats, programs, connectorUrl);
      } catch (error) {
        await servers.stop();
        throw error;
      }
    } catch (error) {
      await Promise.all([shop.vendor.close(), till.vendor.close()]);
      throw error;
    }
  }

  /** @throws Error when the hub asked its vendors for something that they have no answer to. */
  async close(): Promise<void> {
    this.leaving.abort();
    await this.watched;
    await this.nats.close();
    await this.servers.stop();
    await Promise.all([this.shop.vendor.close(), this.till.vendor.close()]);
    const unknown = [...this.shop.vendor.unknown, ...this.till.vendor.unknown];
    if (unknown.length > 0) throw new Error(`no answer is canned for ${unknown.join(', ')}`);
  }

  figures(): Promise<OrderFigures> {
    return this.asker.ask<OrderFigures>(new AskOrderFigures());
  }

  private async watchMemory(): Promise<void> {
    const pids = this.services.map(({ pid }) => pid);
    const { signal } = this.leaving;
    while (!signal.aborted) {
      this.mostMb = Math.max(this.mostMb, await residentMb(pids));
      await sleep(MEMORY_LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** The table that each fills from what its vendors are asked for at the start, and the rows then. */
const OPENING: Readonly<Record<string, { readonly table: string; readonly rows: number }>> = {
  inventory: { table: 'stock_level', rows: SKUS },
  customers: { table: 'customer_link', rows: CUSTOMERS },
};

async function startService(
  servers: Servers,
  name: string,
  wantedPort: number | undefined,
): Promise<ServerProcess> {
  const port = wantedPort ?? (await freePort());
  const env = await servers.environmentOf(name);
  const program = await servers.startProgram({
    name,
    main: path.join(workspaceRoot(), 'apps', name, 'dist', 'main.js'),
    env: { ...env, HTTP_PORT: String(port) },
  });
  const url = `http://127.0.0.1:${port}/health/ready`;
  const isReady = async (): Promise<boolean> =>
    (await fetch(url).catch(() => undefined))?.ok === true;
  await untilReady(program, name, READY_WITHIN_MS, isReady);
  const opening = OPENING[name];
  if (opening !== undefined) await untilRows(env['DATABASE_URL'], opening);
  return program;
}

/** @throws Error when the rows are not there within reasonable time. */
async function untilRows(
  connectionString: string | undefined,
  { table, rows }: { readonly table: string; readonly rows: number },
): Promise<void> {
  const database = new pg.Client({ connectionString });
  // When another service does not come up the server is stopped under us; the query then says so.
  database.on('error', () => undefined);
  await database.connect();
  try {
    const endMs = Date.now() + OPENED_WITHIN_MS;
    for (;;) {
      const answer = await database.query(`SELECT count(*)::int AS rows FROM ${table}`);
      const found = answer.rows[0]?.rows;
      if (found >= rows) return;
      if (Date.now() > endMs) throw new Error(`${found} of ${rows} rows are in ${table}`);
      await sleep(LOOK_MS);
    }
  } finally {
    await database.end();
  }
}
