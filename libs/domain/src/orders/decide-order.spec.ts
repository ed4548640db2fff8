import {
  aDraft,
  aLine,
  after,
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
import type { OrderFact, ObservedOrderState } from './order-facts.js';

const accepted = [observed(anOrder()), allocated(), tenderDecided()];
const inPos = [...accepted, posted()];

describe('the life of an order', () => {
  it('is received until its tender and its stock are known', () => {
    expect(after([observed(anOrder())]).state).toBe('received');
    expect(after([observed(anOrder()), allocated()]).state).toBe('received');
    expect(after([observed(anOrder()), tenderDecided()]).state).toBe('received');
  });

  it('is posted as soon as nothing is missing, with its PO number and tender', () => {
    const { state, commands } = after(accepted);
    expect(state).toBe('posting');
    expect(commands).toHaveLength(1);
    expect(commands[0]).toMatchObject({
      kind: 'post-order',
      postingId: postingIdAt('high-street'),
      connectionId: 'tills',
      poNumber: 'PO-7',
      tender: { name: 'On Account' },
      totalMinor: 3000,
    });
  });

  it('goes on through the POS and the platform until it is closed', () => {
    expect(after(inPos).state).toBe('posted');
    expect(after([...inPos, dispatched()]).state).toBe('dispatched');
    expect(after([...inPos, dispatched(), reported()]).state).toBe('closed');
  });

  it('is part-dispatched when one of its stores has sent its goods', () => {
    const parts = [aPart({ quantity: 1 }), aPart({ quantity: 2, locationId: 'mill-lane' })];
    const { state, commands } = after([
      observed(anOrder()),
      allocated(parts),
      tenderDecided(),
      posted(),
      posted('mill-lane'),
      dispatched('mill-lane'),
    ]);
    expect(state).toBe('part-dispatched');
    expect(commandsOf(commands, 'create-fulfilment')).toEqual([
      expect.objectContaining({
        vendorOrderId: 'vendor-order-1',
        lines: [{ lineId: 'line-1', quantity: 2 }],
        trackingNumber: 'T1',
      }),
    ]);
  });

  it('is joined again from the parts in which its POS holds it', () => {
    const lines = ['a', 'b'].map((lineId) => aLine({ lineId }));
    const location = { id: 'high-street', posConnectionId: 'tills', linesPerOrder: 1 };
    const policy = aPolicy({ locations: [location] });
    const both = [
      observed(anOrder({ lines })),
      allocated(lines.map(({ lineId }) => aPart({ lineId }))),
      tenderDecided(),
      posted(),
      posted('high-street/part-2'),
    ];
    expect(after(both.slice(0, 4), policy).state).toBe('posting');
    expect(after(both, policy).state).toBe('posted');
    const first = after([...both, dispatched('high-street/part-2')], policy);
    expect(first.state).toBe('part-dispatched');
    const all = [...both, dispatched('high-street/part-2'), dispatched()];
    const sent = commandsOf(after(all, policy).commands, 'create-fulfilment');
    expect(sent.map((command) => command.lines)).toEqual([
      [{ lineId: 'b', quantity: 3 }],
      [{ lineId: 'a', quantity: 3 }],
    ]);
    const told = [reported(), reported('high-street/part-2')];
    expect(after([...all, ...told], policy).state).toBe('closed');
  });

  it('is posted although it is short, and remembers it', () => {
    const short = allocated([aPart()], { shortUnits: 2 });
    const { state, record } = after([observed(anOrder()), short, tenderDecided()]);
    expect(state).toBe('posting');
    expect(record.ever).toEqual(['accepted', 'placed', 'short']);
  });

  it('waits as accepted while an edit before posting has units without a place', () => {
    const draft = aDraft();
    const more = aDraft({ revision: 2, lines: [aLine({ orderedQuantity: 5, totalMinor: 5000 })] });
    const facts = [observed(draft), allocated(), tenderDecided(), observed(more)];
    expect(after(facts).state).toBe('accepted');
    const again = allocated([aPart({ quantity: 5 })], { revision: 2 });
    expect(after([...facts, again]).state).toBe('promised');
  });

  it('is sent and reported as any other when all of it was typed in by hand', () => {
    const manual = [
      observed(anOrder({ lines: [aLine({ sku: null })] })),
      tenderDecided(),
      posted(),
    ];
    expect(after(manual).state).toBe('posted');
    const { state, commands } = after([...manual, dispatched()]);
    expect(state).toBe('dispatched');
    expect(commandsOf(commands, 'create-fulfilment')[0]?.lines).toEqual([
      { lineId: 'line-1', quantity: 3 },
    ]);
  });

  it('is closed when it is posted and nothing of it is ever sent', () => {
    const charges = [{ kind: 'fee', title: 'Sample fee', amountMinor: 900 }] as const;
    const fee = observed(anOrder({ lines: [], charges }));
    expect(after([fee, tenderDecided(), posted()]).state).toBe('closed');
  });
});

describe('drafts', () => {
  it('promise stock and wait for the platform order', () => {
    const { state, record, commands } = after([observed(aDraft()), allocated(), tenderDecided()]);
    expect(state).toBe('promised');
    expect(record.view?.draft).toBe(true);
    expect(commands).toEqual([]);
  });

  it('are completed once where the hub does it', () => {
    const policy = aPolicy({ completeDrafts: 'hub' });
    const { commands } = after(
      [observed(aDraft()), allocated(), tenderDecided(), allocated(), tenderDecided(2)],
      policy,
    );
    expect(commands).toEqual([
      { kind: 'complete-draft', connectionId: 'shop', vendorDraftId: 'vendor-draft-1' },
    ]);
  });

  it('that the platform will not complete are named, until they are orders or gone', () => {
    const policy = aPolicy({ completeDrafts: 'hub' });
    const refused = { kind: 'draft-refused', reason: 'an item is gone' } as const;
    const waiting = [observed(aDraft()), allocated(), tenderDecided(), refused];
    const { state, codes, commands } = after([...waiting, refused], policy);
    expect([state, codes]).toEqual(['promised', ['draft-refused']]);
    expect(commandsOf(commands, 'complete-draft')).toHaveLength(1);
    expect(after([...waiting, observed(anOrder())], policy).codes).toEqual([]);
    const gone = observed(aDraft({ revision: 2, status: 'deleted' }));
    expect(after([...waiting, gone], policy).codes).toEqual([]);
  });

  it('lend their PO number and customer to the order they become', () => {
    const order = anOrder({ poNumber: undefined, customerId: undefined });
    const { commands } = after([
      observed(aDraft({ status: 'completed', revision: 2 })),
      observed(order),
      allocated(),
      tenderDecided(),
    ]);
    expect(commands[0]).toMatchObject({ poNumber: 'PO-7', customerId: 'customer-1' });
  });

  it('are cancelled when they are deleted', () => {
    const { state, record } = after([
      observed(aDraft()),
      observed(aDraft({ revision: 2, status: 'deleted' })),
    ]);
    expect(state).toBe('cancelled');
    expect(record.view?.totalMinor).toBe(0);
  });

  it('are no orders of ours while they are quotes, and become one with a payment method', () => {
    const quote = observed(aDraft({ paymentMethod: 'quote' }));
    expect(after([quote]).decisions[0]?.told).toBeUndefined();
    expect(after([quote, observed(aDraft({ revision: 2 }))]).state).toBe('received');
  });
});

describe('an order is held', () => {
  const held = (order: Partial<ObservedOrderState>, ...more: OrderFact[]) =>
    after([observed(anOrder(order)), allocated(), tenderDecided(), ...more]);

  it('for a currency that is not that of the POS: money is never exchanged here', () => {
    const dollars = observed(anOrder({ currency: 'USD' }));
    const { state, codes, commands } = after([dollars, allocated(), tenderDecided()]);
    expect([state, codes, commands]).toEqual(['held', ['currency-mismatch'], []]);
  });

  it('for a price below zero', () => {
    const { state, codes, commands } = held({ lines: [aLine({ totalMinor: -100 })] });
    expect([state, codes, commands]).toEqual(['held', ['price-negative'], []]);
  });

  it('for a discount greater than the order', () => {
    const discount = { kind: 'discount', title: 'Too much', amountMinor: -3001 } as const;
    expect(held({ charges: [discount] }).codes).toEqual(['price-negative']);
  });

  it('for a total that its lines and charges do not make', () => {
    expect(held({ totalMinor: 2999 }).codes).toEqual(['total-mismatch']);
  });

  it('for a SKU that no location stocks', () => {
    const unknown = allocated([], {
      unallocated: [{ lineId: 'line-1', reason: 'unknown-sku' }],
    });
    const { state, codes, commands } = after([observed(anOrder()), unknown, tenderDecided()]);
    expect([state, codes, commands]).toEqual(['held', ['sku-unknown'], []]);
  });

  it('for a channel that no location feeds', () => {
    const nowhere = allocated([], {
      unallocated: [{ lineId: 'line-1', reason: 'location-unmapped' }],
    });
    const facts = [observed(anOrder()), nowhere, tenderDecided()];
    expect(after(facts).codes).toEqual(['location-unmapped']);
    expect(after(accepted, aPolicy({ locations: [] })).codes).toEqual(['location-unmapped']);
  });

  it('for a payment method without a tender, which payments names', () => {
    const unmapped: OrderFact = {
      kind: 'tender-decided',
      tender: { revision: 1, outcome: 'unmapped' },
    };
    const facts = [observed(anOrder()), allocated(), unmapped];
    expect(after(facts)).toMatchObject({ state: 'held', codes: [], commands: [] });
    expect(after([...facts, tenderDecided()]).state).toBe('posting');
  });

  it('for another live order with its cart id, until that one goes', () => {
    const blocked: OrderFact = { kind: 'cart-standing', blockedBy: 'other' };
    const facts = [observed(anOrder()), blocked, allocated(), tenderDecided()];
    expect(after(facts)).toMatchObject({ state: 'held', codes: ['cart-id-twice'], commands: [] });
    const released = after([...facts, { kind: 'cart-standing', blockedBy: null }]);
    expect(released).toMatchObject({ state: 'posting', codes: [] });
    expect(released.decisions.at(-1)?.cleared).toEqual(['cart-id-twice']);
  });

  it('and released by itself when the platform corrects it', () => {
    const corrected = observed(anOrder({ revision: 2 }));
    const { state, codes, decisions } = held({ lines: [aLine({ totalMinor: -1 })] }, corrected);
    expect([state, codes]).toEqual(['posting', []]);
    expect(decisions.at(-1)?.cleared).toEqual(['price-negative']);
  });

  it('when the POS refuses it, until it is posted after all', () => {
    const refused: OrderFact = {
      kind: 'refused',
      postingId: postingIdAt('high-street'),
      code: 'unmapped-sku',
      reason: 'no such item',
    };
    expect(after([...accepted, refused])).toMatchObject({ state: 'held', codes: ['pos-refused'] });
    expect(after([...accepted, refused, posted()])).toMatchObject({ state: 'posted', codes: [] });
  });

  it('not when the POS connection only observes', () => {
    const observing: OrderFact = {
      kind: 'refused',
      postingId: postingIdAt('high-street'),
      code: 'observe',
      reason: 'observe mode',
    };
    expect(after([...accepted, observing])).toMatchObject({ state: 'promised', codes: [] });
  });
});

describe('before the cut-over', () => {
  it('an order is kept for trace and told to nobody', () => {
    const old = observed(anOrder({ placedAt: '2025-12-31T23:59:59.999Z' }));
    const { state, commands, record, decisions } = after([old, allocated(), tenderDecided()]);
    expect([state, commands, record.ever]).toEqual(['closed', [], []]);
    expect(decisions.some(({ told }) => told !== undefined)).toBe(false);
  });
});

describe('taking too long', () => {
  const minutes = (count: number): OrderFact => ({
    kind: 'clock',
    nowMs: Date.parse('2026-03-02T09:00:00.000Z') + count * 60_000,
  });

  it('a draft that stays open is named, until it becomes an order', () => {
    const draft = [observed(aDraft()), allocated(), tenderDecided()];
    expect(after([...draft, minutes(60)]).codes).toEqual([]);
    expect(after([...draft, minutes(61)]).codes).toEqual(['draft-open-too-long']);
    expect(after([...draft, minutes(61), observed(anOrder())]).codes).toEqual([]);
  });

  it('an order that is not dispatched is named, until it is', () => {
    expect(after([...inPos, minutes(121)]).codes).toEqual(['undispatched-too-long']);
    expect(after([...inPos, minutes(121), dispatched()]).codes).toEqual([]);
  });
});

describe('what others are told', () => {
  it('is a new revision only when something they see changed', () => {
    const { decisions } = after([...accepted, ...accepted, posted()]);
    const told = decisions.flatMap((decision) => decision.told ?? []);
    expect(told.map(({ revision, state }) => [revision, state])).toEqual([
      [1, 'received'],
      [2, 'posting'],
      [3, 'posted'],
    ]);
  });

  it('has the PO number of the trade shop where the platform has none', () => {
    const { record } = after([
      { kind: 'purchase', purchase: { revision: 1, poNumber: 'PO-FROM-SHOP' } },
      observed(anOrder({ poNumber: undefined })),
    ]);
    expect(record.view?.poNumber).toBe('PO-FROM-SHOP');
  });

  it('needs a new tender when the payment method changed', () => {
    const facts = [observed(aDraft()), tenderDecided(1), allocated()];
    const byCard = observed(aDraft({ revision: 2, paymentMethod: 'card' }));
    expect(after(facts).state).toBe('promised');
    const waiting = after([...facts, byCard]);
    expect(waiting.state).toBe('received');
    expect(after([...facts, byCard, tenderDecided(waiting.record.revision)]).state).toBe(
      'promised',
    );
  });
});
