// What one would write without our libs, doing the same: take messages, mark them in an inbox,
// write a row and an outbox row for each, commit, ack; claim, publish and mark the outbox's rows.
import { jetstream, type JsMsg } from '@nats-io/jetstream';
import { connect, headers } from '@nats-io/transport-node';
import pg from 'pg';

const { env } = process;
const [size, atOnce] = [Number(env['BENCH_SIZE']), Number(env['BENCH_AT_ONCE'])];
const OUT = 'evt.bare.availability-changed.v1';

const login = { servers: env['NATS_URL'], user: env['NATS_USER'], pass: env['NATS_PASSWORD'] };
const nats = await connect(login);
const pool = new pg.Pool({ connectionString: env['DATABASE_URL'], max: Number(env['BENCH_POOL']) });
const consumer = await jetstream(nats).consumers.get('EVENTS', 'bare');
const messages = await consumer.consume({ max_messages: Math.max(2 * size, 4 * atOnce) });
const source = messages[Symbol.asyncIterator]();
let wakeRelay = (): void => undefined;
await Promise.all([relay(), ...Array.from({ length: atOnce }, work)]);

async function work(): Promise<void> {
  for (;;) {
    const batch: JsMsg[] = [];
    while (batch.length < size) batch.push((await source.next()).value);
    await inTransaction((client) => handle(client, batch));
    for (const message of batch) message.ack();
    wakeRelay();
  }
}

async function handle(client: pg.PoolClient, batch: readonly JsMsg[]): Promise<void> {
  const idOf = (message: JsMsg): string => message.headers?.get('ce-id') ?? '';
  const insert = `INSERT INTO inbox (consumer, message_id) SELECT 'bare', * FROM unnest($1::text[])
    ON CONFLICT DO NOTHING RETURNING message_id`;
  const marked = await client.query(insert, [batch.map(idOf)]);
  const ids = new Set(marked.rows.map((row) => row.message_id));
  const fresh = batch.filter((message) => ids.has(idOf(message)));
  const figures = fresh.map((message) => message.json<Record<string, unknown>>());
  const [skus, units] = ['sku', 'availableUnits'].map((name) => figures.map((each) => each[name]));
  await client.query(
    `INSERT INTO figure (message_id, sku, units)
     SELECT * FROM unnest($1::text[], $2::text[], $3::int[])`,
    [fresh.map(idOf), skus, units],
  );
  const out = figures.map(({ revision: _, observedAt: asOf, ...rest }) => {
    const id = crypto.randomUUID();
    const source = { 'ce-specversion': '1.0', 'ce-id': id, 'ce-type': OUT, 'ce-source': '/bare' };
    const about = { 'ce-subject': rest['sku'], 'ce-time': new Date().toISOString() };
    const traceparent = `00-${id.replaceAll('-', '')}-${id.slice(0, 8)}${id.slice(-8)}-01`;
    const head = { ...source, ...about, 'content-type': 'application/json', traceparent };
    return [id, JSON.stringify(head), JSON.stringify({ ...rest, asOf })];
  });
  const write = `INSERT INTO outbox (subject, message_id, headers, payload)
    SELECT '${OUT}', o.* FROM unnest($1::text[], $2::jsonb[], $3::text[]) AS o`;
  const columns = [0, 1, 2].map((at) => out.map((row) => row[at]));
  await client.query(write, columns);
}

async function relay(): Promise<void> {
  for (let last = 0; ;) {
    const woken = new Promise<void>((resolve) => (wakeRelay = resolve));
    // A little below where it was: with many at once a low number may commit late.
    const reached = await inTransaction((client) => publish(client, last - 1_000));
    if (reached === 0) await woken;
    else last = Math.max(last, reached);
  }
}

async function publish(client: pg.PoolClient, from: number): Promise<number> {
  const claim = `SELECT sequence, message_id, headers, payload FROM outbox WHERE sequence > $1
    AND published_at IS NULL AND parked_at IS NULL ORDER BY 1 LIMIT 1000 FOR UPDATE SKIP LOCKED`;
  const { rows } = await client.query(claim, [from]);
  const batch = crypto.randomUUID();
  for (const [at, row] of rows.entries()) {
    const head = headers();
    for (const [name, value] of Object.entries<string>(row.headers)) head.set(name, value);
    head.set('Nats-Msg-Id', row.message_id);
    head.set('Nats-Batch-Id', batch);
    head.set('Nats-Batch-Sequence', String(at + 1));
    if (at < rows.length - 1) nats.publish(OUT, row.payload, { headers: head });
    else {
      head.set('Nats-Batch-Commit', '1');
      const ack = await nats.request(OUT, row.payload, { headers: head, timeout: 5_000 });
      if (ack.json<{ count?: number }>().count !== rows.length) throw new Error(ack.string());
    }
  }
  const mark = 'UPDATE outbox SET published_at = now() WHERE sequence = ANY($1::bigint[])';
  if (rows.length > 0) await client.query(mark, [rows.map(({ sequence }) => sequence)]);
  return Number(rows.at(-1)?.sequence ?? 0);
}

async function inTransaction<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  await client.query('BEGIN');
  const result = await work(client);
  await client.query('COMMIT');
  client.release();
  return result;
}
