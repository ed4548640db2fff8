import fc from 'fast-check';
import {
  aDraft,
  allocated,
  anOrder,
  aPolicy,
  dispatched,
  observed,
  ORDER_ID,
  posted,
  postingIdAt,
  reported,
  tenderDecided,
} from './an-order.js';
import { decideOrder } from './decide-order.js';
import { toOrderEvent, type SourcedFact } from './order-event.js';
import type { OrderFact } from './order-facts.js';
import { emptyOrder } from './order-record.js';
import { timelineOf, type RecordedEvent } from './order-timeline.js';

/** Each fact is said 40 ms before it is handled, and one is handled a second. */
function eventsOf(facts: readonly OrderFact[]): RecordedEvent[] {
  let record = emptyOrder(ORDER_ID);
  return facts.flatMap((fact, index) => {
    const recordedAtMs = 1_000 * (index + 1);
    const decision = decideOrder(record, [fact], aPolicy());
    const event = toOrderEvent(record, [from('shop', fact, recordedAtMs - 40)], decision);
    record = decision.record;
    return event === undefined ? [] : [{ ...event, recordedAtMs }];
  });
}

function from(system: string, fact: OrderFact, saidAtMs: number): SourcedFact {
  if (fact.kind === 'clock') return { fact };
  const saidAt = new Date(saidAtMs).toISOString();
  return { fact, source: { messageId: `message-${saidAtMs}`, system, saidAt } };
}

const STORY = [
  observed(anOrder()),
  allocated(),
  tenderDecided(),
  posted(),
  dispatched(),
  reported(),
] as const;

describe('the story of an order', () => {
  it('tells what came, what was decided and why, what was asked, and how long each took', () => {
    const lines = timelineOf(eventsOf(STORY)).map(
      ({ atMs, kind, what, tookMs }) => `${atMs} ${kind} ${what} ${tookMs ?? '-'}`,
    );
    expect(lines).toEqual([
      '1000 came-in observed: order #1001 is open, lines: 1 40',
      '1000 decided received: It waits for its goods to be placed and a tender. -',
      '2000 came-in allocated: 3 units at high-street 40',
      '3000 came-in tender-decided: tender On Account 40',
      '3000 decided received → posting: The POS has been asked and has not answered for 1 of 1. 2000',
      '3000 asked post-order -',
      '4000 answered posted: the POS has it as pos-high-street 1000',
      '4000 decided posting → posted: The POS has all of it; nothing has left yet. 1000',
      '5000 came-in pos-fulfilment: the shipment is completed, tracking T1 40',
      '5000 decided posted → dispatched: All of it has left; the platform has not confirmed every report. 1000',
      '5000 asked create-fulfilment -',
      '6000 answered fulfilment-created: the platform has it as f-high-street 1000',
      '6000 decided dispatched → closed: All of it has left and is reported. 1000',
    ]);
  });

  it('names the message that each thing came with, who told it and who was asked', () => {
    const entries = timelineOf(eventsOf(STORY));
    expect(entries[0]).toMatchObject({
      system: 'shop',
      messageId: 'message-960',
      revision: 1,
      amountMinor: 3000,
      happenedAt: '2026-03-02T09:00:00.000Z',
      saidAt: '1970-01-01T00:00:00.960Z',
    });
    const asked = entries.find(({ kind }) => kind === 'asked');
    const actId = postingIdAt('high-street');
    expect(asked).toMatchObject({ system: 'tills', actId, amountMinor: 3000 });
    expect(entries.find(({ kind }) => kind === 'answered')).toMatchObject({ actId });
  });

  it('tells when an exception was raised, and how long it was open', () => {
    const late = { kind: 'clock', nowMs: Date.parse('2026-03-02T10:30:00.000Z') } as const;
    const entries = timelineOf(eventsOf([observed(aDraft()), late, observed(anOrder())]));
    const told = entries.filter(({ kind }) => kind === 'raised' || kind === 'cleared');
    expect(told).toMatchObject([
      { kind: 'raised', atMs: 2000, system: 'shop' },
      { kind: 'cleared', atMs: 3000, what: 'draft-open-too-long', tookMs: 1000 },
    ]);
    expect(told[0]?.what).toMatch(/^draft-open-too-long: Draft #D1/);
  });

  it('says nothing of a look at the clock that found nothing', () => {
    const soon = { kind: 'clock', nowMs: Date.parse('2026-03-02T09:01:00.000Z') } as const;
    expect(eventsOf([observed(anOrder()), soon])).toHaveLength(1);
  });

  it('tells a repeat as well: that it came is a fact, that it changed nothing shows', () => {
    const kinds = timelineOf(eventsOf([observed(anOrder()), observed(anOrder())]));
    expect(kinds.map(({ kind }) => kind)).toEqual(['came-in', 'decided', 'came-in']);
  });

  it('is the same whatever order the steps are read in', () => {
    const events = eventsOf(STORY);
    fc.assert(
      fc.property(fc.shuffledSubarray(events, { minLength: events.length }), (shuffled) => {
        expect(timelineOf(shuffled)).toEqual(timelineOf(events));
      }),
    );
  });
});
