// What one would write without our libs: take figures, mark them in an inbox, write levels, causes,
// ledger, publications and outbox, commit, ack; publish and mark what is in the outbox.
import { jetstream, type JsMsg } from '@nats-io/jetstream';
import { connect, headers } from '@nats-io/transport-node';
import pg from 'pg';

const { env } = process;
const login = { servers: env['NATS_URL'], user: env['NATS_USER'], pass: env['NATS_PASSWORD'] };
const nats = await connect(login);
const database = new pg.Pool({ connectionString: env['DATABASE_URL'], max: 2 });
const consumer = await jetstream(nats).consumers.get('EVENTS', 'bare');
const source = (await consumer.consume({ max_messages: 1_000 }))[Symbol.asyncIterator]();
const OUT = 'evt.bare.availability-changed.v1';
let wakeRelay = (): void => undefined;
await Promise.all([work(await database.connect()), relay(await database.connect())]);

async function work(client: pg.PoolClient): Promise<void> {
  for (;;) {
    const batch: JsMsg[] = [];
    while (batch.length < 500) batch.push((await source.next()).value);
    await client.query('BEGIN');
    await handle(client, batch);
    await client.query('COMMIT');
    for (const message of batch) message.ack();
    wakeRelay();
  }
}

async function handle(client: pg.PoolClient, batch: readonly JsMsg[]): Promise<void> {
  const idOf = (each: JsMsg): string => each.headers?.get('ce-id') ?? '';
  const told = batch.map((each) => ({ ...each.json<{ sku: string }>(), id: idOf(each) }));
  const mark = `INSERT INTO inbox (consumer, message_id) SELECT 'bare', * FROM unnest($1::text[])
    ON CONFLICT DO NOTHING RETURNING message_id`;
  const marked = await client.query(mark, [told.map(({ id }) => id)]);
  const fresh = new Set(marked.rows.map((row) => row.message_id));
  const facts = told.filter(({ id }) => fresh.has(id));
  await client.query(
    `WITH fact AS (SELECT * FROM jsonb_to_recordset($1) AS f (id text, "locationId" text, sku text,
       "onHandUnits" int, "countedAt" text COLLATE "C", revision int, causes jsonb)),
     cause AS (INSERT INTO stock_cause (location_id, sku, cause_id, kind, units, taken_out_units,
       at, happened_at, contained, message_id) SELECT "locationId", sku, "causeId",
       kind, units, 0, at, at, at <= "countedAt", id FROM fact, jsonb_to_recordset(causes)
       AS c ("causeId" text, kind text, units int, at text) ON CONFLICT DO NOTHING),
     level AS (INSERT INTO stock_level AS l (location_id, sku, on_hand_units, counted_at, revision)
       SELECT DISTINCT ON (1, 2) "locationId", sku, "onHandUnits", "countedAt", revision FROM fact
        ORDER BY 1, 2, 4 DESC ON CONFLICT (location_id, sku) DO UPDATE SET revision =
        excluded.revision, on_hand_units = excluded.on_hand_units, counted_at = excluded.counted_at
       WHERE l.counted_at < excluded.counted_at RETURNING *)
     INSERT INTO stock_ledger (message_id, location_id, sku, on_hand_units, counted_at)
     SELECT id, location_id, sku, on_hand_units, counted_at FROM level JOIN fact USING (sku)
      WHERE location_id = "locationId" AND counted_at = "countedAt"`,
    [JSON.stringify(facts)],
  );
  const { rows } = await client.query(
    `UPDATE publication p SET desired_units = units, since = now() FROM (SELECT sku,
       sum(greatest(0, on_hand_units - committed_units)) AS units FROM stock_level
       WHERE sku = ANY($1::text[]) GROUP BY sku) n WHERE p.sku = n.sku AND desired_units <> units
     RETURNING connection_id AS "connectionId", channel_location_id AS "channelLocationId", p.sku,
       desired_units AS "availableUnits", since AS "asOf"`,
    [facts.map(({ sku }) => sku)],
  );
  const out = rows.map((figure) => {
    const id = crypto.randomUUID();
    const traceparent = `00-${id.replaceAll('-', '')}-${id.slice(0, 8)}${id.slice(-8)}-01`;
    const kind = { 'ce-specversion': '1.0', 'ce-type': OUT, 'content-type': 'application/json' };
    const about = { 'ce-subject': figure.sku, 'ce-time': figure.asOf, traceparent };
    const head = JSON.stringify({ ...kind, 'ce-id': id, 'ce-source': '/bare', ...about });
    return [id, head, JSON.stringify(figure)];
  });
  const write = `INSERT INTO outbox (subject, message_id, headers, payload)
    SELECT '${OUT}', o.* FROM unnest($1::text[], $2::jsonb[], $3::text[]) AS o`;
  const columns = [0, 1, 2].map((at) => out.map((row) => row[at]));
  await client.query(write, columns);
}

async function relay(client: pg.PoolClient): Promise<void> {
  for (let last = 0; ;) {
    const woken = new Promise<void>((resolve) => (wakeRelay = resolve));
    await client.query('BEGIN');
    const claim = `SELECT sequence, message_id, headers, payload FROM outbox WHERE sequence > $1
      AND published_at IS NULL AND parked_at IS NULL ORDER BY 1 LIMIT 1000 FOR UPDATE SKIP LOCKED`;
    const { rows } = await client.query(claim, [last]);
    const batch = crypto.randomUUID();
    for (const [at, row] of rows.entries()) {
      const place = { 'Nats-Batch-Id': batch, 'Nats-Batch-Sequence': String(at + 1) };
      const named = { ...row.headers, 'Nats-Msg-Id': row.message_id, ...place };
      const head = headers();
      for (const [name, value] of Object.entries<string>(named)) head.set(name, value);
      if (at === rows.length - 1) head.set('Nats-Batch-Commit', '1');
      if (at < rows.length - 1) nats.publish(OUT, row.payload, { headers: head });
      else await nats.request(OUT, row.payload, { headers: head, timeout: 5_000 });
    }
    const ids = rows.map(({ sequence }) => sequence);
    await client.query('UPDATE outbox SET published_at = now() WHERE sequence = ANY($1)', [ids]);
    await client.query('COMMIT');
    if (ids.length === 0) await woken;
    else last = ids.at(-1);
  }
}
