import fc from 'fast-check';
import { BusinessCalendar } from '../calendar/business-calendar.js';
import {
  aDraft,
  after,
  allocated,
  anOrder,
  aPolicy,
  dispatched,
  observed,
  posted,
  reported,
  tenderDecided,
} from './an-order.js';
import { mergeFact, NO_FACTS, type OrderFact } from './order-facts.js';
import { nextLookMs, type Standing } from './order-lateness.js';
import type { OrderLife } from './order-record.js';

const PLACED_MS = Date.parse('2026-03-02T09:00:00.000Z');
const AGREED = {
  acceptMinutes: 10,
  draftOpenMinutes: 60,
  postMinutes: 20,
  undispatchedMinutes: 120,
  reportMinutes: 30,
  closeMinutes: 600,
};
const POLICY = aPolicy({ agreed: AGREED });
const IN_POS = [observed(anOrder()), allocated(), tenderDecided(), posted()];

const msAt = (minutes: number): number => PLACED_MS + minutes * 60_000;

/** A look at the clock, so many minutes after the order was placed and since it has stood there. */
function look(minutes: number, state?: OrderLife, since = 0): OrderFact {
  const standing = state === undefined ? undefined : { state, sinceMs: msAt(since) };
  return { kind: 'clock', nowMs: msAt(minutes), standing };
}

const codes = (...facts: OrderFact[]): string[] => [...after(facts, POLICY).codes].sort();

describe('an order that takes longer than agreed', () => {
  it('is named when nobody has answered for it, and not when it is held by a fault of its own', () => {
    expect(codes(observed(anOrder()), look(10, 'received'))).toEqual([]);
    expect(codes(observed(anOrder()), look(11, 'received'))).toEqual(['unaccepted-too-long']);
    expect(codes(observed(anOrder({ totalMinor: 1 })), look(11, 'held'))).toEqual([
      'total-mismatch',
    ]);
  });

  it('is named when the POS has not got it, from when it was asked', () => {
    const asked = IN_POS.slice(0, 3);
    expect(codes(...asked, look(100, 'posting', 80))).toEqual([]);
    expect(codes(...asked, look(101, 'posting', 80))).toEqual(['unposted-too-long']);
    expect(codes(...asked, look(101, 'posting', 80), posted())).toEqual([]);
  });

  it('is not named for a draft that waits for its order, or a POS that is only observed', () => {
    const draft = [observed(aDraft()), allocated(), tenderDecided()];
    expect(codes(...draft, look(59, 'promised'))).toEqual([]);
    const refusal = { code: 'observe', reason: 'observed' } as const;
    const postingId = after(IN_POS).record.acts.postings[0]!.postingId;
    const observing: OrderFact = { kind: 'refused', postingId, ...refusal };
    expect(codes(...IN_POS.slice(0, 3), observing, look(101, 'promised'))).toEqual([]);
  });

  it('is named when it has not left, when that was not reported, and when it is not closed', () => {
    expect(codes(...IN_POS, look(121))).toEqual(['undispatched-too-long']);
    expect(codes(...IN_POS, look(601))).toEqual(['unclosed-too-long', 'undispatched-too-long']);
    const sent = [...IN_POS, dispatched()];
    expect(codes(...sent, look(500, 'dispatched', 470))).toEqual([]);
    expect(codes(...sent, look(501, 'dispatched', 470))).toEqual(['unreported-too-long']);
    expect(codes(...sent, look(601, 'dispatched', 470), reported())).toEqual([]);
  });

  it('is named in business hours alone, where they are agreed', () => {
    const week = { timezone: 'Europe/London', holidays: ['2026-03-03'] };
    const days = {
      mon: ['09:00', '10:00'],
      tue: ['09:00', '17:00'],
      wed: ['09:00', '17:00'],
    } as const;
    const calendar = new BusinessCalendar({ ...week, days });
    const policy = aPolicy({ agreed: { ...AGREED, calendar } });
    const at = (time: string) =>
      after([...IN_POS, { kind: 'clock', nowMs: Date.parse(time) }], policy);
    // An hour on Monday, none on Tuesday, the second one on Wednesday.
    expect(at('2026-03-04T10:00:00Z').codes).toEqual([]);
    expect(at('2026-03-04T10:00:01Z').codes).toEqual(['undispatched-too-long']);
  });
});

describe('the next look', () => {
  const nextOf = (facts: OrderFact[], standing?: Standing): number | undefined => {
    const ms = nextLookMs(after(facts, POLICY).record, standing, AGREED);
    return ms === undefined ? undefined : (ms - PLACED_MS - 1) / 60_000;
  };
  const received = { state: 'received', sinceMs: msAt(0) } as const;
  const posting = { state: 'posting', sinceMs: msAt(80) } as const;

  it('is when something becomes late, the earliest of it', () => {
    expect(nextOf([observed(anOrder())], received)).toBe(10);
    expect(nextOf([observed(aDraft())])).toBe(60);
    expect(nextOf(IN_POS.slice(0, 3), posting)).toBe(100);
    expect(nextOf(IN_POS)).toBe(120);
    expect(nextOf([...IN_POS, look(121)])).toBe(600);
  });

  it('is never, for what is closed, cancelled or late in all', () => {
    expect(nextOf([...IN_POS, dispatched(), reported()])).toBeUndefined();
    expect(nextOf([observed(anOrder({ status: 'cancelled' }))])).toBeUndefined();
    expect(nextOf([...IN_POS, look(601)])).toBeUndefined();
  });

  it('is at once, where what is called late has begun anew', () => {
    const late = [...IN_POS.slice(0, 3), look(101, 'posting', 80)];
    expect(nextOf(late, posting)).toBe(120);
    const anew = { state: 'posting', sinceMs: msAt(100) } as const;
    expect(nextLookMs(after(late, POLICY).record, anew, AGREED)).toBe(msAt(101));
  });

  it('finds something late, whatever the order, and nothing before', () => {
    const facts = fc.constantFrom([observed(anOrder())], [observed(aDraft())], IN_POS);
    fc.assert(
      fc.property(facts, fc.nat(700), (known, minutes) => {
        const { state, codes: before } = after([...known, look(minutes)], POLICY);
        const standing = { state: state!, sinceMs: msAt(0) };
        const seen: OrderFact = { kind: 'clock', nowMs: msAt(minutes), standing };
        const now = after([...known, seen], POLICY);
        const next = nextLookMs(now.record, standing, AGREED);
        fc.pre(next !== undefined);
        const at = (nowMs: number) => after([...known, { ...seen, nowMs }], POLICY).codes.length;
        expect(at(next! - 1)).toBe(now.codes.length);
        expect(at(next!)).toBeGreaterThan(now.codes.length);
        expect(now.codes.length).toBeGreaterThanOrEqual(before.length);
      }),
    );
  });
});

it('looks at the clock may come in any order: the latest one counts', () => {
  const looks = fc.uniqueArray(fc.record({ minutes: fc.nat(50), since: fc.nat(50) }), {
    selector: ({ minutes, since }) => `${minutes} ${since}`,
    minLength: 2,
    maxLength: 5,
  });
  fc.assert(
    fc.property(looks, (drawn) => {
      const facts = drawn.map(({ minutes, since }) => look(minutes, 'posting', since));
      const there = facts.reduce(mergeFact, NO_FACTS);
      expect([...facts].reverse().reduce(mergeFact, NO_FACTS)).toEqual(there);
    }),
  );
});
