import { TraceOrder, type OrderTrace } from '@tillbridge/contracts';
import { Asker, connectNats } from '@tillbridge/messaging';
import pg from 'pg';
import { benchConfiguration } from '../bench-configuration.js';
import { startBuiltService } from '../built-service.js';
import { startServers } from '../servers.js';
import { percentiles, round, type Percentiles } from '../statistics.js';
import { askedBy, storeOrders, type Asked } from './stored-orders.js';

/** The report's keys are a public interface. */
export interface TraceReport {
  /** Orders that were stored. */
  readonly orders: number;
  /** Steps of their stories. */
  readonly steps: number;
  readonly databaseMb: number;
  /** Questions that were asked; every answer was held against what is stored. */
  readonly questions: number;
  /** From the question to its answer, over NATS. */
  readonly ms: Percentiles;
}

const QUESTIONS = 4_000;
/** Asked before, while code and caches are cold. */
const FIRST = 200;
/** People who ask at the same time. */
const PEOPLE = 4;
/** A step through all orders that meets each once. */
const STRIDE = 7_919;

/** How long people wait for the story of an order. */
export async function runTrace(options: {
  dataDir: string;
  orders: number;
  report(line: string): void;
}): Promise<TraceReport> {
  const { orders, report } = options;
  const servers = await startServers({ ...options, configuration: benchConfiguration() });
  try {
    const env = await servers.environmentOf('orders');
    await startBuiltService(servers, 'orders', env);
    const database = new pg.Client({ connectionString: env['DATABASE_URL'] });
    await database.connect();
    const nats = await connectNats({ ...servers.operator, name: 'bench' });
    try {
      const steps = await storeOrders(database, orders);
      const databaseMb = await sizeOf(database);
      report(`${orders} orders with ${steps} steps are stored, ${databaseMb} MB in all`);
      const asker = new Asker(nats);
      await askAll(asker, orders, FIRST);
      const ms = percentiles(await askAll(asker, orders, QUESTIONS));
      return { orders, steps, databaseMb, questions: QUESTIONS, ms };
    } finally {
      await nats.close();
      await database.end();
    }
  } finally {
    await servers.stop();
  }
}

/** Each person asks the next question when the last one is answered. Milliseconds of each. */
async function askAll(asker: Asker, orders: number, questions: number): Promise<number[]> {
  const tookMs: number[] = [];
  let next = 0;
  const person = async (): Promise<void> => {
    while (next < questions) {
      const turn = next;
      next += 1;
      const asked = askedBy((turn * STRIDE) % orders, turn, orders);
      const beganMs = performance.now();
      const trace = await ask(asker, asked);
      tookMs.push(performance.now() - beganMs);
      refuseWrong(asked, trace);
    }
  };
  await Promise.all(Array.from({ length: PEOPLE }, person));
  return tookMs;
}

function ask(asker: Asker, { identifier }: Asked): Promise<OrderTrace> {
  return asker.ask(Object.assign(new TraceOrder(), { identifier }));
}

/** @throws Error when an answer is another than what is stored: the run means nothing. */
function refuseWrong({ identifier, orderId, matches }: Asked, trace: OrderTrace): void {
  const [order] = trace.orders;
  const right = trace.matches === matches && order?.orderId === orderId;
  if (right && order.timeline.length > 0 && order.places.length > 0) return;
  const found = `${trace.matches} orders, ${order?.orderId ?? 'none'} first`;
  throw new Error(`'${identifier}' names ${matches}, ${orderId} first, and led to ${found}`);
}

async function sizeOf(database: pg.Client): Promise<number> {
  const { rows } = await database.query<{ bytes: string }>(
    'SELECT pg_database_size(current_database()) AS bytes',
  );
  return round(Number(rows[0]?.bytes ?? 0) / 1_048_576);
}
