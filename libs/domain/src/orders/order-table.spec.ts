import { readFileSync, writeFileSync } from 'node:fs';
import { after, aPolicy, ORDER_ID } from './an-order.js';
import { decideOrder, type OrderDecision } from './decide-order.js';
import type { OrderFact } from './order-facts.js';
import type { RefusalCode } from './order-contradictions.js';
import { emptyOrder, type OrderRecord } from './order-record.js';
import { ORDER_TABLE, tableStateOf, TABLE_STATES } from './order-table.js';
import { FACTS, PATHS, walkOf } from './order-walks.js';

const REFUSALS: Record<RefusalCode, true> = {
  'result-unasked': true,
  'order-came-back': true,
  'left-after-void': true,
};

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

/** Numbers of the walks that make every move; RENEW_WALKS=1 looks for them anew. */
const WALKS = new URL('./state-walks.json', import.meta.url);
/** So many are looked through: a minute. */
const MOST_WALKS = 45_000;

/** The moves that a walk makes, each also told by name where it is refused. */
function play(number: number): Set<string> {
  const moves = new Set<string>();
  let record = emptyOrder(ORDER_ID);
  for (const fact of walkOf(number)) {
    const decision = decideOrder(record, [fact], aPolicy());
    for (const move of movesOf(record, fact, decision)) moves.add(move);
    const refusals = decision.raised.filter(({ code }) => code in REFUSALS);
    if (decision.refused.length !== refusals.length) moves.add(`${fact.kind} refused unnamed`);
    record = decision.record;
  }
  return moves;
}

function findWalks(): number[] {
  const known = new Set<string>();
  return Array.from({ length: MOST_WALKS }, (_, number) => number).filter((number) => {
    const before = known.size;
    for (const move of play(number)) known.add(move);
    return known.size > before;
  });
}

it('the table is what the rules do: every move of it is made, and no other', () => {
  if (process.env.RENEW_WALKS !== undefined) {
    writeFileSync(WALKS, `${JSON.stringify(findWalks())}\n`);
  }
  const walks = JSON.parse(readFileSync(WALKS, 'utf8')) as number[];
  const moves = new Set(walks.flatMap((number) => [...play(number)]));
  expect([...moves].sort()).toEqual(movesInTable().sort());
}, 600_000);

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
