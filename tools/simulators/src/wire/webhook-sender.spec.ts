import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { FaultDice } from './fault-dice.js';
import { createWorld } from './simulated-world.js';
import { WebhookSender } from './webhook-sender.js';

const NOTHING = {
  duplicate: 0,
  late: 0,
  reorder: 0,
  lost: 0,
  throttle: 0,
  error500: 0,
  timeoutAfterWrite: 0,
  slow: 0,
};

describe('the webhook sender', () => {
  const received: { body: string; retry: string | undefined }[] = [];
  let refusals = 0;
  let server: Server;
  let url: string;
  const senders: WebhookSender[] = [];

  beforeEach(async () => {
    received.length = 0;
    refusals = 0;
    server = createServer((message, answer) => {
      let body = '';
      message.on('data', (chunk) => (body += String(chunk)));
      message.on('end', () => {
        received.push({ body, retry: message.headers['x-retry'] as string | undefined });
        answer.statusCode = refusals > 0 ? 503 : 200;
        refusals -= 1;
        answer.end();
      });
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  });

  afterEach(async () => {
    await Promise.all(senders.splice(0).map((sender) => sender.stop()));
    await new Promise((closed) => server.close(closed));
  });

  function aSender(rates: Partial<typeof NOTHING>, retryAfterMs = [60_000]): WebhookSender {
    const calm = createWorld({ seed: 5, timeScale: 1_000 });
    const world = { ...calm, dice: new FaultDice(5, { ...NOTHING, ...rates }) };
    const sender = new WebhookSender({
      world,
      vendor: 'square',
      retryAfterMs,
      answerWithinMs: 1_000,
      concurrency: 1,
    });
    senders.push(sender);
    return sender;
  }

  function aWebhook(body: string, told: string[] = []): Parameters<WebhookSender['send']>[0] {
    return {
      url,
      body,
      headers: (retry) => ({ 'x-retry': String(retry) }),
      delivered: () => told.push(`delivered ${body}`),
      abandoned: () => told.push(`abandoned ${body}`),
    };
  }

  async function settled(sender: WebhookSender): Promise<void> {
    for (let tries = 0; sender.pending() > 0 && tries < 500; tries += 1) await sleep(10);
    expect(sender.pending()).toBe(0);
  }

  it('tries again on the schedule of the vendor, divided by the time scale', async () => {
    refusals = 1;
    const told: string[] = [];
    const sender = aSender({});
    const begunMs = Date.now();
    sender.send(aWebhook('a', told));
    await settled(sender);
    expect(received).toEqual([
      { body: 'a', retry: '0' },
      { body: 'a', retry: '1' },
    ]);
    expect(Date.now() - begunMs).toBeGreaterThanOrEqual(55);
    expect(told).toEqual(['delivered a']);
  });

  it('gives up after the last retry', async () => {
    refusals = 2;
    const told: string[] = [];
    const sender = aSender({});
    sender.send(aWebhook('a', told));
    await settled(sender);
    expect(told).toEqual(['abandoned a']);
  });

  it('delivers a duplicate twice and reports it once', async () => {
    const told: string[] = [];
    const sender = aSender({ duplicate: 1 });
    sender.send(aWebhook('a', told));
    await settled(sender);
    expect(received.map(({ body }) => body)).toEqual(['a', 'a']);
    expect(told).toEqual(['delivered a']);
  });

  it('never delivers a lost one and does not wait for it', async () => {
    const sender = aSender({ lost: 1 });
    sender.send(aWebhook('a'));
    expect(sender.pending()).toBe(0);
    await sleep(30);
    expect(received).toEqual([]);
  });

  it('lets the ones behind a reordered webhook pass', async () => {
    const sender = aSender({ reorder: 0.3 });
    const sent = [...'abcdefghij'];
    for (const body of sent) sender.send(aWebhook(body));
    await settled(sender);
    const order = received.map(({ body }) => body);
    expect(order).not.toEqual(sent);
    expect(order.toSorted()).toEqual(sent);
  });
});
