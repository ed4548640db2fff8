import { aLine, after, anOrder, commandsOf, dispatched, observed } from './an-order.js';
import {
  POSTING,
  mixed,
  shipment,
  mugs,
  cancelled,
  created,
  answered,
  report,
} from './a-shipment.js';
import type { OrderFact } from './order-facts.js';

describe('shipments in parts', () => {
  it('are reported in whole packs; what is no whole pack waits and is shown as units', () => {
    const first = after([...mixed, shipment('a', 5)]);
    expect(commandsOf(first.commands, 'create-fulfilment')).toEqual([
      {
        kind: 'create-fulfilment',
        dispatchId: report('a'),
        connectionId: 'shop',
        vendorOrderId: 'vendor-order-1',
        lines: [{ lineId: 'mugs', quantity: 3 }],
        trackingNumber: 'T-a',
      },
    ]);
    expect(first.record.view).toMatchObject({
      state: 'part-dispatched',
      leftUnits: 5,
      waitingUnits: 2,
    });
    const second = after([...mixed, shipment('a', 5), shipment('b', 10, { day: 4 })]);
    expect(commandsOf(second.commands, 'create-fulfilment')[1]).toMatchObject({
      dispatchId: report('b'),
      lines: [{ lineId: 'cases', quantity: 1 }],
    });
    expect(second.record.view).toMatchObject({ leftUnits: 15, waitingUnits: 0 });
  });

  it('that leave nothing behind complete the fulfilment in the POS, once', () => {
    const facts = [...mixed, shipment('a', 15), shipment('b', 12, { day: 4 })];
    const { commands, state } = after([...facts, shipment('b', 12, { day: 4 })]);
    expect(commandsOf(commands, 'complete-fulfilment')).toEqual([
      {
        kind: 'complete-fulfilment',
        completionId: `${POSTING}/pos-completion`,
        connectionId: 'tills',
        postingId: POSTING,
        trackingNumber: 'T-b',
      },
    ]);
    expect(state).toBe('dispatched');
    const told = [created(report('a')), created(report('b'))];
    expect(after([...facts, ...told]).state).toBe('dispatched');
    expect(after([...facts, ...told, dispatched()]).state).toBe('closed');
    const done = answered('pos-completed', `${POSTING}/pos-completion`);
    expect(after([...facts, ...told, done]).state).toBe('closed');
  });

  it('what the POS repeats of our own word is not reported again', () => {
    const facts = [...mixed, shipment('a', 27), dispatched()];
    expect(commandsOf(after(facts).commands, 'create-fulfilment')).toHaveLength(1);
  });

  it('when staff complete it in the POS first, the rest has left with that', () => {
    const { commands, state } = after([...mixed, shipment('a', 20), dispatched()]);
    expect(commandsOf(commands, 'create-fulfilment').map(({ lines }) => lines)).toEqual([
      [
        { lineId: 'mugs', quantity: 3 },
        { lineId: 'cases', quantity: 1 },
      ],
      [{ lineId: 'cases', quantity: 1 }],
    ]);
    expect(commandsOf(commands, 'complete-fulfilment')).toEqual([]);
    expect(state).toBe('dispatched');
  });

  it('in any order of arrival end with the same lines reported', () => {
    const parts = [shipment('a', 5), shipment('b', 10, { day: 4 }), shipment('c', 12, { day: 5 })];
    const [a, b, c] = parts as [OrderFact, OrderFact, OrderFact];
    for (const order of [
      [a, b, c],
      [c, b, a],
      [b, a, c],
      [c, a, b],
    ]) {
      const { commands, state } = after([...mixed, ...order]);
      const sums: Record<string, number> = {};
      for (const { lines } of commandsOf(commands, 'create-fulfilment')) {
        for (const { lineId, quantity } of lines) sums[lineId] = (sums[lineId] ?? 0) + quantity;
      }
      expect([sums, state]).toEqual([{ cases: 2, mugs: 3 }, 'dispatched']);
    }
  });

  it('what has left is not taken back when the order is cut', () => {
    const fewer = observed(
      anOrder({
        revision: 2,
        lines: [
          aLine({
            lineId: 'cases',
            sku: 'CASE',
            orderedQuantity: 2,
            cancelledQuantity: 2,
            totalMinor: 0,
          }),
          aLine({ lineId: 'mugs', orderedQuantity: 3, totalMinor: 3_000 }),
        ],
        charges: [{ kind: 'shipping', title: 'Postage', amountMinor: 270 }],
      }),
    );
    const { commands, codes } = after([...mixed, shipment('a', 5), fewer]);
    expect(commandsOf(commands, 'reverse-order')).toEqual([
      expect.objectContaining({ whole: false, amountMinor: 12_000, changes: mugs(12) }),
    ]);
    expect(codes).toEqual(['cancelled-after-dispatch']);
  });
});

describe('a dispatch called off', () => {
  const sent = [...mixed, shipment('a', 3), created(report('a'))];

  it('is cancelled on the platform, and what leaves later is reported once it has', () => {
    const off = after([...sent, cancelled('a')]);
    expect(commandsOf(off.commands, 'cancel-fulfilment')).toEqual([
      {
        kind: 'cancel-fulfilment',
        cancellationId: `${report('a')}/cancel`,
        dispatchId: report('a'),
        connectionId: 'shop',
        vendorOrderId: 'vendor-order-1',
      },
    ]);
    expect(off.record.view).toMatchObject({ state: 'posted', leftUnits: 0 });
    const again = [...sent, cancelled('a'), shipment('b', 3, { day: 4 })];
    expect(commandsOf(after(again).commands, 'create-fulfilment')).toHaveLength(1);
    const done = answered('report-cancelled', `${report('a')}/cancel`);
    const reports = commandsOf(after([...again, done]).commands, 'create-fulfilment');
    expect(reports.map(({ dispatchId }) => dispatchId)).toEqual([report('a'), report('b')]);
  });

  it('that was not reported yet is cancelled when the report is made', () => {
    const facts = [...mixed, shipment('a', 3), cancelled('a')];
    expect(commandsOf(after(facts).commands, 'cancel-fulfilment')).toEqual([]);
    const late = after([...facts, created(report('a'))]);
    expect(commandsOf(late.commands, 'cancel-fulfilment')).toHaveLength(1);
  });

  it('takes back the pack that only its units had completed', () => {
    const facts = [
      ...mixed,
      shipment('a', 9),
      created(report('a')),
      shipment('b', 6, { day: 4 }),
      created(report('b')),
      cancelled('a'),
    ];
    const { commands } = after(facts);
    expect(commandsOf(commands, 'cancel-fulfilment').map(({ dispatchId }) => dispatchId)).toEqual([
      report('a'),
      report('b'),
    ]);
    const done = [report('a'), report('b')].map((id) =>
      answered('report-cancelled', `${id}/cancel`),
    );
    const reports = commandsOf(after([...facts, ...done]).commands, 'create-fulfilment');
    expect(reports.at(-1)).toMatchObject({
      dispatchId: `${report('b')}/2`,
      lines: [{ lineId: 'mugs', quantity: 3 }],
    });
  });

  it('that the platform will not take back is for customer service', () => {
    const result = { outcome: 'refused', reason: 'delivered' } as const;
    const refused: OrderFact = {
      kind: 'dispatch-act',
      act: 'report-cancelled',
      actId: `${report('a')}/cancel`,
      result,
    };
    const { codes, commands } = after([...sent, cancelled('a'), refused, shipment('b', 3)]);
    expect(codes).toEqual(['dispatch-cancel-refused']);
    expect(commandsOf(commands, 'create-fulfilment')).toHaveLength(1);
  });

  it('leaves no refused report in the way: what has left is told once, and never cancelled', () => {
    const notReported: OrderFact = {
      kind: 'fulfilment-refused',
      dispatchId: report('b'),
      reason: 'the shop is locked',
    };
    const done = answered('report-cancelled', `${report('a')}/cancel`);
    const off = [shipment('a', 9), created(report('a')), shipment('b', 6, { day: 4 })];
    const facts = [...mixed, ...off, notReported, cancelled('a'), done];
    const again = created(`${report('b')}/2`);
    const { commands } = after([...facts, again, again, again]);
    expect(commandsOf(commands, 'create-fulfilment').at(-1)).toMatchObject({
      dispatchId: `${report('b')}/2`,
      lines: [{ lineId: 'mugs', quantity: 3 }],
    });
    expect(commandsOf(commands, 'cancel-fulfilment')).toMatchObject([{ dispatchId: report('a') }]);
  });

  it('after staff had completed the rest has left with that all the same', () => {
    const whole = `${POSTING}/dispatch`;
    const done = answered('report-cancelled', `${report('a')}/cancel`);
    const told = [created(report('a')), dispatched(), created(whole)];
    const facts = [...mixed, shipment('a', 20), ...told, cancelled('a'), done];
    const { commands, state } = after(facts);
    expect(commandsOf(commands, 'create-fulfilment').at(-1)).toMatchObject({
      dispatchId: `${whole}/2`,
      lines: [
        { lineId: 'cases', quantity: 1 },
        { lineId: 'mugs', quantity: 3 },
      ],
    });
    expect(state).toBe('dispatched');
    expect(after([...facts, created(`${whole}/2`)]).state).toBe('closed');
  });

  it('of an order that is cancelled and still shows it as sent: nothing is posted by its word', () => {
    const lines = [aLine({ lineId: 'mugs', fulfilledQuantity: 3, totalMinor: 3_000 })];
    const gone = observed(anOrder({ revision: 2, status: 'cancelled', lines, totalMinor: 3_000 }));
    const voided: OrderFact = { kind: 'reversed', reversalId: `${POSTING}/void`, outcome: 'done' };
    const { commands } = after([...sent, cancelled('a'), gone, voided]);
    expect(commandsOf(commands, 'reverse-order')).toMatchObject([{ whole: true }]);
    expect(commandsOf(commands, 'post-order')).toHaveLength(1);
  });

  it('after the POS was told that all has left: what it will not take back is still named', () => {
    const refused: OrderFact = {
      kind: 'reversed',
      reversalId: `${POSTING}/reversal/cases=2,mugs=1/cancelled`,
      outcome: 'refused',
      reason: 'the payment is too old',
    };
    const all = [shipment('a', 27), created(report('a')), dispatched()];
    const fewer = shipment('a', 2, { revision: 2 });
    const lines = [aLine({ lineId: 'mugs', cancelledQuantity: 3, totalMinor: 0 })];
    const off = observed(anOrder({ revision: 2, status: 'cancelled', lines, totalMinor: 0 }));
    const { codes, commands } = after([...mixed, ...all, fewer, off, refused]);
    expect(commandsOf(commands, 'reverse-order')).toMatchObject([
      { whole: false, toldDispatched: true, changes: mugs(25) },
    ]);
    expect(codes).toEqual(['reversal-refused', 'cancelled-after-dispatch']);
  });

  it('with other units is a correction: cancelled and reported again', () => {
    const corrected = [...sent, shipment('a', 2, { revision: 2 })];
    const done = answered('report-cancelled', `${report('a')}/cancel`);
    const { commands } = after([...corrected, done]);
    expect(commandsOf(commands, 'create-fulfilment').at(-1)).toMatchObject({
      dispatchId: `${report('a')}/2`,
      lines: [{ lineId: 'mugs', quantity: 2 }],
    });
  });

  it('by the POS, which says that the goods are there again, is cancelled as well', () => {
    const back: OrderFact = {
      kind: 'pos-fulfilment',
      postingId: POSTING,
      fulfilment: { state: 'prepared', revision: 3 },
    };
    const whole = `${POSTING}/dispatch`;
    const { commands, record } = after([...mixed, dispatched(), created(whole), back]);
    expect(commandsOf(commands, 'cancel-fulfilment')).toMatchObject([{ dispatchId: whole }]);
    expect(record.shipments).toMatchObject([{ dispatchId: whole, revision: 2, units: [] }]);
    const done = answered('report-cancelled', `${whole}/cancel`);
    const later = [
      ...mixed,
      dispatched(),
      created(whole),
      back,
      done,
      dispatched('high-street', 4),
    ];
    expect(commandsOf(after(later).commands, 'create-fulfilment')[1]?.dispatchId).toBe(
      `${whole}/2`,
    );
  });
});

describe('tracking that changes later', () => {
  it('is told of the report that the platform shows, each change once', () => {
    const renumbered = shipment('a', 3, { revision: 2, trackingNumber: 'NEW' });
    const { commands } = after([...mixed, shipment('a', 3), renumbered]);
    expect(commandsOf(commands, 'update-tracking')).toEqual([]);
    const shown = after([...mixed, shipment('a', 3), renumbered, created(report('a')), renumbered]);
    expect(commandsOf(shown.commands, 'update-tracking')).toEqual([
      {
        kind: 'update-tracking',
        trackingId: `${report('a')}/tracking/1`,
        dispatchId: report('a'),
        connectionId: 'shop',
        vendorOrderId: 'vendor-order-1',
        trackingNumber: 'NEW',
      },
    ]);
  });
});

describe('others are told of each shipment', () => {
  it('with its share of the money; the last one gets what is left, to the cent', () => {
    const facts = [...mixed, shipment('a', 5), shipment('b', 10, { day: 4 }), dispatched()];
    const news = after(facts).decisions.flatMap(({ shipped }) => shipped);
    expect(news.map(({ dispatchId, units }) => [dispatchId, units])).toEqual([
      ['a', mugs(5)],
      ['b', mugs(10)],
      [`${POSTING}/dispatch`, mugs(12)],
    ]);
    expect(news.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(27_270);
    expect(news.every(({ due }) => due === 'invoice')).toBe(true);
    expect(news.every(({ amountMinor }) => amountMinor > 0)).toBe(true);
  });

  it('and of none when it did not leave after all', () => {
    const { decisions } = after([...mixed, shipment('a', 5), cancelled('a'), cancelled('a')]);
    expect(decisions.flatMap(({ shipped }) => shipped).at(-1)).toMatchObject({
      dispatchId: 'a',
      revision: 2,
      units: [],
      amountMinor: 0,
    });
  });
});
