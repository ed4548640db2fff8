import { Failure } from '@tillbridge/contracts';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';

import { BulkLevels, type BulkPart } from './bulk-levels.js';
import type { Level } from './level-reader.js';
import type { ShopifyClient } from './shopify.client.js';

const LEVELS = 6_000;
/** Each item with its levels after it, and one that has no SKU. */
const FILE = Buffer.from(
  Array.from({ length: LEVELS }, (_, n) => [
    { id: `item-${n}` },
    {
      id: `level-${n}`,
      location: { id: 'leeds' },
      item: { id: `item-${n}`, sku: n === 7 ? null : `SKÜ-${n}` },
      quantities: [{ quantity: n }],
      __parentId: `item-${n}`,
    },
  ])
    .flat()
    .map((line) => `${JSON.stringify(line)}\n`)
    .join(''),
);

let server: Server;
let url: string;
let answer: { status?: number; parts: boolean };
let asked: (string | undefined)[];

beforeAll(async () => {
  server = createServer(({ headers }, response) => {
    asked.push(headers.range);
    if (answer.status !== undefined) {
      response.writeHead(answer.status).end();
      return;
    }
    const [, from = '0', to = ''] = /bytes=(\d+)-(\d+)/.exec(headers.range ?? '') ?? [];
    if (!answer.parts) response.writeHead(200).end(FILE);
    else if (Number(from) >= FILE.length) response.writeHead(416).end();
    else response.writeHead(206).end(FILE.subarray(Number(from), Number(to) + 1));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/result.jsonl`;
});
beforeEach(() => {
  answer = { parts: true };
  asked = [];
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

function aReading(given: object | Error): BulkLevels {
  const send = async (): Promise<object> => {
    if (given instanceof Error) throw given;
    return given;
  };
  return new BulkLevels({ send } as unknown as ShopifyClient, pino({ level: 'silent' }));
}

const completed = () => aReading({ bulkOperation: { status: 'COMPLETED', url } });

/** All parts one after the other, and how many there were. */
async function readAll(): Promise<{ levels: Level[]; parts: number }> {
  const levels: Level[] = [];
  let parts = 0;
  let from: number | null = 0;
  while (from !== null) {
    const part: BulkPart = await completed().read('bulk-1', from);
    if (part.state !== 'read') throw new Error(part.state);
    levels.push(...part.levels);
    parts += 1;
    from = part.next;
  }
  return { levels, parts };
}

describe('the file of a bulk reading', () => {
  it.each([
    ['a part at a time', true],
    ['past what was read before, where the server gives no parts', false],
  ])('is read %s, each figure once', async (_, parts) => {
    answer = { parts };
    const all = await readAll();
    expect(all.parts).toBe(Math.ceil(FILE.length / (512 * 1_024)));
    expect(all.levels.map(({ availableUnits }) => availableUnits)).toEqual(
      Array.from({ length: LEVELS }, (__, n) => n).filter((n) => n !== 7),
    );
    expect(all.levels[0]).toEqual({
      ...{ itemId: 'item-0', locationId: 'leeds', sku: 'SKÜ-0', availableUnits: 0 },
    });
    expect(asked[0]).toBe('bytes=0-524287');
  });

  it('that has expired is told for good, and one that is away for a while', async () => {
    answer = { parts: true, status: 403 };
    await expect(completed().read('bulk-1', 0)).rejects.toMatchObject({ retry: 'never' });
    answer = { parts: true, status: 503 };
    const away = { code: 'vendor-unavailable', retry: { afterMs: expect.any(Number) } };
    await expect(completed().read('bulk-1', 0)).rejects.toMatchObject(away);
  });

  it('is waited for, is nothing where nothing was found, and may fail', async () => {
    const look = (bulkOperation: object | null) => aReading({ bulkOperation }).read('bulk-1', 0);
    expect(await look({ status: 'RUNNING', url: null })).toEqual({ state: 'preparing' });
    const empty = { state: 'read', levels: [], next: null };
    expect(await look({ status: 'COMPLETED', url: null })).toEqual(empty);
    expect(await look({ status: 'FAILED', errorCode: 'TIMEOUT', url: null })).toEqual({
      state: 'failed',
    });
    expect(await look(null)).toEqual({ state: 'failed' });
  });
});

describe('a bulk reading', () => {
  const begun = (bulkOperation: object | null, userErrors: object[] = []) =>
    aReading({ bulkOperationRunQuery: { bulkOperation, userErrors } }).begin();

  it('is begun, or not while others run, or not at all', async () => {
    expect(await begun({ id: 'bulk-1' })).toBe('bulk-1');
    expect(await begun(null, [{ code: 'LIMIT_REACHED', message: 'too many' }])).toBeNull();
    const refused = new Failure('vendor-refused', 'never', 'there is no such thing');
    expect(await aReading(refused).begin()).toBeNull();
  });

  it('is asked for again when nobody knows whether it was begun', async () => {
    const lost = new Failure('vendor-unavailable', { afterMs: 1 }, 'no answer');
    await expect(aReading(lost).begin()).rejects.toBe(lost);
  });
});
