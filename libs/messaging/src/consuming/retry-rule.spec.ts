import { Failure } from '@tillbridge/contracts';
import fc from 'fast-check';
import { decideRetry, isBlameless } from './retry-rule.js';

const bug = new Error('a bug');
const later = new Failure('vendor-unavailable', { afterMs: 1_000 }, 'later');

const SEVEN_DAYS_MS = 7 * 86_400_000;
const chance = fc.double({ min: 0, max: 1, noNaN: true });

function waitOf(error: unknown, failures: number, random: number): number {
  const decision = decideRetry(error, failures, random);
  return decision.kind === 'again' ? decision.afterMs : Number.NaN;
}

describe('after a failure', () => {
  it('a Failure that says never is parked at once, with its code', () => {
    const never = new Failure('vendor-refused', 'never', 'no');
    expect(decideRetry(never, 1, 0)).toEqual({ kind: 'park', code: 'vendor-refused' });
  });

  it('a Failure with a time is tried after it, spread by up to a fifth', () => {
    expect(decideRetry(later, 1, 0)).toEqual({ kind: 'again', afterMs: 1_000 });
    expect(decideRetry(later, 1, 1)).toEqual({ kind: 'again', afterMs: 1_200 });
  });

  it('a bug waits longer each time and is parked after six tries', () => {
    const waits = [1, 2, 3, 4, 5].map((failures) => decideRetry(bug, failures, 0));
    expect(waits.map((each) => each.kind === 'again' && each.afterMs)).toEqual([
      250, 1_000, 4_000, 16_000, 20_000,
    ]);
    expect(decideRetry(bug, 6, 0)).toEqual({ kind: 'park', code: 'bug' });
  });

  it('an outage of a vendor is waited for twice as long each time, up to seven days', () => {
    const waits = Array.from({ length: 19 }, (_, at) => waitOf(later, at + 1, 0));
    expect(waits.slice(0, 5)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000]);
    const hour = new Failure('vendor-throttled', { afterMs: 3_600_000 }, 'later');
    expect(waitOf(hour, 19, 1)).toBe(SEVEN_DAYS_MS);
    expect(waitOf(hour, 19, 0)).toBeLessThan(SEVEN_DAYS_MS);
    expect(waitOf(new Failure('not-ready', { afterMs: 500 }, 'x'), 10, 0)).toBe(500);
  });

  it('no wait is longer than seven days, whoever asks for it', () => {
    const codes = fc.constantFrom('not-ready', 'vendor-unavailable', 'database-unavailable');
    fc.assert(
      fc.property(codes, fc.nat(), fc.integer({ min: 1, max: 19 }), chance, (code, ms, n, luck) => {
        const failure = new Failure(code, { afterMs: ms * 1_000 }, 'later');
        expect(waitOf(failure, n, luck)).toBeLessThanOrEqual(SEVEN_DAYS_MS);
      }),
    );
  });

  it.each(['database-unavailable', 'query-timeout'] as const)(
    '%s counts as no try, however often: somebody else is away',
    (code) => {
      const away = new Failure(code, { afterMs: 1_000 }, 'gone');
      expect(decideRetry(away, 10_000, 0)).toMatchObject({ kind: 'again' });
      expect(isBlameless(away)).toBe(true);
    },
  );

  it('nothing else is tried for ever', () => {
    fc.assert(
      fc.property(fc.constantFrom(bug, later, 'a thrown text', undefined), (error) => {
        expect(decideRetry(error, 20, 0.5).kind).toBe('park');
      }),
    );
  });
});
