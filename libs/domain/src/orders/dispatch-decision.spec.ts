import {
  after,
  aLine,
  anOrder,
  aPolicy,
  commandsOf,
  dispatched,
  observed,
  posted,
} from './an-order.js';
import { POSTING, mixed, shipment, mugs, cancelled } from './a-shipment.js';
import { decideDispatch, decideDispatchCancel, type ToldDispatch } from './dispatch-decision.js';
import type { OrderFact } from './order-facts.js';

describe('a dispatch that somebody tells', () => {
  const told = (content: Partial<ToldDispatch> = {}): ToldDispatch => ({
    dispatchId: 'a',
    revision: 1,
    locationId: 'high-street',
    units: mugs(5),
    dispatchedAt: '2026-03-03T09:00:00.000Z',
    by: 'warehouse',
    ...content,
  });
  const decide = (facts: readonly OrderFact[], content?: Partial<ToldDispatch>) =>
    decideDispatch(after(facts).record, told(content), aPolicy());

  it('is taken with the posting that it serves', () => {
    expect(decide(mixed)).toMatchObject({
      kind: 'taken',
      fact: { shipment: { dispatchId: 'a', shares: [{ postingId: POSTING, units: mugs(5) }] } },
    });
  });

  it('is refused when it is more than is left, with what is too much', () => {
    expect(decide([...mixed, shipment('b', 25)])).toEqual({
      kind: 'refused',
      code: 'more-than-left',
      reason: "'high-street' has 3 × MUG less to send than was told",
    });
    expect(decide([...mixed, dispatched()])).toMatchObject({ code: 'more-than-left' });
    expect(decide(mixed, { units: [{ sku: 'CUP', units: 1 }] })).toMatchObject({
      code: 'more-than-left',
    });
  });

  it('is refused where nothing was posted', () => {
    expect(decide(mixed, { locationId: 'mill-lane' })).toMatchObject({ code: 'not-posted' });
    expect(decide(mixed.slice(0, 2))).toMatchObject({ code: 'not-posted' });
  });

  it('is never of a posting that the POS has not taken, or would not take', () => {
    const asked = mixed.slice(0, 3);
    const refused = { code: 'vendor-refused', reason: 'no such item' } as const;
    const facts: OrderFact[] = [...asked, { kind: 'refused', postingId: POSTING, ...refused }];
    expect(decide(asked)).toMatchObject({ code: 'not-posted' });
    expect(decide(facts)).toMatchObject({ code: 'not-posted' });
    expect(decide([...facts, posted()]).kind).toBe('taken');
  });

  it('told again is known; corrected, only what it adds must be left', () => {
    const before = [...mixed, shipment('a', 20)];
    expect(decide(before)).toEqual({ kind: 'known' });
    expect(decide(before, { revision: 2, units: mugs(27) }).kind).toBe('taken');
    expect(decide(before, { revision: 2, units: mugs(28) }).kind).toBe('refused');
  });

  it('may be the rest of an SKU of which another line was cut to nothing', () => {
    const noCases = observed(
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
    const before = [...mixed, shipment('b', 2), noCases];
    const [cut] = commandsOf(after(before).commands, 'reverse-order');
    const { reversalId } = cut!;
    const facts: OrderFact[] = [...before, { kind: 'reversed', reversalId, outcome: 'done' }];
    expect(decide(facts, { units: mugs(1) }).kind).toBe('taken');
    expect(decide(facts, { units: mugs(2) })).toMatchObject({ code: 'more-than-left' });
  });

  it('called off stays so', () => {
    const record = after([...mixed, shipment('a', 5)]).record;
    const off = { dispatchId: 'a', by: 'warehouse', reason: 'never left' };
    expect(decideDispatchCancel(record, off).kind).toBe('taken');
    expect(decideDispatchCancel(record, { ...off, dispatchId: 'x' })).toMatchObject({
      code: 'unknown-dispatch',
    });
    const after2 = [...mixed, shipment('a', 5), cancelled('a')];
    expect(decideDispatchCancel(after(after2).record, off)).toEqual({ kind: 'known' });
    expect(decide(after2, { revision: 2 })).toMatchObject({ code: 'cancelled-before' });
  });
});
