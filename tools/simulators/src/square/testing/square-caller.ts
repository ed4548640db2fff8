import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { request } from 'undici';

import { createWorld } from '../../wire/simulated-world.js';
import type { SimulatedWorld } from '../../wire/simulated-world.js';
import { SquareSim } from '../square-sim.js';
import type { SquareSimOptions } from '../square-sim.js';

export const STORE = 'LSTORE1';
export const OTHER_STORE = 'LSTORE2';
export const SIGNATURE_KEY = 'test-signature-key';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read whatever the API answers
type Json = any;

export interface ReceivedWebhook {
  readonly body: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly event: Json;
}

/** A simulated Square with a caller and a listener, for tests. */
export class SquareCaller {
  readonly webhooks: ReceivedWebhook[] = [];
  readonly world: SimulatedWorld;
  readonly sim: SquareSim;
  /** Status of the answers of the listener. */
  answerWith = 200;
  hookUrl = '';
  private server: Server | null = null;

  constructor(options: Partial<SquareSimOptions> = {}) {
    this.world = options.world ?? createWorld({ seed: 11, timeScale: 1_000 });
    this.sim = new SquareSim({
      accessToken: 'token',
      signatureKey: SIGNATURE_KEY,
      locations: [
        { id: STORE, name: 'High Street' },
        { id: OTHER_STORE, name: 'Station' },
      ],
      requestsPerSecond: 1_000,
      burst: 1_000,
      ...options,
      world: this.world,
    });
  }

  async start(): Promise<void> {
    await this.sim.start();
  }

  async stop(): Promise<void> {
    await this.sim.stop();
    await new Promise((closed) => {
      if (this.server === null) closed(undefined);
      else this.server.close(closed);
    });
  }

  async call(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; body: Json }> {
    const answer = await request(`${this.sim.url}${path}`, {
      method,
      headers: {
        authorization: 'Bearer token',
        'square-version': '2025-08-20',
        'content-type': 'application/json',
        ...headers,
      },
      body: body === undefined ? null : JSON.stringify(body),
      // Shorter than the silence of a lost answer.
      headersTimeout: 1_000,
    });
    return { status: answer.statusCode, body: await answer.body.json() };
  }

  async post(path: string, body: unknown): Promise<{ status: number; body: Json }> {
    return this.call('POST', path, body);
  }

  /** Listens for webhooks of these types. */
  async listen(...types: string[]): Promise<void> {
    this.server = createServer((message, answer) => {
      let body = '';
      message.on('data', (chunk) => (body += String(chunk)));
      message.on('end', () => {
        this.webhooks.push({ body, headers: message.headers, event: JSON.parse(body) });
        answer.statusCode = this.answerWith;
        answer.end();
      });
    });
    await new Promise<void>((ready) => this.server?.listen(0, '127.0.0.1', ready));
    const { port } = this.server.address() as AddressInfo;
    this.hookUrl = `http://127.0.0.1:${port}/webhooks/square?account=7`;
    await this.post('/v2/webhooks/subscriptions', {
      subscription: { name: 'test', event_types: types, notification_url: this.hookUrl },
    });
  }

  async delivered(): Promise<ReceivedWebhook[]> {
    for (let tries = 0; this.sim.pendingWebhooks() > 0 && tries < 500; tries += 1) await sleep(10);
    return this.webhooks;
  }

  /** An open order of one item, with something to ship. */
  async createOrder(
    variationId: string,
    quantity: number,
    more: Record<string, unknown> = {},
  ): Promise<Json> {
    const { body } = await this.post('/v2/orders', {
      idempotency_key: `order-${variationId}-${quantity}`,
      order: {
        location_id: STORE,
        reference_id: 'posting-1',
        line_items: [
          {
            uid: 'l1',
            catalog_object_id: variationId,
            quantity: String(quantity),
            base_price_money: { amount: 450, currency: 'GBP' },
          },
        ],
        fulfillments: [
          {
            uid: 'f1',
            type: 'SHIPMENT',
            state: 'PROPOSED',
            shipment_details: { recipient: { display_name: 'Harbour Cafe' } },
          },
        ],
        ...more,
      },
    });
    return body.order;
  }

  async pay(order: Json, key = `pay-${order.id}`): Promise<{ status: number; body: Json }> {
    return this.post('/v2/payments', {
      source_id: 'EXTERNAL',
      idempotency_key: key,
      amount_money: order.total_money,
      order_id: order.id,
      location_id: order.location_id,
      external_details: { type: 'STORED_BALANCE', source: 'On Account' },
    });
  }
}
