import { Controller, Module } from '@nestjs/common';
import {
  AskOrders,
  CancelDispatch,
  DecideShort,
  Failure,
  OrderPage,
  OrderSummary,
  OrderTrace,
  RaisedException,
  RecordDispatch,
  TracedOrder,
  TracedPlace,
  TracedStep,
  TraceOrder,
  type Received,
} from '@tillbridge/contracts';
import { Answers, Consumes, MessagingModule } from '@tillbridge/messaging';
import { PostgresModule } from '@tillbridge/postgres';
import { RuntimeModule } from '@tillbridge/runtime';
import { eventually } from '@tillbridge/testing';
import { OperatedHub } from '../../test/operated-hub.js';

const AT = '2026-06-01T09:00:00.000Z';
const ORDER = '7d2b2ff2-3f2c-4d0f-8f0a-6f8f8e0c9a11';
const POSTING = '7d2b2ff2-3f2c-4d0f-8f0a-6f8f8e0c9a12';

const LATE = Object.assign(new RaisedException(), {
  code: 'undispatched-too-long',
  severity: 'warning',
  team: 'operations',
  system: 'shop',
  subject: ORDER,
  cause: 'It is late.',
  action: 'Dispatch it.',
  raisedAt: AT,
});

function aTraced(order: Partial<TracedOrder> = {}): TracedOrder {
  const here = { system: 'shop', actId: null, locationId: null, revision: 2 };
  return Object.assign(new TracedOrder(), {
    orderId: ORDER,
    foundBy: ['name'],
    state: 'posted',
    why: 'The POS has all of it; nothing has left yet.',
    name: '#1042',
    draft: false,
    connectionId: 'shop',
    placedAt: AT,
    customerId: 'c-1',
    poNumber: 'PO-7',
    currency: 'GBP',
    totalMinor: 123_456,
    creditedMinor: 0,
    lines: [],
    places: [
      {
        ...here,
        kind: 'order',
        vendorId: 'o-9',
        state: 'open',
        amountMinor: 123_456,
        poNumber: 'PO-7',
      },
      {
        ...here,
        system: 'tills',
        kind: 'posting',
        vendorId: 'pos-9',
        actId: POSTING,
        state: 'posted',
        locationId: 'high-street',
        amountMinor: 123_456,
        poNumber: null,
      },
    ].map((place) => Object.assign(new TracedPlace(), place)),
    exceptions: [],
    timeline: [
      {
        at: AT,
        kind: 'came-in',
        what: 'observed: order #1042 is open',
        system: 'shop',
        tookMs: 40,
      },
      {
        at: AT,
        kind: 'answered',
        what: 'posted: pos-9',
        system: 'tills',
        actId: POSTING,
        tookMs: 95_000,
      },
    ].map((step) => Object.assign(new TracedStep(), step)),
    ...order,
  });
}

const asked: { traces: TraceOrder[]; lists: AskOrders[] } = { traces: [], lists: [] };
let answer: OrderTrace;
/** Commands that came to the service. */
const heard: object[] = [];

@Controller()
class OrdersController {
  @Answers(TraceOrder)
  trace(question: TraceOrder): Promise<OrderTrace> {
    asked.traces.push(question);
    if (['#1042', 'PO-7'].includes(question.identifier)) return Promise.resolve(answer);
    throw new Failure('not-found', 'never', `no order is known by '${question.identifier}'`);
  }

  /** 1,005 short orders, in pages. */
  @Answers(AskOrders)
  list(question: AskOrders): Promise<OrderPage> {
    asked.lists.push(question);
    const all = Array.from({ length: 1_005 }, (_, n) => idOf(n));
    const from = question.afterOrderId === undefined ? 0 : all.indexOf(question.afterOrderId) + 1;
    const orders = all.slice(from, from + question.limit).map(aSummary);
    return Promise.resolve(Object.assign(new OrderPage(), { orders }));
  }

  @Consumes(DecideShort)
  decided(received: Received<DecideShort>[]): Promise<void> {
    return hear(received);
  }

  @Consumes(RecordDispatch)
  dispatched(received: Received<RecordDispatch>[]): Promise<void> {
    return hear(received);
  }

  @Consumes(CancelDispatch)
  calledOff(received: Received<CancelDispatch>[]): Promise<void> {
    return hear(received);
  }
}

function hear(received: readonly Received<object>[]): Promise<void> {
  heard.push(...received.map(({ data }) => data));
  return Promise.resolve();
}

function idOf(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
}

function aSummary(orderId: string): OrderSummary {
  const posting = { postingId: POSTING, locationId: 'mill-lane', posOrderId: null, state: 'asked' };
  return Object.assign(new OrderSummary(), {
    orderId,
    name: `#${Number(orderId.slice(-12))}`,
    vendorId: 'o-1',
    state: 'short',
    draft: false,
    poNumber: null,
    postings: [posting],
  });
}

@Module({
  imports: [
    RuntimeModule.forService('orders'),
    PostgresModule.forService('orders', { migrations: [] }),
    MessagingModule.forService('orders'),
  ],
  controllers: [OrdersController],
})
class OrdersModule {}

let hub: OperatedHub;

beforeAll(async () => {
  hub = await OperatedHub.start('orders', OrdersModule);
});

beforeEach(() => {
  Object.assign(asked, { traces: [], lists: [] });
  answer = Object.assign(new OrderTrace(), { matches: 1, orders: [aTraced()] });
});

afterAll(() => hub.stop());

describe('orders trace', () => {
  it('shows every system side by side and the story, in columns that line up', async () => {
    const { code, out } = await hub.run('orders', 'trace', '#1042');
    expect([code, asked.traces]).toEqual([
      0,
      [expect.objectContaining({ identifier: '#1042', limit: 5 })],
    ]);
    const text = out.join('\n');
    expect(out[0]).toBe('#1042 is posted, GBP 1,234.56, PO PO-7');
    expect(text).toMatch(/shop +order +o-9 +open +2 +GBP 1,234\.56 +PO-7/);
    expect(text).toMatch(/tills +posting +pos-9 +posted +2 +high-street +GBP 1,234\.56/);
    expect(text).toMatch(/answered +tills +1\.6 min +posted: pos-9/);
    const heading = out.findIndex((line) => line.startsWith('when '));
    expect(out[heading]!.indexOf('words')).toBe(out[heading + 1]!.indexOf('observed:'));
  });

  it('ends with 1 while something is wrong with the order, and says what to do', async () => {
    answer = Object.assign(new OrderTrace(), {
      matches: 1,
      orders: [aTraced({ exceptions: [LATE] })],
    });
    const { code, out } = await hub.run('orders', 'trace', '#1042');
    expect(code).toBe(1);
    expect(out.join('\n')).toMatch(
      /undispatched-too-long +operations +shop +It is late\. +Dispatch it\./,
    );
  });

  it('says how many more a text names, prints for programs, and ends with 2 for an unknown one', async () => {
    answer = Object.assign(new OrderTrace(), { matches: 3, orders: [aTraced()] });
    expect((await hub.run('orders', 'trace', '#1042')).out.at(-1)).toMatch(/^2 older orders/);
    const { json } = await hub.run('orders', 'trace', '#1042', '--orders', '20', '--json');
    expect(json()).toMatchObject({ matches: 3, orders: [{ orderId: ORDER }] });
    expect(await hub.run('orders', 'trace', 'nobody')).toMatchObject({
      code: 2,
      complaints: [expect.stringContaining("no order is known by 'nobody'")],
    });
    expect((await hub.run('orders', 'trace', '#1042', '--orders', '21')).code).toBe(2);
  });
});

describe('orders list', () => {
  it('asks for one state after the other page, up to the limit', async () => {
    const { code, out } = await hub.run('orders', 'list', '--state', 'short', '--limit', '1002');
    expect([code, out.at(-1)]).toEqual([0, '1002 orders']);
    expect(out[1]).toMatch(/^#0 +short +order +mill-lane asked +00000000-/);
    expect(asked.lists.map(({ states, limit }) => [states, limit])).toEqual([
      [['short'], 1_000],
      [['short'], 2],
    ]);
  });

  it('ends by itself where there are no more, and refuses a state that there is not', async () => {
    expect((await hub.run('orders', 'list', '--limit', '5000')).out.at(-1)).toBe('1005 orders');
    expect(await hub.run('orders', 'list', '--state', 'lost')).toMatchObject({ code: 2 });
  });
});

describe('what people decide about one order', () => {
  beforeEach(() => {
    answer = Object.assign(new OrderTrace(), { matches: 1, orders: [aTraced()] });
    heard.splice(0);
  });

  it('hands a choice about missing units to the service, with who and why', async () => {
    const { code, out } = await hub.run(
      ...['orders', 'decide-short', '#1042', '--choice', 'post-available'],
      ...['--by', 'ops-1', '--reason', 'the buyer cannot wait'],
    );
    expect([code, out]).toEqual([0, [expect.stringMatching(/^handed over for #1042;/)]]);
    await eventually(() => expect(heard).toHaveLength(1));
    expect(heard[0]).toMatchObject({
      orderId: ORDER,
      choice: 'post-available',
      by: 'ops-1',
      reason: 'the buyer cannot wait',
    });
  });

  it('tells a shipment in units, with an id to correct or call it off by', async () => {
    const { code, json } = await hub.run(
      ...['orders', 'dispatch', '#1042', '--location', 'high-street', '--by', 'ops-1'],
      ...['--units', 'MUG-RED=12', '--units', 'A=B=1', '--tracking', 'TRK1', '--json'],
    );
    const { dispatchId } = json() as { dispatchId: string };
    expect(code).toBe(0);
    await hub.run(
      ...['orders', 'call-off', '#1042', '--dispatch', dispatchId],
      ...['--by', 'ops-1', '--reason', 'it never left'],
    );
    await eventually(() => expect(heard).toHaveLength(2));
    expect(heard).toEqual([
      expect.objectContaining({
        orderId: ORDER,
        dispatchId,
        revision: 1,
        locationId: 'high-street',
        lines: [
          { sku: 'MUG-RED', units: 12 },
          { sku: 'A=B', units: 1 },
        ],
        trackingNumber: 'TRK1',
      }),
      expect.objectContaining({ orderId: ORDER, dispatchId, reason: 'it never left' }),
    ]);
  });

  it('hands nothing over when a text names several orders, or the units are no number', async () => {
    answer = Object.assign(new OrderTrace(), { matches: 2, orders: [aTraced(), aTraced()] });
    const why = ['--by', 'ops-1', '--reason', 'x'];
    const several = await hub.run('orders', 'decide-short', 'PO-7', '--choice', 'hold', ...why);
    expect(several).toMatchObject({ code: 2, complaints: [expect.stringContaining(ORDER)] });
    const units = ['--location', 'high-street', '--units', 'MUG-RED=many'];
    expect((await hub.run('orders', 'dispatch', '#1042', ...units)).code).toBe(2);
    expect(heard).toEqual([]);
  });
});
