import { FaultDice, FAULTS } from '../wire/fault-dice.js';
import { createWorld } from '../wire/simulated-world.js';
import { ShopifySim } from './shopify-sim.js';

const TOKEN = 'shpat_test';
const HERE = 'gid://shopify/Location/7001';
const THERE = 'gid://shopify/Location/7002';
const SKUS = 260;

let sim: ShopifySim;
let nowMs: number;
let version: string;
let dice: FaultDice;

async function open(apiVersion: string): Promise<void> {
  version = apiVersion;
  nowMs = Date.parse('2026-03-04T10:15:31.400Z');
  dice = new FaultDice(1, { ...FAULTS.off, throttle: 1 });
  dice.quiet = true;
  sim = new ShopifySim({
    world: { ...createWorld({ seed: 1, timeScale: 60, now: () => nowMs }), dice },
    ...{ apiVersion, shopDomain: 'trade.myshopify.com', accessToken: TOKEN },
    ...{ webhookSecret: 'shpss_1', restoreRate: 100, maximumAvailable: 2000 },
    locations: [
      { id: HERE, name: 'Here' },
      { id: THERE, name: 'There' },
    ],
  });
  for (let n = 0; n < SKUS; n += 1) {
    const stock = { [HERE]: n, [THERE]: 1_000 + n };
    sim.addVariant({ sku: `SKU-${n}`, title: 'Mug', priceMinor: 500, stock });
  }
  await sim.start();
}

beforeEach(() => open('2026-04'));
afterEach(() => sim.stop());

async function ask(query: string, variables: object = {}): Promise<any> {
  const answer = await fetch(`${sim.url}/admin/api/${version}/graphql.json`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'X-Shopify-Access-Token': TOKEN },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await answer.json()) as { data?: any; errors?: unknown };
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data;
}

const LEVELS = `{ inventoryItems { edges { node { id sku inventoryLevels { edges { node {
  id location { id } quantities(names: ["available"]) { quantity } } } } } } } }`;

const run = async (query: string, groupObjects = false) =>
  (
    await ask(
      `mutation($query: String!, $groupObjects: Boolean!) {
         bulkOperationRunQuery(query: $query, groupObjects: $groupObjects) {
           bulkOperation { id status url }
           userErrors { code field message }
         }
       }`,
      { query, groupObjects },
    )
  ).bulkOperationRunQuery;

const look = async (id: string) =>
  (
    await ask(
      `query($id: ID!) { bulkOperation(id: $id) {
         status url objectCount rootObjectCount fileSize completedAt } }`,
      { id },
    )
  ).bulkOperation;

async function linesOf(query: string, groupObjects = false): Promise<any[]> {
  const { bulkOperation } = await run(query, groupObjects);
  nowMs += 1_000;
  const { url } = await look(bulkOperation.id);
  const text = await (await fetch(url)).text();
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

describe('a bulk operation', () => {
  it('runs a query to its end without pages, and gives a file of lines', async () => {
    const { bulkOperation } = await run(LEVELS);
    expect(bulkOperation).toMatchObject({ status: 'RUNNING', url: null });
    nowMs += 1_000;
    expect(await look(bulkOperation.id)).toMatchObject({
      status: 'COMPLETED',
      objectCount: String(3 * SKUS),
      rootObjectCount: String(SKUS),
      url: expect.stringContaining('.jsonl'),
    });
    const lines = await linesOf(LEVELS);
    const parents = lines.filter((line) => line.__parentId === undefined);
    expect(parents.map(({ sku }) => sku)).toContain(`SKU-${SKUS - 1}`);
    expect(Object.keys(parents[0])).toEqual(['id', 'sku']);
    const here = lines.find(
      (line) => line.location?.id === HERE && line.quantities[0].quantity === 7,
    );
    expect(parents.find(({ id }) => id === here.__parentId).sku).toBe('SKU-7');
  });

  it('has what is below an object right after it only where that is asked for', async () => {
    const follows = (lines: any[]) =>
      lines.every((line, at) => line.__parentId === undefined || isBelow(lines, at));
    expect(follows(await linesOf(LEVELS, true))).toBe(true);
    expect(follows(await linesOf(LEVELS, false))).toBe(false);
  });

  it('is refused while five run, and before 2026-01 while one does', async () => {
    for (let n = 0; n < 5; n += 1) expect((await run(LEVELS)).userErrors).toEqual([]);
    expect(await run(LEVELS)).toMatchObject({
      bulkOperation: null,
      userErrors: [{ code: 'LIMIT_REACHED' }],
    });
    nowMs += 1_000;
    expect((await run(LEVELS)).userErrors).toEqual([]);
    await sim.stop();
    await open('2025-10');
    expect((await run(LEVELS)).userErrors).toEqual([]);
    expect(await run(LEVELS)).toMatchObject({ userErrors: [{ code: 'OPERATION_IN_PROGRESS' }] });
  });

  it('is refused for a query that the schema has not, or that has no connection', async () => {
    for (const query of ['{ nothing }', '{ shop { id } }', '{ shop']) {
      expect(await run(query)).toMatchObject({ userErrors: [{ code: 'INVALID' }] });
    }
  });

  it('gives parts of its file, to anybody who knows the address, for a week', async () => {
    const { bulkOperation } = await run(LEVELS);
    nowMs += 1_000;
    const { url, fileSize } = await look(bulkOperation.id);
    const part = await fetch(url, { headers: { range: 'bytes=10-19' } });
    expect([part.status, (await part.text()).length]).toEqual([206, 10]);
    expect(part.headers.get('content-range')).toBe(`bytes 10-19/${fileSize}`);
    const past = await fetch(url, { headers: { range: `bytes=${fileSize}-` } });
    expect(past.status).toBe(416);
    nowMs += 7 * 86_400_000;
    expect((await fetch(url)).status).toBe(403);
    expect(await look(bulkOperation.id)).toMatchObject({ status: 'EXPIRED', url: null });
  });

  it('says of its file that it comes later when there are too many calls, as stores of files do', async () => {
    const { bulkOperation } = await run(LEVELS);
    nowMs += 1_000;
    const { url } = await look(bulkOperation.id);
    dice.quiet = false;
    expect((await fetch(url)).status).toBe(503);
    dice.quiet = true;
    expect((await fetch(url)).status).toBe(200);
  });
});

/** The line before is its parent, or one more of the same parent. */
function isBelow(lines: any[], at: number): boolean {
  const before = lines[at - 1];
  const parent = lines[at].__parentId;
  return before.id === parent || before.__parentId === parent;
}
