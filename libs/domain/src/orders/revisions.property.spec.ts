import fc from 'fast-check';
import { APos } from './a-pos.js';
import {
  aLine,
  allocated,
  anOrder,
  aPart,
  aPolicy,
  observed,
  ORDER_ID,
  tenderDecided,
} from './an-order.js';
import { decideOrder } from './decide-order.js';
import type { OrderCommand } from './order-commands.js';
import type { OrderFact } from './order-facts.js';
import { emptyOrder, type OrderRecord } from './order-record.js';

const edit = fc.record({
  mugs: fc.integer({ min: 0, max: 6 }),
  cases: fc.nat(3),
  mugMinor: fc.nat(999),
  caseMinor: fc.nat(9_999),
  shipping: fc.nat(500),
  off: fc.nat(300),
  poNumber: fc.constantFrom('PO-1', 'PO-2', undefined),
});
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

/** What happens next: an edit, an answer of the POS, goods that leave. */
const happening = fc.oneof(
  { weight: 2, arbitrary: edit.map((to) => ({ kind: 'edit', to }) as const) },
  { weight: 4, arbitrary: fc.nat(9).map((which) => ({ kind: 'answer', which }) as const) },
  { weight: 1, arbitrary: fc.nat(9).map((which) => ({ kind: 'leave', which }) as const) },
);
const life = fc.record({
  first: edit.filter(({ mugs }) => mugs > 0),
  happenings: fc.array(happening, { minLength: 3, maxLength: 14 }),
  ends: fc.constantFrom('open' as const, 'cancelled' as const),
  swaps: fc.infiniteStream(fc.boolean()),
});

/** Mugs from two stores, cases from one, postage and a discount; never less than it costs. */
function factsOf(to: Edit, revision: number, status: 'open' | 'cancelled'): OrderFact[] {
  const here = Math.ceil(to.mugs / 2);
  const lines = [
    aLine({ orderedQuantity: to.mugs, totalMinor: to.mugs * to.mugMinor }),
    aLine({
      lineId: 'line-2',
      sku: 'CUP-CASE',
      orderedQuantity: to.cases,
      totalMinor: to.cases * to.caseMinor,
    }),
  ];
  const gross = lines.reduce((sum, { totalMinor }) => sum + totalMinor, to.shipping);
  const charges = [
    { kind: 'shipping' as const, title: 'Postage', amountMinor: to.shipping },
    { kind: 'discount' as const, title: 'Trade week', amountMinor: -Math.min(gross, to.off) },
  ];
  const { poNumber } = to;
  const parts = [
    aPart({ quantity: here }),
    aPart({ quantity: to.mugs - here, locationId: 'mill-lane' }),
    aPart({
      lineId: 'line-2',
      quantity: to.cases,
      components: [{ sku: 'CUP', units: to.cases * 12 }],
    }),
  ].filter(({ quantity }) => quantity > 0);
  return [
    observed(anOrder({ lines, charges, poNumber, revision, status })),
    allocated(parts, { revision }),
  ];
}

/** An order between its platform and its POS; commands wait until they are answered. */
class Between {
  readonly pos = new APos();
  readonly waiting: OrderCommand[] = [];
  record: OrderRecord = emptyOrder(ORDER_ID);

  take(facts: readonly OrderFact[]): void {
    for (const fact of facts) {
      const decision = decideOrder(this.record, [fact], aPolicy());
      this.record = decision.record;
      this.waiting.push(...decision.commands);
    }
  }

  answer(which: number): void {
    const [command] = this.waiting.splice(which % Math.max(1, this.waiting.length), 1);
    if (command !== undefined) this.take(this.pos.answer(command));
  }

  settle(): void {
    for (let round = 0; this.waiting.length > 0 && round < 200; round += 1) this.answer(0);
  }
}

it('whatever is edited and whatever leaves, the POS ends with what is charged, and never twice', () => {
  fc.assert(
    fc.property(life, ({ first, happenings, ends, swaps }) => {
      const between = new Between();
      between.take([...factsOf(first, 1, 'open'), tenderDecided(99)]);
      let revision = 1;
      let last = first;
      for (const each of happenings) {
        if (each.kind === 'answer') between.answer(each.which);
        else if (each.kind === 'leave') between.take(between.pos.dispatch(each.which));
        else {
          revision += 1;
          last = each.to;
          const facts = factsOf(last, revision, 'open');
          between.take(swaps.next().value === true ? facts.reverse() : facts);
        }
      }
      if (ends === 'cancelled') between.take(factsOf(last, revision + 1, 'cancelled'));
      between.settle();
      expect(between.waiting).toEqual([]);
      expect(between.pos.doubled).toEqual([]);
      const order = between.record.facts.order!;
      const open = ends === 'cancelled' ? 0 : 1;
      for (const [sku, wanted] of [
        ['MUG', last.mugs * open] as const,
        ['CUP', last.cases * 12 * open] as const,
      ]) {
        expect(between.pos.unitsOf(sku)).toBe(Math.max(wanted, between.pos.unitsOf(sku, 'gone')));
      }
      const tooLate = between.record.exceptions.some(
        ({ code }) => code === 'cancelled-after-dispatch',
      );
      if (!tooLate) expect(between.pos.minor).toBe(ends === 'cancelled' ? 0 : order.totalMinor);
    }),
    { numRuns: 500 },
  );
});
