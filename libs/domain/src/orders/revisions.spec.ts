import {
  after,
  aLine,
  allocated,
  anOrder,
  aPart,
  aPolicy,
  commandsOf,
  dispatched,
  observed,
  posted,
  postingIdAt,
  reported,
  tenderDecided,
} from './an-order.js';
import type { ObservedOrderState, OrderFact, SkuUnits } from './order-facts.js';

const HIGH_STREET = postingIdAt('high-street');
const inPos = [observed(anOrder()), allocated(), tenderDecided(), posted()];

const edited = (order: Partial<ObservedOrderState>, revision = 2) =>
  observed(anOrder({ revision, ...order }));
const units = (orderedQuantity: number, totalMinor = orderedQuantity * 1000) => ({
  lines: [aLine({ orderedQuantity, totalMinor })],
});
const placed = (quantity: number, revision = 2) => allocated([aPart({ quantity })], { revision });
const voided = (postingId = HIGH_STREET): OrderFact => ({
  kind: 'reversed',
  reversalId: `${postingId}/void`,
  outcome: 'done',
});
const notVoided: OrderFact = {
  kind: 'reversed',
  reversalId: `${HIGH_STREET}/void`,
  outcome: 'refused',
  reason: 'gone',
};
const secondPosted: OrderFact = {
  kind: 'posted',
  postingId: `${HIGH_STREET}/revision-2`,
  posOrderId: 'pos-2',
};

const askedOf = (facts: readonly OrderFact[]) => {
  const { commands } = after(facts);
  return {
    posts: commandsOf(commands, 'post-order').slice(1),
    voids: commandsOf(commands, 'reverse-order'),
  };
};

describe('a posting that is not what is wanted any more', () => {
  it('is voided whole, and posted as the next revision once that is confirmed', () => {
    const waiting = after([...inPos, edited(units(2))]);
    expect(waiting.state).toBe('posting');
    expect(commandsOf(waiting.commands, 'post-order')).toHaveLength(1);
    expect(commandsOf(waiting.commands, 'reverse-order')).toEqual([
      expect.objectContaining({
        reversalId: `${HIGH_STREET}/void`,
        whole: true,
        amountMinor: 3000,
        changes: [{ sku: 'MUG', units: 3 }],
      }),
    ]);
    const { posts, voids } = askedOf([...inPos, edited(units(2)), voided()]);
    expect(voids).toHaveLength(1);
    expect(posts).toEqual([
      expect.objectContaining({
        postingId: `${HIGH_STREET}/revision-2`,
        revision: 2,
        totalMinor: 2000,
      }),
    ]);
    const done = after([...inPos, edited(units(2)), voided(), secondPosted]);
    expect([done.state, done.codes]).toEqual(['posted', []]);
  });

  it('stays until what replaces it can be posted: units that nobody has placed yet', () => {
    const waiting = after([...inPos, edited(units(5))]);
    expect([waiting.state, commandsOf(waiting.commands, 'reverse-order')]).toEqual(['posted', []]);
    const { voids, posts } = askedOf([...inPos, edited(units(5)), placed(5), voided()]);
    expect([voids.length, posts[0]?.totalMinor]).toEqual([1, 5000]);
  });

  it.each([
    ['its price', edited(units(3, 2700)), 2700],
    ['its PO number', edited({ poNumber: 'PO-8' }), 3000],
  ])('%s is part of what it says', (_, edit, totalMinor) => {
    const { voids, posts } = askedOf([...inPos, edit, voided()]);
    expect(voids).toHaveLength(1);
    expect(posts[0]?.totalMinor).toBe(totalMinor);
  });

  it('a PO number that the trade shop tells later is a revision as well', () => {
    const facts = [observed(anOrder({ poNumber: undefined })), ...inPos.slice(1)];
    const told: OrderFact = { kind: 'purchase', purchase: { revision: 1, poNumber: 'PO-9' } };
    expect(askedOf([...facts, told, voided()]).posts[0]?.poNumber).toBe('PO-9');
  });

  it('with another payment waits for the tender that payments decides', () => {
    const invoiced = [...inPos, edited({ paymentMethod: 'invoice' })];
    expect(askedOf(invoiced).voids).toEqual([]);
    const tender: OrderFact = {
      kind: 'tender-decided',
      tender: { revision: 9, outcome: 'decided', tender: { name: 'Invoice', kind: 'OTHER' } },
    };
    const { voids, posts } = askedOf([...invoiced, tender, voided()]);
    expect([voids.length, posts[0]?.tender]).toEqual([1, { name: 'Invoice', kind: 'OTHER' }]);
  });

  it('with a payment that changed and changed back keeps the tender of then', () => {
    const edits = [edited({ paymentMethod: 'card' }), edited({}, 3), edited(units(2), 4)];
    const { voids, posts } = askedOf([...inPos, ...edits, voided()]);
    expect([voids.length, posts[0]?.tender]).toEqual([
      1,
      { name: 'On Account', kind: 'STORED_BALANCE' },
    ]);
  });

  it('is voided once, though it is edited again and again', () => {
    const edits = [edited(units(2)), edited(units(1), 3), edited(units(2), 4)];
    const { voids, posts } = askedOf([...inPos, ...edits, voided()]);
    expect([voids.length, posts.map(({ totalMinor }) => totalMinor)]).toEqual([1, [2000]]);
  });

  it('that was edited back while it was being voided is posted anew all the same', () => {
    const back = [edited(units(2)), edited({}, 3), voided()];
    expect(askedOf([...inPos, ...back]).posts[0]).toMatchObject({ revision: 2, totalMinor: 3000 });
  });

  it('at one store leaves the posting at the other as it is', () => {
    const lines = [aLine(), aLine({ lineId: 'line-2', sku: 'CUP' })];
    const cups = { lineId: 'line-2', locationId: 'mill-lane', components: [] };
    const parts = [aPart(), aPart({ ...cups, components: [{ sku: 'CUP', units: 3 }] })];
    const both = [observed(anOrder({ lines })), allocated(parts), tenderDecided(), posted()];
    const fewer = [lines[0]!, aLine({ ...lines[1], cancelledQuantity: 1, totalMinor: 2000 })];
    const { voids } = askedOf([...both, posted('mill-lane'), edited({ lines: fewer })]);
    expect(voids.map(({ locationId }) => locationId)).toEqual(['mill-lane']);
  });

  it('that the POS would not take is replaced without a void', () => {
    const facts = inPos.slice(0, 3);
    const refused: OrderFact = {
      kind: 'refused',
      postingId: HIGH_STREET,
      code: 'vendor-refused',
      reason: 'no such item',
    };
    const { voids, posts } = askedOf([...facts, refused, edited(units(2))]);
    expect([voids, posts[0]?.revision]).toEqual([[], 2]);
    const late = after([...facts, refused, edited(units(2)), posted()]);
    expect(commandsOf(late.commands, 'reverse-order')).toHaveLength(1);
  });

  it('that staff have posted although a later one stands for it is voided, also when it is right', () => {
    const refused: OrderFact = {
      kind: 'refused',
      postingId: HIGH_STREET,
      code: 'vendor-refused',
      reason: 'no such item',
    };
    const second = `${HIGH_STREET}/revision-2`;
    const facts = [...inPos.slice(0, 3), refused, edited(units(2)), secondPosted];
    const back = [...facts, edited({}, 3), voided(second), posted()];
    expect(askedOf(back).voids.map(({ postingId }) => postingId)).toEqual([second, HIGH_STREET]);
  });

  it('that staff have posted and sent makes the later one the one too many', () => {
    const refused: OrderFact = {
      kind: 'refused',
      postingId: HIGH_STREET,
      code: 'vendor-refused',
      reason: 'no such item',
    };
    const second = `${HIGH_STREET}/revision-2`;
    const both = [edited({ poNumber: 'PO-8' }), secondPosted, posted()];
    const left = [notVoided, dispatched('high-street', 3)];
    const { voids } = askedOf([...inPos.slice(0, 3), refused, ...both, ...left]);
    expect(voids.map(({ postingId }) => postingId)).toEqual([HIGH_STREET, second]);
  });

  it('that staff have posted and sent makes what holds its lines by now the one too many', () => {
    const lines = [aLine(), aLine({ lineId: 'line-2', sku: 'TEA', totalMinor: 1000 })];
    const tea = { lineId: 'line-2', components: [{ sku: 'TEA', units: 3 }] };
    const policy = aPolicy({
      locations: [{ id: 'high-street', posConnectionId: 'tills', linesPerOrder: 1 }],
    });
    const [part2, second] = [`${HIGH_STREET}/part-2`, `${HIGH_STREET}/revision-2`];
    const facts: OrderFact[] = [
      observed(anOrder({ lines })),
      allocated([aPart(), aPart(tea)]),
      tenderDecided(),
      posted(),
      dispatched(),
      { kind: 'refused', postingId: part2, code: 'vendor-refused', reason: 'no such item' },
      // What is left fits one POS order now: it is no second part any more.
      edited({ lines, poNumber: 'PO-8' }),
      secondPosted,
      { kind: 'posted', postingId: part2, posOrderId: 'pos-by-hand' },
      { ...notVoided, reversalId: `${part2}/void` },
      { kind: 'pos-fulfilment', postingId: part2, fulfilment: { state: 'completed', revision: 3 } },
    ];
    const voids = commandsOf(after(facts, policy).commands, 'reverse-order');
    expect(voids.map(({ postingId }) => postingId)).toEqual([part2, second]);
  });

  it('that staff have posted and nobody can void is named as one too many', () => {
    const refused: OrderFact = {
      kind: 'refused',
      postingId: HIGH_STREET,
      code: 'vendor-refused',
      reason: 'no such item',
    };
    const facts = [...inPos.slice(0, 3), refused, edited(units(2)), secondPosted, posted()];
    const { exceptions } = after([...facts, notVoided]).record;
    expect(exceptions).toEqual([
      {
        code: 'reversal-refused',
        system: 'tills',
        cause:
          '#1001: POS order pos-high-street at high-street is one too many, a later one stands for it, and the POS would not cancel it (3000 minor units): gone',
      },
    ]);
  });

  it('cancelled in the meantime, is not posted again', () => {
    const cancelled = edited({ status: 'cancelled' }, 3);
    const { voids, posts } = askedOf([...inPos, edited(units(2)), cancelled, voided()]);
    expect([voids.length, posts]).toEqual([1, []]);
  });
});

describe('goods that left before the POS could take them back', () => {
  it('stay as they are: what was taken off is a matter of a return', () => {
    const { state, codes, commands } = after([...inPos, edited(units(2)), notVoided, dispatched()]);
    expect([state, codes]).toEqual(['dispatched', ['cancelled-after-dispatch']]);
    expect(commandsOf(commands, 'reverse-order')).toHaveLength(1);
  });

  it('are not waited for in vain: until the POS shows them, the refusal is told', () => {
    const refused = [...inPos, edited(units(2)), notVoided];
    expect(after(refused).codes).toEqual(['reversal-refused']);
    expect(after([...refused, edited({}, 3)]).codes).toEqual([]);
  });

  it('have what was added posted beside them: the added units and money alone', () => {
    const facts = [...inPos, dispatched(), reported(), edited(units(5, 4500)), placed(5)];
    const { posts, voids } = askedOf(facts);
    expect(voids).toEqual([]);
    expect(posts).toEqual([
      expect.objectContaining({ revision: 2, totalMinor: 1500, lines: [expect.anything()] }),
    ]);
    expect(after(facts).state).toBe('posting');
    expect(after([...facts, secondPosted]).state).toBe('part-dispatched');
  });

  it('that became cheaper have the difference paid back, once', () => {
    const facts = [...inPos, dispatched(), edited(units(3, 2500)), edited(units(3, 2400), 3)];
    const { voids } = askedOf(facts);
    expect(voids.map(({ amountMinor, changes }) => [amountMinor, changes])).toEqual([
      [500, []],
      [100, []],
    ]);
    expect(new Set(voids.map(({ reversalId }) => reversalId)).size).toBe(2);
  });

  it('and turn out not to have leave nothing too dear that was posted beside them', () => {
    const tea = aLine({ lineId: 'tea', sku: 'TEA', orderedQuantity: 5, totalMinor: 1765 });
    const mug = aLine({ lineId: 'mug', orderedQuantity: 1, totalMinor: 7678 });
    const charges = (discount: number): ObservedOrderState['charges'] => [
      { kind: 'discount', title: 'Trade', amountMinor: -discount },
      { kind: 'shipping', title: 'Postage', amountMinor: 804 },
    ];
    const left = (dispatchId: string, units: readonly SkuUnits[]): OrderFact => ({
      kind: 'shipment-recorded',
      shipment: {
        ...{ dispatchId, revision: 1, locationId: 'high-street', by: 'warehouse' },
        ...{ shares: [{ postingId: HIGH_STREET, units }] },
        dispatchedAt: '2026-03-03T09:00:00.000Z',
      },
    });
    const parts = [
      aPart({ lineId: 'mug', quantity: 1 }),
      aPart({ lineId: 'tea', quantity: 5, components: [{ sku: 'TEA', units: 5 }] }),
    ];
    const facts: OrderFact[] = [
      observed(anOrder({ lines: [mug, tea], charges: charges(9443) })),
      ...[allocated(parts), tenderDecided(), posted()],
      left('a', [
        { sku: 'MUG', units: 1 },
        { sku: 'TEA', units: 3 },
      ]),
      left('b', [{ sku: 'TEA', units: 1 }]),
      // The discount went with the mug, which has left and is charged for until people have agreed.
      edited({
        lines: [{ ...mug, cancelledQuantity: 1, totalMinor: 0 }, tea],
        charges: charges(1765),
      }),
    ];
    const [beside] = askedOf(facts).posts;
    expect(beside?.totalMinor).toBe(7678);
    const back: OrderFact = {
      kind: 'shipment-cancelled',
      cancelled: { dispatchId: 'a', by: 'warehouse', reason: 'the van came back' },
    };
    const { voids } = askedOf([...facts, secondPosted, back]);
    expect(voids.map(({ postingId, amountMinor }) => [postingId, amountMinor])).toEqual([
      [HIGH_STREET, 804],
      [`${HIGH_STREET}/revision-2`, 7678],
    ]);
    const again = voided(`${HIGH_STREET}/revision-2`);
    expect(askedOf([...facts, secondPosted, back, again]).posts.at(-1)?.totalMinor).toBe(804);
  });

  it('whose PO number changed are for people, until all is done', () => {
    const facts = [...inPos, dispatched(), edited({ poNumber: 'PO-8' })];
    expect(after(facts).codes).toEqual(['edited-after-posting']);
    expect(after([...facts, reported()])).toMatchObject({ state: 'closed', codes: [] });
  });
});

describe('figures of the platform that cannot be right', () => {
  const left = [...inPos, dispatched(), reported()];

  it('lead to no refund, and are told although all goods have left', () => {
    const wrong = after([...left, edited({ ...units(3, 2500), totalMinor: 2600 })]);
    expect([wrong.state, wrong.codes]).toEqual(['closed', ['total-mismatch']]);
    expect(commandsOf(wrong.commands, 'reverse-order')).toEqual([]);
    const { voids } = askedOf([
      ...left,
      edited({ ...units(3, 2500), totalMinor: 2600 }),
      edited(units(3, 2500), 3),
    ]);
    expect(voids.map(({ amountMinor }) => amountMinor)).toEqual([500]);
  });

  it('a charge below zero that comes after the goods have left is named', () => {
    const charges = [{ kind: 'fee' as const, title: 'Fee', amountMinor: -100 }];
    const { codes, commands } = after([...left, edited({ charges })]);
    expect(codes).toEqual(['price-negative']);
    expect(commandsOf(commands, 'reverse-order')).toEqual([]);
  });
});

it('goods that nobody can place are named, though what is on hand has all left', () => {
  const lines = [aLine(), aLine({ lineId: 'line-2', sku: 'NEW', totalMinor: 500 })];
  const unallocated = [{ lineId: 'line-2', reason: 'unknown-sku' as const }];
  const facts = [...inPos, dispatched(), edited({ lines })];
  const { state, codes } = after(
    [...facts, allocated([aPart()], { revision: 2, unallocated })],
    aPolicy({ shortStock: 'post-available' }),
  );
  expect([state, codes]).toEqual(['part-dispatched', ['sku-unknown']]);
});

it('goods that nobody can place are named beside what is posted and stays', () => {
  const lines = [aLine(), aLine({ lineId: 'line-2', sku: 'CUP', totalMinor: 500 })];
  const cups = { lineId: 'line-2', quantity: 3, components: [{ sku: 'CUP', units: 3 }] };
  const more = aLine({ lineId: 'line-3', sku: 'NEW', totalMinor: 100 });
  const parts = [aPart(), aPart({ ...cups, locationId: 'mill-lane' })];
  const both = [observed(anOrder({ lines })), allocated(parts), tenderDecided(), posted()];
  const unallocated = [{ lineId: 'line-3', reason: 'unknown-sku' as const }];
  const added = edited({ lines: [...lines, more] });
  const told = allocated(parts, { revision: 2, unallocated });
  const { state, codes } = after([...both, posted('mill-lane'), dispatched(), added, told]);
  expect([state, codes]).toEqual(['part-dispatched', ['sku-unknown']]);
});

it('a store that has not dispatched pays for what changed at the one that has', () => {
  const lines = [aLine({ totalMinor: 3000 })];
  const parts = [aPart({ quantity: 1 }), aPart({ quantity: 2, locationId: 'mill-lane' })];
  const both = [
    observed(anOrder({ lines })),
    allocated(parts),
    tenderDecided(),
    posted(),
    posted('mill-lane'),
    dispatched(),
    edited(units(3, 2700)),
    voided(postingIdAt('mill-lane')),
  ];
  const { posts } = askedOf(both);
  expect(posts.at(-1)).toMatchObject({ locationId: 'mill-lane', revision: 2, totalMinor: 1700 });
  expect(after(both, aPolicy()).codes).toEqual([]);
});
