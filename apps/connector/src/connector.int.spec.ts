import type { NatsConnection } from '@nats-io/transport-node';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AskOrderTexts, PostOrder, SERVICES, type OrderTexts } from '@tillbridge/contracts';
import {
  Asker,
  connectNats,
  hubMessaging,
  JetStreamPublisher,
  listen,
} from '@tillbridge/messaging';
import { Database, openDatabase, OutboxRelay } from '@tillbridge/postgres';
import { eventually, freshDatabase, freshNats } from '@tillbridge/testing';
import { createHmac, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { ConnectorModule } from './connector.module.js';

const EXAMPLE = new URL('../../../tillbridge.example.yaml', import.meta.url);
const HOOK = 'https://hub.example.com/webhooks/tills';
const PASSWORDS = Object.fromEntries([...SERVICES, 'provisioner'].map((name) => [name, name]));

let app: NestFastifyApplication;
let url: string;
let database: Database;
let orders: Database;
let ordersNats: NatsConnection;
let relay: OutboxRelay;
const undo: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  const messaging = hubMessaging([
    { id: 'shop', vendor: 'shopify' },
    { id: 'tills', vendor: 'square' },
  ]);
  const nats = await freshNats({ users: messaging.users(PASSWORDS) });
  undo.push(() => nats.drop());
  const login = (user: string) => ({ url: nats.url, user, password: user });
  await messaging.provision(login('provisioner'));
  const [ours, theirs] = [await freshDatabase(), await freshDatabase()];
  undo.push(
    () => ours.drop(),
    () => theirs.drop(),
  );
  const dir = await mkdtemp(join(tmpdir(), 'tillbridge-connector-'));
  undo.push(() => rm(dir, { recursive: true }));
  // The vendors are away: nothing here may depend on them.
  const example = await readFile(EXAMPLE, 'utf8');
  const configPath = join(dir, 'tillbridge.yaml');
  await writeFile(configPath, example.replaceAll(/baseUrl: \S+/g, 'baseUrl: http://127.0.0.1:9'));
  Object.assign(process.env, {
    DATABASE_URL: ours.url,
    NATS_URL: nats.url,
    NATS_USER: 'connector',
    NATS_PASSWORD: 'connector',
    TILLBRIDGE_CONFIG: configPath,
    TILLBRIDGE_CONNECTIONS: 'shop,tills',
    TILLBRIDGE_LOG_LEVEL: 'fatal',
    SPARKLAYER_SITE_ID: 'x',
    SPARKLAYER_CLIENT_ID: 'x',
    SPARKLAYER_CLIENT_SECRET: 'x',
    SHOPIFY_ACCESS_TOKEN: 'x',
    SHOPIFY_CLIENT_SECRET: 'x',
    SQUARE_ACCESS_TOKEN: 'x',
    SQUARE_SIGNATURE_KEY: 'secret key',
  });
  app = await listen({
    service: 'connector',
    module: ConnectorModule,
    rawBodyPrefix: '/webhooks/',
  });
  undo.push(() => app.close());
  url = (await app.getUrl()).replace('0.0.0.0', '127.0.0.1');
  database = app.get(Database);
  orders = await openDatabase({ url: theirs.url, service: 'orders', migrations: [] });
  undo.push(() => orders.close());
  ordersNats = await connectNats(login('orders'));
  undo.push(() => ordersNats.close());
  const logger = pino({ level: 'silent' });
  relay = new OutboxRelay(orders, new JetStreamPublisher(ordersNats), logger);
  relay.start();
  undo.push(() => relay.stop());
});

afterAll(async () => {
  for (const step of undo.reverse()) await step();
});

async function deliver(
  body: string,
  options: { to?: string; signature?: string } = {},
): Promise<{ status: number; body: Record<string, unknown> }> {
  const signature =
    options.signature ??
    createHmac('sha256', 'secret key')
      .update(HOOK + body)
      .digest('base64');
  const response = await fetch(`${url}/webhooks/${options.to ?? 'tills'}`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'x-square-hmacsha256-signature': signature,
      'square-environment': 'Sandbox',
    },
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

function anEvent(customer: string, eventId: string = randomUUID()): string {
  const object = { customer: { id: customer } };
  return JSON.stringify({ event_id: eventId, type: 'customer.updated', data: { object } });
}

async function journal(): Promise<{ event_id: string; topic: string; error: string | null }[]> {
  return database.query('select event_id, topic, error, headers from webhook_journal');
}

async function queued(id: string): Promise<number> {
  const rows = await database.query(
    "select 1 from fetch_queue where kind = 'customer' and id = $1",
    [id],
  );
  return rows.length;
}

describe('a webhook', () => {
  it('is in the journal and the fetch queue by the time it is answered', async () => {
    const event = anEvent('C-NEW', 'event-1');
    expect(await deliver(event)).toEqual({
      status: 200,
      body: { received: true, repeated: false },
    });
    const [row] = (await journal()).filter((each) => each.event_id === 'event-1');
    expect(row).toMatchObject({
      topic: 'customer.updated',
      error: null,
      headers: { 'square-environment': 'Sandbox' },
    });
    expect(JSON.stringify(row)).not.toContain('hmac');
    expect(await queued('C-NEW')).toBe(1);
  });

  it('is answered and absorbed when it is repeated, also with hundreds at once', async () => {
    const events = Array.from({ length: 300 }, (_, index) =>
      anEvent(`C${index % 100}`, `e${index}`),
    );
    const answers = await Promise.all([...events, ...events].map((event) => deliver(event)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(answers.filter(({ body }) => body.repeated === true)).toHaveLength(300);
    const rows = (await journal()).filter((each) => /^e\d+$/.test(each.event_id));
    expect(rows).toHaveLength(300);
    expect(await queued('C99')).toBe(1);
  });

  it('is refused with 403 when its signature is wrong, and leaves no trace', async () => {
    const before = (await journal()).length;
    const { status, body } = await deliver(anEvent('C-EVIL'), { signature: 'AAAA' });
    expect(status).toBe(403);
    expect(body).toMatchObject({ code: 'signature-mismatch' });
    expect(await journal()).toHaveLength(before);
    expect(await queued('C-EVIL')).toBe(0);
  });

  it('is refused with 400 when it is signed but no event, and kept for people to see', async () => {
    const { status, body } = await deliver('{"event_id": ');
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'malformed-event' });
    expect(await journal()).toContainEqual(
      expect.objectContaining({ topic: 'malformed-event', error: expect.any(String) }),
    );
  });

  it('is refused with 413 when it is larger than 1 MiB', async () => {
    const before = (await journal()).length;
    const { status } = await deliver(JSON.stringify({ padding: 'x'.repeat(1_100_000) }));
    expect(status).toBe(413);
    expect(await journal()).toHaveLength(before);
  });

  it('is refused with 404 for a connection that is not here', async () => {
    const { status, body } = await deliver(anEvent('C'), { to: 'elsewhere' });
    expect(status).toBe(404);
    expect(body).toMatchObject({ code: 'unknown-connection' });
  });
});

it('answers a command with what came of it: here the connection only observes', async () => {
  const postingId = randomUUID();
  await orders.inTransaction(async (tx) => {
    const line = { lineRef: 'l', sku: 'MUG', title: 'Mug', units: 1, unitPriceMinor: 100 };
    const command = Object.assign(new PostOrder(), {
      postingId,
      connectionId: 'tills',
      orderId: randomUUID(),
      locationId: 'high-street',
      orderName: '#1',
      placedAt: '2026-03-04T10:15:30Z',
      storefrontConnectionId: 'shop',
      currency: 'GBP',
      tender: { name: 'On Account', kind: 'STORED_BALANCE' },
      lines: [line],
      discountMinor: 0,
      totalMinor: 100,
    });
    tx.send([command]);
  });
  await eventually(
    async () => {
      const sent = await database.query<{ payload: string }>(
        "select payload from outbox where subject = 'evt.pos.order-refused.v1'",
      );
      expect(sent.map((row) => JSON.parse(row.payload))).toMatchObject([
        { postingId, code: 'observe' },
      ]);
    },
    { withinMs: 15_000 },
  );
});

it('hands out the words on an order to who asks, and nothing for an unknown one', async () => {
  const [known, unknown] = [randomUUID(), randomUUID()];
  await database.query(
    "insert into order_text (connection, order_id, note) values ('shop', $1, 'Ring the bell')",
    [known],
  );
  const question = Object.assign(new AskOrderTexts(), { orderIds: [known, unknown] });
  const answer = await new Asker(ordersNats).ask<OrderTexts>(question, { connection: 'shop' });
  expect(answer.texts).toEqual([{ orderId: known, note: 'Ring the bell' }]);
});

it('goes on while its vendors are away, and says how much is to be done', async () => {
  const status = (await (await fetch(`${url}/status`)).json()) as Record<string, number>;
  expect(status.fetchQueued).toBeGreaterThan(0);
  expect(status['pollsCompleted:tills']).toBe(0);
  expect((await fetch(`${url}/health/ready`)).status).toBe(200);
});
