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
        reversalId: `${postingIdAt('high-street')}/reversal/line-1=3/cancelled`,
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
    const reversalId = `${postingIdAt('high-street')}/reversal/line-1=3/cancelled`;
    const refused: OrderFact = { kind: 'reversed', reversalId, outcome: 'refused', reason: 'gone' };
    const facts = [...inPos, cancelled, refused];
    expect(after(facts).codes).toEqual(['reversal-refused']);
    expect(after([...facts, dispatched()]).codes).toEqual(['cancelled-after-dispatch']);
  });
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

  it('after posting, the units taken away come back with their money, each once', () => {
    const { commands, codes } = after([...inPos, fewer(1), fewer(1), fewer(2, 3)]);
    const reversals = commandsOf(commands, 'reverse-order');
    expect(
      reversals.map(({ amountMinor, changes, whole }) => [amountMinor, changes, whole]),
    ).toEqual([
      [1000, [{ sku: 'MUG', units: 1 }], false],
      [1000, [{ sku: 'MUG', units: 1 }], false],
    ]);
    expect(new Set(reversals.map(({ reversalId }) => reversalId)).size).toBe(2);
    expect(codes).toEqual([]);
  });

  it('what was taken away is not reported as dispatched', () => {
    const { commands } = after([...inPos, fewer(1), dispatched()]);
    expect(commandsOf(commands, 'create-fulfilment')[0]?.lines).toEqual([
      { lineId: 'line-1', quantity: 2 },
    ]);
  });

  it('a case taken away gives back its units', () => {
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
    ]);
    expect(commandsOf(commands, 'reverse-order')[0]).toMatchObject({
      amountMinor: 9_999,
      changes: [{ sku: 'MUG', units: 12 }],
    });
  });

  it('a discount that shrinks with the edit is settled with the units', () => {
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
    ]);
    expect(commandsOf(commands, 'reverse-order')[0]?.amountMinor).toBe(900);
  });

  it('a manual line taken off gives back its money', () => {
    const order = (cancelledQuantity: number, revision: number) => {
      const totalMinor = (1 - cancelledQuantity) * 450;
      const manual = { lineId: 'line-2', sku: null, orderedQuantity: 1, cancelledQuantity };
      return observed(anOrder({ revision, lines: [aLine(), aLine({ ...manual, totalMinor })] }));
    };
    const facts = [order(0, 1), allocated(), tenderDecided(), posted(), order(1, 2)];
    const { commands, codes } = after([...facts, dispatched()]);
    expect(commandsOf(commands, 'reverse-order')).toEqual([
      expect.objectContaining({ amountMinor: 450, changes: [], whole: false }),
    ]);
    expect(commandsOf(commands, 'create-fulfilment')[0]?.lines).toEqual([
      { lineId: 'line-1', quantity: 3 },
    ]);
    expect(codes).toEqual([]);
  });

  it('units or money added after posting are for people', () => {
    const more = observed(
      anOrder({ revision: 2, lines: [aLine({ orderedQuantity: 4, totalMinor: 4000 })] }),
    );
    const { codes, commands } = after([...inPos, more]);
    expect(codes).toEqual(['edited-after-posting']);
    expect(commands.filter(({ kind }) => kind !== 'post-order')).toEqual([]);
    const dearer = observed(anOrder({ revision: 2, lines: [aLine({ totalMinor: 3300 })] }));
    expect(after([...inPos, dearer]).codes).toEqual(['edited-after-posting']);
  });

  it('a reversal that the POS refuses is for finance', () => {
    const reversalId = `${postingIdAt('high-street')}/reversal/line-1=1`;
    const refused: OrderFact = { kind: 'reversed', reversalId, outcome: 'refused', reason: 'no' };
    const done: OrderFact = { kind: 'reversed', reversalId, outcome: 'done' };
    expect(after([...inPos, fewer(1), refused]).codes).toEqual(['reversal-refused']);
    expect(after([...inPos, fewer(1), done, refused]).codes).toEqual([]);
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
