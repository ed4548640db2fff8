import {
  AskExceptions,
  AskStockOfSku,
  ChannelStockObserved,
  subjectOf,
  StockCounted,
  type MessageClass,
  type OpenExceptions,
  type StockOfSku,
} from '@tillbridge/contracts';
import {
  Asker,
  connectNats,
  hubMessaging,
  JetStreamPublisher,
  listen,
} from '@tillbridge/messaging';
import { loadConfiguration } from '@tillbridge/runtime';
import { eventually, freshDatabase, freshNats } from '@tillbridge/testing';
import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InventoryModule } from './inventory.module.js';

const EXAMPLE = fileURLToPath(new URL('../../../tillbridge.example.yaml', import.meta.url));
/** Everybody reads the example; the merchant changes a copy of it. */
const folder = mkdtempSync(join(tmpdir(), 'tillbridge-inventory-'));
const FILE = join(folder, 'tillbridge.yaml');
afterAll(() => rmSync(folder, { recursive: true }));
const SECRETS = [
  'SPARKLAYER_SITE_ID',
  'SPARKLAYER_CLIENT_ID',
  'SPARKLAYER_CLIENT_SECRET',
  'SHOPIFY_ACCESS_TOKEN',
  'SHOPIFY_CLIENT_SECRET',
  'SQUARE_ACCESS_TOKEN',
  'SQUARE_SIGNATURE_KEY',
];

/** As an editor does: the whole file in the place of the one before. */
async function theMerchantChanges(change: (text: string) => string): Promise<void> {
  await writeFile(`${FILE}.next`, change(await readFile(FILE, 'utf8')));
  await rename(`${FILE}.next`, FILE);
}

function outgoing(message: object) {
  const type = message.constructor as MessageClass;
  const subject = subjectOf(type);
  const id = randomUUID();
  const time = new Date().toISOString();
  const headers = { 'ce-specversion': '1.0', 'ce-id': id, 'ce-type': subject, 'ce-time': time };
  return { id, subject, headers, payload: JSON.stringify(message) };
}

it('takes facts off the stream, works by the file as it is, and answers questions about both', async () => {
  const [database, nats] = await Promise.all([freshDatabase(), freshNats()]);
  const secrets = Object.fromEntries(SECRETS.map((name) => [name, 'secret']));
  const env = { DATABASE_URL: database.url, NATS_URL: nats.url, TILLBRIDGE_CONFIG: FILE };
  cpSync(EXAMPLE, FILE);
  Object.assign(process.env, secrets, env, { TILLBRIDGE_LOG_LEVEL: 'error' });
  const { connections } = await loadConfiguration(EXAMPLE, process.env);
  await hubMessaging(connections).provision({ url: nats.url });
  const app = await listen({ service: 'inventory', module: InventoryModule });
  const connection = await connectNats({ url: nats.url, name: 'spec' });
  try {
    const shelf = { connectionId: 'tills', locationId: 'harbour', sku: 'MUG-RED' };
    const clock = { countedAt: '2026-09-02T09:00:00.000Z', revision: 1 };
    const count = { ...shelf, ...clock, onHandUnits: 30, causes: [] };
    const place = { connectionId: 'shop', channelLocationId: 'gid://shopify/Location/1002' };
    const seen = { availableUnits: 9, revision: 1, observedAt: '2026-09-02T09:00:00.000Z' };
    const shown = { ...place, ...seen, sku: 'MUG-RED-CASE12' };
    await new JetStreamPublisher(connection).publish([
      outgoing(Object.assign(new StockCounted(), count)),
      outgoing(Object.assign(new ChannelStockObserved(), shown)),
    ]);
    const asker = new Asker(connection);
    const question = Object.assign(new AskStockOfSku(), { sku: 'MUG-RED' });
    await eventually(async () => {
      expect(await asker.ask<StockOfSku>(question)).toMatchObject({
        locations: [{ locationId: 'harbour', onHandUnits: 30, bufferUnits: 2, sellableUnits: 28 }],
        channels: [{ sku: 'MUG-RED-CASE12', observedUnits: 9, desiredUnits: 2 }],
      });
    });
    const open = await asker.ask<OpenExceptions>(new AskExceptions(), { service: 'inventory' });
    expect(open.exceptions).toEqual([]);
    await theMerchantChanges((text) => text.replace('units: 12', 'units: 7'));
    await eventually(async () => {
      expect(await asker.ask<StockOfSku>(question)).toMatchObject({
        channels: [{ sku: 'MUG-RED-CASE12', observedUnits: 9, desiredUnits: 4 }],
      });
    });
    await theMerchantChanges((text) => text.replace('units: 7', 'units: seven'));
    await eventually(async () => {
      const { exceptions } = await asker.ask<OpenExceptions>(new AskExceptions(), {
        service: 'inventory',
      });
      expect(exceptions.map(({ code, subject }) => [code, subject])).toEqual([
        ['configuration-invalid', 'tillbridge.yaml'],
      ]);
    });
    const status = await fetch(`${await app.getUrl()}/status`);
    expect(await status.json()).toMatchObject({
      publicationsOpen: 1,
      watermarksPending: 0,
      retailAdjustmentsOpen: 0,
    });
  } finally {
    await connection.close();
    await app.close();
    await Promise.all([database.drop(), nats.drop()]);
  }
});
