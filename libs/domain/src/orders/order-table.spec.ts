import fc from 'fast-check';
import { after, aPolicy, ORDER_ID } from './an-order.js';
import { decideOrder, type OrderDecision } from './decide-order.js';
import type { OrderFact } from './order-facts.js';
import type { RefusalCode } from './order-contradictions.js';
import { emptyOrder, type OrderRecord } from './order-record.js';
import { ORDER_TABLE, tableStateOf, TABLE_STATES } from './order-table.js';
import { exploreStates, FACTS, PATHS } from './order-walks.js';

const REFUSALS: Record<RefusalCode, true> = { 'result-unasked': true, 'order-came-back': true };

/** What a step did: `fact in state -> state`, and `fact in state refused: code`. */
function movesOf(held: OrderRecord, fact: OrderFact, decision: OrderDecision): string[] {
  const pair = `${fact.kind} in ${tableStateOf(held)}`;
  const before = tableStateOf(held);
  const next = tableStateOf(decision.record);
  const refusals = decision.raised.filter(({ code }) => code in REFUSALS);
  return [
    ...(next === before ? [] : [`${pair} -> ${next}`]),
    ...refusals.map(({ code }) => `${pair} refused: ${code}`),
  ];
}

function movesInTable(): string[] {
  return Object.entries(ORDER_TABLE).flatMap(([kind, states]) =>
    Object.entries(states).flatMap(([state, { to, refuses }]) => [
      ...to.map((next) => `${kind} in ${state} -> ${next}`),
      ...refuses.map((code) => `${kind} in ${state} refused: ${code}`),
    ]),
  );
}

it('the table is what the rules do: every move of it can be made, and no other', () => {
  const moves = new Set<string>();
  const unnamed = new Set<string>();
  exploreStates((held, fact, decision) => {
    for (const move of movesOf(held, fact, decision)) moves.add(move);
    const refusals = decision.raised.filter(({ code }) => code in REFUSALS);
    if (decision.refused.length !== refusals.length) unnamed.add(fact.kind);
  });
  expect([...moves].sort()).toEqual(movesInTable().sort());
  expect([...unnamed]).toEqual([]);
});

it('no life of an order makes a move that is not in the table', () => {
  const known = new Set(movesInTable());
  const starts = [[], ...Object.values(PATHS)];
  const walk = fc.record({
    start: fc.constantFrom(...starts),
    steps: fc.array(fc.tuple(fc.constantFrom(...FACTS), fc.integer({ min: 1, max: 9 })), {
      maxLength: 10,
    }),
  });
  fc.assert(
    fc.property(walk, ({ start, steps }) => {
      let record = emptyOrder(ORDER_ID);
      for (const fact of [...start, ...steps.map(([toFact, revision]) => toFact(revision))]) {
        const decision = decideOrder(record, [fact], aPolicy());
        expect(movesOf(record, fact, decision).filter((move) => !known.has(move))).toEqual([]);
        record = decision.record;
      }
    }),
    { numRuns: 500 },
  );
});

it.each(Object.entries(PATHS))('state %s can be reached', (state, path) => {
  expect(after(path).state).toBe(state);
  expect(Object.keys(TABLE_STATES)).toContain(state);
});

describe('what contradicts the record', () => {
  const opened = PATHS.received;

  it('is an answer that was never asked for, until the question is known', () => {
    const posted: OrderFact[] = [...PATHS.posted.slice(-1)];
    const early = after([...opened, ...posted]);
    expect(early.codes).toEqual(['result-unasked']);
    expect(early.decisions.at(-1)?.refused).toEqual([{ kind: 'posted', code: 'result-unasked' }]);
    expect(after([...opened, ...posted, ...PATHS.posted])).toMatchObject({
      state: 'posted',
      codes: [],
    });
  });

  it('is a draft that is there again after it was deleted', () => {
    const deleted = FACTS.map((toFact) => toFact(2)).find(
      (fact) => fact.kind === 'observed' && fact.observed.status === 'deleted',
    )!;
    const again = { ...PATHS.promised[0]! } as Extract<OrderFact, { kind: 'observed' }>;
    const back: OrderFact = { kind: 'observed', observed: { ...again.observed, revision: 3 } };
    const { state, codes } = after([...PATHS.promised, deleted, back]);
    expect([state, codes]).toEqual(['promised', ['order-came-back']]);
    expect(after([...PATHS.promised, deleted, back, deleted]).codes).toEqual(['order-came-back']);
    const goneAgain: OrderFact = {
      kind: 'observed',
      observed: { ...again.observed, revision: 4, status: 'deleted' },
    };
    expect(after([...PATHS.promised, deleted, back, goneAgain]).codes).toEqual([]);
  });
});
