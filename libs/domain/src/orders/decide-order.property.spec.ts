import fc from 'fast-check';
import {
  aDraft,
  aLine,
  allocated,
  anOrder,
  aPart,
  aPolicy,
  dispatched,
  observed,
  ORDER_ID,
  posted,
  reported,
  tenderDecided,
} from './an-order.js';
import { decideOrder } from './decide-order.js';
import type { OrderCommand } from './order-commands.js';
import type { OrderCharge, OrderFact } from './order-facts.js';
import { emptyOrder, type OrderPolicy, type OrderRecord } from './order-record.js';
import { FACTS, PATHS } from './order-walks.js';

const HIGH_STREET = 'high-street';
const MILL_LANE = 'mill-lane';

interface End {
  readonly record: OrderRecord;
  readonly commands: readonly OrderCommand[];
}

function takeAll(facts: readonly OrderFact[], policy: OrderPolicy, start?: OrderRecord): End {
  let record = start ?? emptyOrder(ORDER_ID);
  const commands: OrderCommand[] = [];
  for (const fact of facts) {
    const decision = decideOrder(record, [fact], policy);
    record = decision.record;
    commands.push(...decision.commands);
  }
  return { record, commands };
}

/** The facts in another order, some of them told again. */
function reordered<T>(facts: readonly T[]): fc.Arbitrary<T[]> {
  return fc.array(fc.nat(facts.length - 1), { maxLength: 5 }).chain((again) =>
    fc.shuffledSubarray([...facts, ...again.map((index) => facts[index]!)], {
      minLength: facts.length + again.length,
    }),
  );
}

const byKey = (commands: readonly OrderCommand[]) =>
  commands.map((command) => JSON.stringify(command)).sort();

const quantities = fc.record({ here: fc.integer({ min: 1, max: 9 }), there: fc.nat(9) });
const world = fc.record({
  mugs: quantities,
  cases: fc.nat(3),
  mugMinor: fc.nat(99_999),
  caseMinor: fc.nat(99_999),
  shipping: fc.nat(900),
  negative: fc.boolean(),
  short: fc.boolean(),
  draft: fc.boolean(),
  unmapped: fc.boolean(),
  cancelled: fc.boolean(),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

/** One story of an order, whole: what each side says of it in the end. */
function storyOf(given: World): OrderFact[] {
  const { here, there } = given.mugs;
  const lines = [
    aLine({
      orderedQuantity: here + there,
      totalMinor: given.negative ? -1 : given.mugMinor,
    }),
    aLine({
      lineId: 'line-2',
      sku: 'MUG-CASE',
      orderedQuantity: given.cases,
      totalMinor: given.cases === 0 ? 0 : given.caseMinor,
    }),
  ];
  const charges: OrderCharge[] = [
    { kind: 'shipping', title: 'Postage', amountMinor: given.shipping },
  ];
  const parts = [
    aPart({ quantity: here }),
    ...(there > 0 ? [aPart({ quantity: there, locationId: MILL_LANE })] : []),
    ...(given.cases > 0
      ? [
          aPart({
            lineId: 'line-2',
            quantity: given.cases,
            components: [{ sku: 'MUG', units: given.cases * 12 }],
          }),
        ]
      : []),
  ];
  const order = anOrder({
    lines,
    charges,
    revision: 2,
    status: given.cancelled ? 'cancelled' : 'open',
  });
  const draft = aDraft({ lines, charges, status: 'completed', revision: 3 });
  const results = [HIGH_STREET, ...(there > 0 ? [MILL_LANE] : [])].flatMap((locationId) => [
    posted(locationId),
    ...(given.cancelled ? [] : [dispatched(locationId), reported(locationId)]),
  ]);
  return [
    ...(given.draft ? [observed(draft)] : []),
    observed(order),
    allocated(parts, { shortUnits: given.short ? 2 : 0 }),
    given.unmapped
      ? { kind: 'tender-decided', tender: { revision: 9, outcome: 'unmapped' } }
      : tenderDecided(9),
    ...(given.unmapped || given.negative ? [] : results),
  ];
}

it('the same facts in any order, repeated, end in the same state and ask for the same acts', () => {
  const policy = aPolicy();
  const stories = world.chain((given) => {
    const facts = storyOf(given);
    return fc.record({ facts: fc.constant(facts), other: reordered(facts) });
  });
  fc.assert(
    fc.property(stories, ({ facts, other }) => {
      const first = takeAll(facts, policy);
      const second = takeAll(other, policy);
      expect(second.record.state).toBe(first.record.state);
      expect(second.record.facts).toEqual(first.record.facts);
      expect(second.record.exceptions).toEqual(first.record.exceptions);
      expect(byKey(second.commands)).toEqual(byKey(first.commands));
    }),
    { numRuns: 500 },
  );
});

describe('decide has an answer', () => {
  const facts = FACTS.map((toFact) => toFact(5));
  const policy = aPolicy();

  it.each(Object.entries(PATHS))(
    'in state %s to every fact, and a repeat changes nothing',
    (state, path) => {
      const start = takeAll(path, policy).record;
      expect(start.state).toBe(state);
      for (const fact of facts) {
        const once = decideOrder(start, [fact], policy);
        expect(once.record.state).not.toBeNull();
        const again = decideOrder(once.record, [fact], policy);
        expect(again.record).toEqual(once.record);
        expect([again.commands, again.raised, again.cleared, again.told]).toEqual([
          [],
          [],
          [],
          undefined,
        ]);
      }
    },
  );

  it('to every fact about an order that it has never seen, and keeps it', () => {
    const told = (fact: OrderFact) =>
      fact.kind !== 'observed' && !(fact.kind === 'cart-standing' && fact.blockedBy === null);
    for (const fact of facts.filter(told)) {
      const { record, commands, ...rest } = decideOrder(emptyOrder(ORDER_ID), [fact], policy);
      expect([record.state, commands, rest.told]).toEqual([null, [], undefined]);
      expect(record.facts).not.toEqual(emptyOrder(ORDER_ID).facts);
    }
  });
});
