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
  const marked = await client.query(
    `INSERT INTO inbox (consumer, message_id) SELECT 'bare', * FROM unnest($1::text[])
     ON CONFLICT DO NOTHING RETURNING message_id`,
    [batch.map(idOf)],
  );
  const ids = new Set(marked.rows.map((row) => row.message_id));
  const fresh = batch.filter((message) => ids.has(idOf(message)));
  const figures = fresh.map((message) => message.json<Record<string, unknown>>());
  await client.query(
    `INSERT INTO figure (message_id, sku, units)
     SELECT * FROM unnest($1::text[], $2::text[], $3::int[])`,
    [fresh.map(idOf), figures.map(({ sku }) => sku), figures.map((each) => each['availableUnits'])],
  );
  const out = figures.map(({ revision: _, observedAt: asOf, ...rest }) => {
    const id = crypto.randomUUID();
    const source = { 'ce-specversion': '1.0', 'ce-id': id, 'ce-type': OUT, 'ce-source': '/bare' };
    const about = { 'ce-subject': rest['sku'], 'ce-time': new Date().toISOString() };
    const traceparent = `00-${id.replaceAll('-', '')}-${id.slice(0, 8)}${id.slice(-8)}-01`;
    const head = { ...source, ...about, 'content-type': 'application/json', traceparent };
    return { id, head: JSON.stringify(head), payload: JSON.stringify({ ...rest, asOf }) };
  });
  await client.query(
    `INSERT INTO outbox (message_id, subject, headers, payload)
     SELECT id, '${OUT}', headers, payload
       FROM unnest($1::text[], $2::jsonb[], $3::text[]) AS o (id, headers, payload)`,
    [out.map(({ id }) => id), out.map(({ head }) => head), out.map(({ payload }) => payload)],
  );
}

async function relay(): Promise<void> {
  for (;;) {
    const woken = new Promise<void>((resolve) => (wakeRelay = resolve));
    if ((await inTransaction(publish)) === 0) await woken;
  }
}

async function publish(client: pg.PoolClient): Promise<number> {
  const { rows } = await client.query(
    `SELECT sequence, message_id, subject, headers, payload FROM outbox
      WHERE published_at IS NULL ORDER BY sequence LIMIT 1000 FOR UPDATE SKIP LOCKED`,
  );
  const batch = crypto.randomUUID();
  for (const [at, row] of rows.entries()) {
    const head = headers();
    for (const [name, value] of Object.entries<string>(row.headers)) head.set(name, value);
    head.set('Nats-Msg-Id', row.message_id);
    head.set('Nats-Batch-Id', batch);
    head.set('Nats-Batch-Sequence', String(at + 1));
    if (at < rows.length - 1) nats.publish(row.subject, row.payload, { headers: head });
    else {
      head.set('Nats-Batch-Commit', '1');
      const ack = await nats.request(row.subject, row.payload, { headers: head, timeout: 5_000 });
      if (ack.json<{ count?: number }>().count !== rows.length) throw new Error(ack.string());
    }
  }
  const mark = 'UPDATE outbox SET published_at = now() WHERE sequence = ANY($1::bigint[])';
  if (rows.length > 0) await client.query(mark, [rows.map(({ sequence }) => sequence)]);
  return rows.length;
}

async function inTransaction<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  await client.query('BEGIN');
  const result = await work(client);
  await client.query('COMMIT');
  client.release();
  return result;
}
