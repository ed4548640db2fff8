import { Failure } from '@tillbridge/contracts';
import fc from 'fast-check';
import { decideRetry } from './retry-rule.js';

const bug = new Error('a bug');
const later = new Failure('vendor-unavailable', { afterMs: 1_000 }, 'later');

describe('after a failure', () => {
  it('a Failure that says never is parked at once, with its code', () => {
    const never = new Failure('vendor-refused', 'never', 'no');
    expect(decideRetry(never, 1, 0)).toEqual({ kind: 'park', code: 'vendor-refused' });
  });

  it('a Failure with a time is tried after it, spread by up to a fifth', () => {
    expect(decideRetry(later, 1, 0)).toEqual({ kind: 'again', afterMs: 1_000, counts: true });
    expect(decideRetry(later, 1, 1)).toEqual({ kind: 'again', afterMs: 1_200, counts: true });
  });

  it('a bug waits longer each time and is parked after six tries', () => {
    const waits = [1, 2, 3, 4, 5].map((failures) => decideRetry(bug, failures, 0));
    expect(waits.map((each) => each.kind === 'again' && each.afterMs)).toEqual([
      250, 1_000, 4_000, 16_000, 20_000,
    ]);
    expect(decideRetry(bug, 6, 0)).toEqual({ kind: 'park', code: 'bug' });
  });

  it.each(['database-unavailable', 'query-timeout'] as const)(
    '%s counts as no try, however often: somebody else is away',
    (code) => {
      const away = new Failure(code, { afterMs: 1_000 }, 'gone');
      expect(decideRetry(away, 10_000, 0)).toMatchObject({ kind: 'again', counts: false });
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
