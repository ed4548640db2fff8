import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import { aConnection } from './shop-builders.js';
import { ShopifyClient } from './shopify.client.js';
import { DRAFT_STATUS, SUBSCRIBE } from './shopify.documents.js';

interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

const OK: Answer = { body: { data: { draftOrder: null } } };
const THROTTLED: Answer = {
  body: {
    errors: [{ message: 'Throttled', extensions: { code: 'THROTTLED' } }],
    extensions: {
      cost: {
        requestedQueryCost: 1,
        actualQueryCost: null,
        throttleStatus: { maximumAvailable: 1000, currentlyAvailable: 900, restoreRate: 1000 },
      },
    },
  },
};

describe('a request to the platform', () => {
  let server: Server;
  let answers: Answer[];
  let seen: { url: string; token: string | undefined; body: string }[];
  let client: ShopifyClient;

  beforeEach(async () => {
    answers = [];
    seen = [];
    server = createServer((request, response) => {
      void text(request).then((body) => {
        const token = request.headers['x-shopify-access-token'] as string | undefined;
        seen.push({ url: request.url ?? '', token, body });
        const answer = answers.shift() ?? OK;
        response.writeHead(answer.status ?? 200, answer.headers);
        response.end(answer.body === undefined ? '<html>' : JSON.stringify(answer.body));
      });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    client = new ShopifyClient(aConnection({ baseUrl }), { timeScale: 60, clock: Date });
  });

  afterEach(async () => {
    await client.close();
    await new Promise((closed) => server.close(closed));
  });

  it('goes to the version in the configuration with the token', async () => {
    await client.send(DRAFT_STATUS, { id: 'gid://shopify/DraftOrder/1' });
    expect(seen[0]).toMatchObject({ url: '/admin/api/2026-04/graphql.json', token: 'shpat_test' });
    expect(JSON.parse(seen[0]!.body)).toMatchObject({
      operationName: 'DraftStatus',
      variables: { id: 'gid://shopify/DraftOrder/1' },
    });
  });

  it('that was throttled is sent again, a write too: it was not run', async () => {
    answers = [THROTTLED, { status: 429, headers: { 'retry-after': '0' }, body: {} }];
    answers.push({ body: { data: { webhookSubscriptionCreate: null } } });
    await client.send(SUBSCRIBE, { topic: 'ORDERS_CREATE', uri: 'https://hub.example' });
    expect(seen).toHaveLength(3);
  });

  it('that only reads is asked again when the answer was lost or broken', async () => {
    answers = [{ status: 503 }, { status: 500, body: { errors: 'Internal Server Error' } }];
    await expect(client.send(DRAFT_STATUS, { id: '1' })).resolves.toEqual({ draftOrder: null });
    expect(seen).toHaveLength(3);
  });

  it('that writes is not repeated behind the back of who keeps its key', async () => {
    answers = [{ status: 502 }];
    const sent = client.send(SUBSCRIBE, { topic: 'ORDERS_CREATE', uri: 'https://hub.example' });
    await expect(sent).rejects.toMatchObject({
      code: 'vendor-unavailable',
      retry: { afterMs: expect.any(Number) },
    });
    expect(seen).toHaveLength(1);
  });

  it.each([
    [{ status: 401, body: { errors: '[API] Invalid API key' } }, 'vendor-unauthorised'],
    [
      { body: { errors: [{ message: 'No', extensions: { code: 'ACCESS_DENIED' } }] } },
      'vendor-unauthorised',
    ],
    [{ body: { errors: [{ message: "Field 'x' doesn't exist" }] } }, 'vendor-refused'],
    [{ status: 404, body: { errors: 'Not Found' } }, 'vendor-refused'],
  ])('answered with %j fails as %s', async (answer, code) => {
    answers = [answer];
    await expect(client.send(DRAFT_STATUS, { id: '1' })).rejects.toMatchObject({ code });
    expect(seen).toHaveLength(1);
  });

  it('keeps the token out of what it says went wrong', async () => {
    answers = [{ status: 401, body: {} }];
    const failure = await client.send(DRAFT_STATUS, { id: '1' }).catch((error: Error) => error);
    expect(String(failure)).not.toContain('shpat_test');
  });
});
