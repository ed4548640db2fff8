import { Failure } from '@tillbridge/contracts';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { aConnection } from '../../test/connector-rig.js';
import { RateBudget } from '../budget/rate-budget.js';
import { SquareClient } from './square.client.js';

type Answer = (response: ServerResponse) => void;

let server: Server;
let client: SquareClient;
let budget: RateBudget;
let answers: Answer[];
let seen: { method: string; url: string; body: string; headers: IncomingMessage['headers'] }[];

beforeEach(async () => {
  answers = [];
  seen = [];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      seen.push({ method, url, body, headers });
      (answers.shift() ?? json(200, {}))(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  budget = new RateBudget({ perSecond: 1_000, burst: 1_000 });
  client = new SquareClient(aConnection({ baseUrl: `http://127.0.0.1:${port}` }), budget, 60);
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
const hangUp: Answer = (response) => response.destroy();
const refusal = (code: string) => ({ errors: [{ category: 'X', code, field: 'order.f' }] });

async function failureOf(call: Promise<unknown>): Promise<Failure> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof Failure) return error;
  throw new Error(`no Failure but ${String(error)}`);
}

it('speaks as the pinned version, with the token', async () => {
  answers = [json(200, { order: { id: 'O' } })];
  expect(await client.order('O/1')).toEqual({ id: 'O' });
  expect(seen[0]).toMatchObject({
    method: 'GET',
    url: '/v2/orders/O%2F1',
    headers: { authorization: 'Bearer token', 'square-version': '2025-08-20' },
  });
});

it.each([
  ['the answer was lost', hangUp],
  ['Square is broken', json(503, refusal('SERVICE_UNAVAILABLE'))],
  ['Square was called too often', json(429, refusal('RATE_LIMITED'))],
])('sends the same bytes again when %s', async (_, first) => {
  answers = [first, json(200, { ok: true })];
  expect(await client.post('/v2/orders', { idempotency_key: 'k', n: 1 })).toEqual({ ok: true });
  expect(seen).toHaveLength(2);
  expect(seen[0]!.body).toBe(seen[1]!.body);
});

it('gives the call back after three tries, to be run later', async () => {
  answers = [hangUp, hangUp, hangUp];
  const failure = await failureOf(client.post('/v2/orders', {}));
  expect(failure).toMatchObject({
    code: 'vendor-unavailable',
    retry: { afterMs: expect.any(Number) },
  });
  expect(seen).toHaveLength(3);
});

it('waits as long as Square says before anything goes again', async () => {
  answers = [json(429, refusal('RATE_LIMITED'), { 'retry-after': '1' }), json(200, {})];
  const begunAtMs = Date.now();
  await client.post('/v2/orders', {});
  expect(Date.now() - begunAtMs).toBeGreaterThanOrEqual(990);
  expect(budget.perSecond).toBeLessThan(1_000);
});

it.each([
  [400, 'INVALID_VALUE', 'vendor-refused'],
  [400, 'IDEMPOTENCY_KEY_REUSED', 'vendor-refused'],
  [409, 'VERSION_MISMATCH', 'vendor-conflict'],
])('does not repeat what Square will never take: %i %s', async (status, code, expected) => {
  answers = [json(status, refusal(code))];
  const failure = await failureOf(client.post('/v2/orders', {}));
  expect(failure).toMatchObject({ code: expected, retry: 'never' });
  expect(failure.message).toContain(`${status} ${code} order.f`);
  expect(seen).toHaveLength(1);
});

it('does not hammer an account that refuses the token, and keeps the token to itself', async () => {
  answers = [json(401, refusal('UNAUTHORIZED'))];
  const failure = await failureOf(client.order('O'));
  expect(failure).toMatchObject({ code: 'vendor-unauthorised', retry: { afterMs: 1_000 } });
  expect(failure.message).not.toContain('token');
  expect(seen).toHaveLength(1);
});

it('follows the cursor to the last page with the same question', async () => {
  answers = [
    json(200, { counts: [{ quantity: '1' }], cursor: 'next' }),
    json(200, { counts: [{ quantity: '2' }] }),
  ];
  const pages = [];
  for await (const page of client.counts({ location_ids: ['L1'] })) pages.push(page);
  expect(pages.flat()).toEqual([{ quantity: '1' }, { quantity: '2' }]);
  const [first, second] = seen.map(({ body }) => JSON.parse(body) as object);
  expect(second).toEqual({ ...first, cursor: 'next' });
});

it('tells a customer that is gone from one that cannot be read', async () => {
  answers = [json(404, refusal('NOT_FOUND'))];
  expect(await client.customer('C')).toBeUndefined();
});
