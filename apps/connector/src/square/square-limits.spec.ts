import {
  AskPosCustomers,
  PostedLine,
  PostOrder,
  ReverseOrder,
  type AskDeliveryTexts,
} from '@tillbridge/contracts';
import { KeptSteps } from '../../test/act-run.js';
import { aSquareAccount, aSquareClient, type SquareCall } from '../../test/square-account.js';
import { PostOrderAct } from './post-order.act.js';
import { ReverseOrderAct } from './reverse-order.act.js';
import { SQUARE } from './square.capabilities.js';
import { StockChanges } from './stock-changes.js';

const POSTING = '7d5d1b0e-2c1f-5b6a-9d1e-0a1b2c3d4e5f';
const ORDER = '0f3a7f2e-6b1f-5d3c-9c37-0d7f7d0c2b11';
const long = (text: string) => text.repeat(3_000);

/** An order whose every word is as long as our contracts let it be, or longer. */
function anOrderOfLongWords(about: Partial<PostOrder> = {}): PostOrder {
  const line = { lineRef: 'l'.repeat(60), title: 't'.repeat(512), note: long('n') };
  const priced = { units: 3, unitPriceMinor: 1_000 };
  return Object.assign(new PostOrder(), {
    postingId: POSTING,
    connectionId: 'till',
    orderId: ORDER,
    locationId: 'high-street',
    split: { number: 2, of: 3 },
    orderName: long('#'),
    placedAt: '2026-03-04T10:15:30Z',
    poNumber: 'P'.repeat(255),
    storefrontConnectionId: 's'.repeat(40),
    customerId: '7',
    currency: 'GBP',
    tender: { name: 'T'.repeat(255), kind: 'STORED_BALANCE' },
    lines: [
      Object.assign(new PostedLine(), { ...line, ...priced, sku: 'MUG' }),
      Object.assign(new PostedLine(), { ...line, ...priced, sku: null }),
    ],
    discountMinor: 3_000,
    totalMinor: 3_000,
    ...about,
  });
}

/** All that Square is sent for that order and for taking it back, by path. */
async function everythingSent(about: Partial<PostOrder> = {}): Promise<Map<string, any>> {
  const { client, calls } = aSquareClient(({ path, method }: SquareCall) => {
    if (path === '/v2/payments') return { payment: { id: 'PAY' } };
    if (path === '/v2/refunds') return { refund: { id: 'REF' } };
    const order = { id: 'ORD', location_id: 'L1', version: 3, state: 'OPEN', fulfillments: [] };
    return method === 'GET' ? order : { order: { ...order, total_money: { amount: 3_000 } } };
  });
  const asker = {
    ask: async <A>(question: object) => {
      if (question instanceof AskPosCustomers) return { posCustomerIds: ['CUST'] } as A;
      const address = {
        line1: long('a'),
        line2: long('b'),
        city: long('c'),
        region: long('d'),
        postalCode: 'EC1A 1BB 123',
        countryCode: 'GB',
      };
      const words = { recipientName: long('r'), note: long('😀'), requestedDate: '2026-03-09' };
      const text = { ...words, address };
      const { orderIds } = question as AskDeliveryTexts;
      return { texts: orderIds.map((orderId) => ({ orderId, ...text })) } as A;
    },
  };
  const { connection, refs, locations } = aSquareAccount();
  const changes = new StockChanges(client, refs, locations, Date);
  const posting = new PostOrderAct(connection, { client, refs, locations, asker });
  const posted = await posting.perform(anOrderOfLongWords(about), new KeptSteps().run());
  const known = posted.refs?.find(({ kind }) => kind === 'posting');
  const account = aSquareAccount();
  if (known !== undefined) await account.memory.put([known]);
  const command = Object.assign(new ReverseOrder(), {
    reversalId: POSTING,
    connectionId: 'till',
    orderId: ORDER,
    postingId: POSTING,
    locationId: 'high-street',
    whole: true,
    amountMinor: 3_000,
    currency: 'GBP',
    changes: [{ sku: 'MUG', units: 12 }],
  });
  const parts = { client, refs: account.refs, changes, timeScale: 1 };
  await new ReverseOrderAct('till', parts).perform(command, new KeptSteps().run());
  return new Map(calls.map(({ path, body }) => [path, body]));
}

const metadataOf = ({ order }: any): Record<string, string>[] => [
  order.metadata,
  ...order.line_items.map((line: any) => line.metadata),
];
const onOrder = (sent: Map<string, any>) => sent.get('/v2/orders');
const onPayment = (sent: Map<string, any>) => sent.get('/v2/payments');
const onRefund = (sent: Map<string, any>) => sent.get('/v2/refunds');
const onStock = (sent: Map<string, any>) => sent.get('/v2/inventory/changes/batch-create');
const addressOn = (sent: Map<string, any>) =>
  onOrder(sent).order.fulfillments[0].shipment_details.recipient.address;
const lines = (sent: Map<string, any>): any[] => onOrder(sent).order.line_items;

/** Where each declared limit meets what we write: the compiler wants every one of them. */
const WRITTEN: Record<keyof typeof SQUARE.lengths, (sent: Map<string, any>) => string[]> = {
  orderKey: (sent) => [onOrder(sent).idempotency_key],
  orderReference: (sent) => [onOrder(sent).order.reference_id],
  ticketName: (sent) => [onOrder(sent).order.ticket_name],
  sourceName: (sent) => [onOrder(sent).order.source.name],
  lineUid: (sent) => lines(sent).map(({ uid }) => uid),
  lineName: (sent) => lines(sent).flatMap(({ name }) => name ?? []),
  lineNote: (sent) => lines(sent).map(({ note }) => note),
  lineQuantity: (sent) => lines(sent).map(({ quantity }) => quantity),
  metadataKey: (sent) => metadataOf(onOrder(sent)).flatMap((each) => Object.keys(each)),
  metadataValue: (sent) => metadataOf(onOrder(sent)).flatMap((each) => Object.values(each)),
  discountName: (sent) => onOrder(sent).order.discounts.map(({ name }: any) => name),
  recipientName: (sent) => [
    onOrder(sent).order.fulfillments[0].shipment_details.recipient.display_name,
  ],
  addressLine: (sent) => [addressOn(sent).address_line_1, addressOn(sent).address_line_2],
  locality: (sent) => [addressOn(sent).locality],
  region: (sent) => [addressOn(sent).administrative_district_level_1],
  postalCode: (sent) => [addressOn(sent).postal_code],
  shippingNote: (sent) => [onOrder(sent).order.fulfillments[0].shipment_details.shipping_note],
  paymentKey: (sent) => [onPayment(sent).idempotency_key],
  paymentReference: (sent) => [onPayment(sent).reference_id],
  paymentNote: (sent) => [onPayment(sent).note],
  tenderKind: (sent) => [onPayment(sent).external_details.type],
  tenderSource: (sent) => [
    onPayment(sent).external_details.source,
    onPayment(sent).external_details.source_id,
  ],
  refundKey: (sent) => [onRefund(sent).idempotency_key],
  refundReason: (sent) => [onRefund(sent).reason],
  stockKey: (sent) => [onStock(sent).idempotency_key],
  stockReference: (sent) =>
    onStock(sent).changes.map(({ adjustment }: any) => adjustment.reference_id),
};

describe('what Square is sent', () => {
  let sent: Map<string, any>;

  beforeAll(async () => {
    sent = await everythingSent();
  });

  it.each(Object.entries(SQUARE.lengths))('%s has at most %i characters', (name, most) => {
    const texts = WRITTEN[name as keyof typeof WRITTEN](sent);
    expect(texts.length).toBeGreaterThan(0);
    for (const text of texts) {
      expect(text.length).toBeGreaterThan(0);
      expect(text.length).toBeLessThanOrEqual(most);
      // Half of a pair has no encoding.
      expect(() => encodeURIComponent(text)).not.toThrow();
    }
  });

  it('has at most ten entries of metadata, by keys that Square knows', () => {
    for (const metadata of metadataOf(onOrder(sent))) {
      expect(Object.keys(metadata).length).toBeLessThanOrEqual(SQUARE.metadataEntries);
      for (const key of Object.keys(metadata)) expect(key).toMatch(/^[A-Za-z0-9_-]+$/);
    }
  });

  it('has the longest PO number whole, in a field for machines and in one that staff see', () => {
    const { metadata, fulfillments } = onOrder(sent).order;
    const po = 'P'.repeat(255);
    expect(metadata.po_number).toBe(po);
    expect(fulfillments[0].shipment_details.shipping_note).toContain(`PO ${po}\n`);
  });

  it('is refused before the first call when no line holds so many units', async () => {
    const lines = [
      Object.assign(new PostedLine(), {
        lineRef: 'l1',
        sku: 'MUG',
        title: 'Mug',
        units: 1_000_000_000_000,
        unitPriceMinor: 0,
      }),
    ];
    await expect(everythingSent({ lines })).rejects.toMatchObject({
      code: 'vendor-refused',
      retry: 'never',
    });
  });
});
