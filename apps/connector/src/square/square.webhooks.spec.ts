import { createHmac } from 'node:crypto';
import { verifyWebhook } from './square.webhooks.js';

const KEY = 'sq-demo-signature-key-001';
const URL = 'https://hub.example.test/webhooks/square/acct-7';
const BODY = [
  '{"merchant_id":"MLDEMO01","type":"inventory.count.updated","event_id":"0d6c9b1e-7b51-4a38-',
  '9f5e-2f0f2a6f3c11","created_at":"2026-03-04T10:15:30.250Z","data":{"type":"inventory_count',
  's","id":"5e0e2c52-7f2a-4a67-8f0c-8a8a1a0d9b77","object":{"inventory_counts":[{"calculated_',
  'at":"2026-03-04T10:15:30.101Z","catalog_object_id":"VARDEMO12PK","catalog_object_type":"IT',
  'EM_VARIATION","location_id":"LOCDEMO1","quantity":"36","state":"IN_STOCK"}]}}}',
].join('');
const SIGNATURE = 'Jt4VYDt7tRs6So1xZwSslPnQ9SD4bWfYZX12yM97zOI=';

function verify(body: string, signature: string | undefined, url: string | undefined = URL) {
  const headers = { 'x-square-hmacsha256-signature': signature };
  return verifyWebhook({ body: Buffer.from(body), headers }, { url, signatureKey: KEY });
}

function signed(event: unknown) {
  const body = typeof event === 'string' ? event : JSON.stringify(event);
  return verify(
    body,
    createHmac('sha256', KEY)
      .update(URL + body)
      .digest('base64'),
  );
}

it("accepts what Square's own SDK accepts", () => {
  expect(verify(BODY, SIGNATURE)).toEqual({
    ok: true,
    eventId: '0d6c9b1e-7b51-4a38-9f5e-2f0f2a6f3c11',
    topic: 'inventory.count.updated',
    keys: [],
    wakes: ['stock'],
  });
});

it.each([
  ['no signature', BODY, undefined, URL],
  ['a signature that is no base64', BODY, '!!!', URL],
  ['a changed byte', BODY.replace('36', '37'), SIGNATURE, URL],
  ['a byte more', `${BODY}\n`, SIGNATURE, URL],
  ['another address', BODY, SIGNATURE, 'https://hub.example.test/webhooks/square/acct-8'],
])('refuses %s with 403', (_, body, signature, url) => {
  expect(verify(body, signature, url)).toMatchObject({
    ok: false,
    status: 403,
    code: 'signature-mismatch',
  });
});

it('refuses everything while no address is registered', () => {
  const webhook = { body: Buffer.from(BODY), headers: {} };
  const verdict = verifyWebhook(webhook, { url: undefined, signatureKey: KEY });
  expect(verdict).toMatchObject({ ok: false, status: 404 });
});

it.each(['{"type":', 'null', '[]', '{"type":"order.updated"}', '{"event_id":7,"type":"x"}'])(
  'answers a signed body that is no event, %s, with 400',
  (body) => {
    expect(signed(body)).toMatchObject({ ok: false, status: 400, code: 'malformed-event' });
  },
);

it('has the orders looked at for every order event, however many a till makes', () => {
  for (const type of ['order.created', 'order.updated', 'order.fulfillment.updated']) {
    const event = { event_id: 'e', type, data: { object: { order_updated: { order_id: 'O1' } } } };
    expect(signed(event)).toMatchObject({ ok: true, keys: [], wakes: ['orders'] });
  }
});

it('has the one customer read that the event names', () => {
  const event = {
    event_id: 'e',
    type: 'customer.updated',
    data: { object: { customer: { id: 'C1' } } },
  };
  expect(signed(event)).toMatchObject({ ok: true, keys: [{ kind: 'customer', id: 'C1' }] });
});

it('takes an event that it does not know without doing anything', () => {
  expect(signed({ event_id: 'e', type: 'loyalty.account.created' })).toMatchObject({
    ok: true,
    keys: [],
    wakes: [],
  });
});
