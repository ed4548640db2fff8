import {
  aLine,
  after,
  allocated,
  anOrder,
  aPart,
  commandsOf,
  dispatched,
  observed,
  posted,
  postingIdAt,
  reported,
  tenderDecided,
} from './an-order.js';
import type { OrderFact } from './order-facts.js';

const accepted = [observed(anOrder()), allocated(), tenderDecided()];
const inPos = [...accepted, posted()];
const voidOf = (locationId: string) => `${postingIdAt(locationId)}/void`;
const voided: OrderFact = {
  kind: 'reversed',
  reversalId: voidOf('high-street'),
  outcome: 'done',
};

describe('cancelled', () => {
  const cancelled = observed(anOrder({ revision: 2, status: 'cancelled' }));

  it('before posting, an order is not posted', () => {
    const { state, commands } = after([
      observed(anOrder()),
      cancelled,
      allocated(),
      tenderDecided(),
    ]);
    expect([state, commands]).toEqual(['cancelled', []]);
  });

  it('while the posting is on its way, it is taken back once it has arrived', () => {
    const waiting = after([...accepted, cancelled]);
    expect(commandsOf(waiting.commands, 'reverse-order')).toEqual([]);
    const { state, commands } = after([...accepted, cancelled, posted(), cancelled]);
    expect(state).toBe('cancelled');
    expect(commandsOf(commands, 'reverse-order')).toEqual([
      {
        kind: 'reverse-order',
        reversalId: voidOf('high-street'),
        connectionId: 'tills',
        postingId: postingIdAt('high-street'),
        locationId: 'high-street',
        whole: true,
        amountMinor: 3000,
        currency: 'GBP',
        changes: [{ sku: 'MUG', units: 3 }],
      },
    ]);
  });

  it('after dispatch nothing is taken back, and somebody has to agree a return', () => {
    const { state, commands, codes } = after([...inPos, dispatched(), cancelled]);
    expect([state, codes]).toEqual(['cancelled', ['cancelled-after-dispatch']]);
    expect(commandsOf(commands, 'reverse-order')).toEqual([]);
  });

  it('of two stores only the one that still has its goods takes them back', () => {
    const parts = [aPart({ quantity: 1 }), aPart({ quantity: 2, locationId: 'mill-lane' })];
    const { commands } = after([
      observed(anOrder()),
      allocated(parts),
      tenderDecided(),
      posted(),
      posted('mill-lane'),
      dispatched('mill-lane'),
      cancelled,
    ]);
    expect(commandsOf(commands, 'reverse-order').map(({ locationId }) => locationId)).toEqual([
      'high-street',
    ]);
  });

  it('with postage, all of the money goes back', () => {
    const charges = [{ kind: 'shipping', title: 'Postage', amountMinor: 500 }] as const;
    const facts = [observed(anOrder({ charges })), allocated(), tenderDecided(), posted()];
    const { commands } = after([
      ...facts,
      observed(anOrder({ charges, revision: 2, status: 'cancelled' })),
    ]);
    expect(commandsOf(commands, 'reverse-order')[0]?.amountMinor).toBe(3500);
  });

  it('after part of it was sent, only the rest is taken back', () => {
    const parts = [aPart({ quantity: 1 }), aPart({ quantity: 2, locationId: 'mill-lane' })];
    const rest = aLine({ cancelledQuantity: 1, fulfilledQuantity: 2, totalMinor: 2000 });
    const { commands, codes } = after([
      observed(anOrder()),
      allocated(parts),
      tenderDecided(),
      posted(),
      posted('mill-lane'),
      dispatched('mill-lane'),
      observed(anOrder({ revision: 2, status: 'cancelled', lines: [rest] })),
    ]);
    expect(commandsOf(commands, 'reverse-order')).toEqual([
      expect.objectContaining({ locationId: 'high-street', amountMinor: 1000 }),
    ]);
    expect(codes).toEqual([]);
  });

  it('too late for the POS, which refuses, it is a matter of a return', () => {
    const reversalId = voidOf('high-street');
    const refused: OrderFact = { kind: 'reversed', reversalId, outcome: 'refused', reason: 'gone' };
    const facts = [...inPos, cancelled, refused];
    expect(after(facts).codes).toEqual(['reversal-refused']);
    expect(after([...facts, dispatched()]).codes).toEqual(['cancelled-after-dispatch']);
  });
});

it('cancelled after all had left, it is named while the POS holds money that the shop does not charge', () => {
  const charges = [{ kind: 'shipping' as const, title: 'Postage', amountMinor: 500 }];
  const lines = [aLine({ fulfilledQuantity: 3 })];
  const gone = [allocated(), tenderDecided(), posted(), dispatched()];
  const cancelled = (totalMinor: number) =>
    observed(anOrder({ revision: 2, status: 'cancelled', lines, totalMinor }));
  const facts = [observed(anOrder({ charges })), ...gone];
  const { exceptions } = after([...facts, cancelled(3000)]).record;
  expect(exceptions).toEqual([
    {
      code: 'cancelled-after-dispatch',
      system: 'shop',
      cause:
        '#1001 was cancelled after it had left the store: the POS holds 3500, the shop charges 3000 (minor units).',
    },
  ]);
  expect(after([...facts, cancelled(3500)]).codes).toEqual([]);
});

describe('edited', () => {
  const fewer = (cancelledQuantity: number, revision = 2) =>
    observed(
      anOrder({
        revision,
        lines: [aLine({ cancelledQuantity, totalMinor: (3 - cancelledQuantity) * 1000 })],
      }),
    );

  it('before posting, the POS gets what is wanted now', () => {
    const { commands } = after([observed(anOrder()), fewer(1), allocated(), tenderDecided()]);
    expect(commandsOf(commands, 'post-order')[0]).toMatchObject({
      totalMinor: 2000,
      lines: [{ sku: 'MUG', units: 2 }],
    });
  });

  it('after posting, the order goes to the POS anew with what is left of it', () => {
    const { commands, codes } = after([...inPos, fewer(1), voided]);
    expect(commandsOf(commands, 'post-order').at(-1)).toMatchObject({
      totalMinor: 2000,
      lines: [{ sku: 'MUG', units: 2 }],
    });
    expect(codes).toEqual([]);
  });

  it('what was taken away is not reported as dispatched', () => {
    const second = `${postingIdAt('high-street')}/revision-2`;
    const { commands } = after([
      ...[...inPos, fewer(1), voided],
      { kind: 'posted', postingId: second, posOrderId: 'pos-2' },
      {
        kind: 'pos-fulfilment',
        postingId: second,
        fulfilment: { state: 'completed', revision: 1 },
      },
    ]);
    expect(commandsOf(commands, 'create-fulfilment')[0]?.lines).toEqual([
      { lineId: 'line-1', quantity: 2 },
    ]);
  });

  it('a case taken away is posted no more, with its units', () => {
    const lines = (cancelledQuantity: number) => [
      aLine({
        sku: 'MUG-CASE',
        orderedQuantity: 2,
        cancelledQuantity,
        totalMinor: (2 - cancelledQuantity) * 9_999,
      }),
    ];
    const cases = [aPart({ quantity: 2, components: [{ sku: 'MUG', units: 24 }] })];
    const { commands } = after([
      observed(anOrder({ lines: lines(0) })),
      allocated(cases),
      tenderDecided(),
      posted(),
      observed(anOrder({ revision: 2, lines: lines(1) })),
      voided,
    ]);
    expect(commandsOf(commands, 'reverse-order')[0]?.changes).toEqual([{ sku: 'MUG', units: 24 }]);
    const posting = commandsOf(commands, 'post-order').at(-1);
    expect(posting?.totalMinor).toBe(9_999);
    expect(posting?.lines.reduce((sum, { units }) => sum + units, 0)).toBe(12);
  });

  it('a discount that shrinks with the edit is that of the order as it is now', () => {
    const order = (cancelledQuantity: number, off: number, revision: number) =>
      observed(
        anOrder({
          revision,
          lines: [aLine({ cancelledQuantity, totalMinor: (3 - cancelledQuantity) * 1000 })],
          charges: [{ kind: 'discount', title: 'Trade week', amountMinor: -off }],
        }),
      );
    const { commands } = after([
      order(0, 300, 1),
      allocated(),
      tenderDecided(),
      posted(),
      order(1, 200, 2),
      voided,
    ]);
    expect(commandsOf(commands, 'post-order').at(-1)?.totalMinor).toBe(1800);
  });

  it('a manual line taken off is posted no more', () => {
    const order = (cancelledQuantity: number, revision: number) => {
      const totalMinor = (1 - cancelledQuantity) * 450;
      const manual = { lineId: 'line-2', sku: null, orderedQuantity: 1, cancelledQuantity };
      return observed(anOrder({ revision, lines: [aLine(), aLine({ ...manual, totalMinor })] }));
    };
    const facts = [order(0, 1), allocated(), tenderDecided(), posted(), order(1, 2), voided];
    const { commands, codes } = after(facts);
    expect(commandsOf(commands, 'post-order').at(-1)).toMatchObject({
      totalMinor: 3000,
      lines: [{ sku: 'MUG' }],
    });
    expect(codes).toEqual([]);
  });
});

describe('trouble after posting', () => {
  it('a dispatch that the platform refuses is for customer service', () => {
    const refused: OrderFact = {
      kind: 'fulfilment-refused',
      dispatchId: `${postingIdAt('high-street')}/dispatch`,
      reason: 'already archived',
    };
    const facts = [...inPos, dispatched(), refused];
    expect(after(facts)).toMatchObject({ state: 'dispatched', codes: ['dispatch-refused'] });
    expect(after([...facts, reported()])).toMatchObject({ state: 'closed', codes: [] });
  });

  it('a fulfilment that the store stopped is for operations, unless we took it back', () => {
    const stopped: OrderFact = {
      kind: 'pos-fulfilment',
      postingId: postingIdAt('high-street'),
      fulfilment: { state: 'cancelled', revision: 3 },
    };
    expect(after([...inPos, stopped]).codes).toEqual(['fulfilment-stopped']);
    const cancelled = observed(anOrder({ revision: 2, status: 'cancelled' }));
    expect(after([...inPos, cancelled, stopped]).codes).toEqual([]);
  });
});
