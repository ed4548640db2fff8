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
  tenderDecided,
} from './an-order.js';
import type { OrderFact } from './order-facts.js';
import type { ShortChoice } from './short-choice.js';

const ORDER = observed(
  anOrder({
    lines: [aLine({ orderedQuantity: 5, totalMinor: 5001 })],
    charges: [
      { kind: 'shipping', title: 'Postage', amountMinor: 500 },
      { kind: 'discount', title: 'Trade week', amountMinor: -100 },
    ],
  }),
);
const lacks = (shortQuantity: number, revision = 1) =>
  allocated([aPart({ quantity: 5, ...(shortQuantity > 0 ? { shortQuantity } : {}) })], {
    revision,
    shortUnits: shortQuantity,
  });
const decided = (choice: ShortChoice, at = '2026-03-02T10:00:00.000Z'): OrderFact => ({
  kind: 'short-decided',
  decision: { choice, by: 'operations', reason: 'the buyer agreed', at },
});
const policyWith = (shortStock: ShortChoice) => aPolicy({ shortStock });
const short = [ORDER, lacks(2), tenderDecided()];
const postsOf = (facts: readonly OrderFact[], choice: ShortChoice) =>
  commandsOf(after(facts, policyWith(choice)).commands, 'post-order').map((command) => ({
    postingId: command.postingId,
    units: command.lines.reduce((sum, { sku, units }) => sum + (sku === null ? 0 : units), 0),
    totalMinor: command.totalMinor,
  }));

describe('an order of which units are missing', () => {
  it('is kept back where the channel holds it, until all of it is there', () => {
    expect(after(short, policyWith('hold')).state).toBe('short');
    expect(postsOf(short, 'hold')).toEqual([]);
    const [posting] = postsOf([...short, lacks(0, 2)], 'hold');
    expect(posting).toMatchObject({ units: 5, totalMinor: 5401 });
  });

  it('goes to the POS whole where the store finds the rest', () => {
    expect(postsOf(short, 'post-backorder')).toEqual([
      { postingId: postingIdAt('high-street'), units: 5, totalMinor: 5401 },
    ]);
  });

  it('is posted as far as there are goods, and the rest by itself when it has come', () => {
    const first = { postingId: postingIdAt('high-street'), units: 3 };
    const rest = { postingId: `${postingIdAt('high-street')}/revision-2`, units: 2 };
    const now = postsOf([...short, posted()], 'post-available');
    expect(now).toEqual([expect.objectContaining(first)]);
    const all = postsOf([...short, posted(), lacks(0, 2)], 'post-available');
    expect(all).toEqual([expect.objectContaining(first), expect.objectContaining(rest)]);
    expect(all.reduce((sum, { totalMinor }) => sum + totalMinor, 0)).toBe(5401);
    const { commands } = after([...short, posted(), lacks(0, 2)], policyWith('post-available'));
    expect(commandsOf(commands, 'reverse-order')).toEqual([]);
  });

  it('has its rest posted also when what was there has left', () => {
    const facts = [...short, posted(), dispatched(), lacks(0, 2)];
    const all = postsOf(facts, 'post-available');
    expect(all.map(({ units }) => units)).toEqual([3, 2]);
    expect(all.reduce((sum, { totalMinor }) => sum + totalMinor, 0)).toBe(5401);
    expect(after([...short, posted(), dispatched()], policyWith('post-available')).state).toBe(
      'part-dispatched',
    );
  });

  it('waits whole where nothing of it is there: postage alone is no order', () => {
    expect(postsOf([ORDER, lacks(5), tenderDecided()], 'post-available')).toEqual([]);
  });
});

describe('what somebody decides about it', () => {
  it('stands above the rule of the channel, and the latest word counts', () => {
    expect(postsOf([...short, decided('post-backorder')], 'hold')).toHaveLength(1);
    const words = [
      decided('hold', '2026-03-02T11:00:00.000Z'),
      decided('post-backorder', '2026-03-02T10:00:00.000Z'),
    ];
    expect(postsOf([...words, ...short], 'post-available')).toEqual([]);
    expect(postsOf([...[...words].reverse(), ...short], 'post-available')).toEqual([]);
  });

  it('takes nothing back that was posted: to hold it comes too late', () => {
    const { commands, state } = after([...short, posted(), decided('hold')], aPolicy());
    expect([state, commandsOf(commands, 'reverse-order')]).toEqual(['posted', []]);
  });
});
