import fc from 'fast-check';
import { ClaimFloor } from './claim-floor.js';

let nowMs: number;
let floor: ClaimFloor;

beforeEach(() => {
  nowMs = 0;
  floor = new ClaimFloor(() => nowMs);
});

/** Looks at `there` as the relay does, and says what it found. */
function look(there: readonly bigint[], at = floor): bigint[] {
  const from = at.from();
  const found = there.filter((sequence) => sequence >= from);
  at.saw(from, found);
  return found;
}

it('begins with the first row, and rises only to what was seen two seconds ago', () => {
  expect(floor.from()).toBe(0n);
  look([10n]);
  nowMs = 1_500;
  look([11n]);
  expect(floor.from()).toBe(0n);
  for (nowMs = 2_000; nowMs <= 6_000; nowMs += 100) look([]);
  expect(floor.from()).toBe(11n);
});

it('finds what committed late within a second', () => {
  look([10n]);
  for (nowMs = 100; nowMs <= 6_000; nowMs += 100) look([]);
  expect(floor.from()).toBe(10n);
  const lateAtMs = nowMs;
  while (look([4n]).length === 0) nowMs += 50;
  expect(nowMs - lateAtMs).toBeLessThanOrEqual(1_000);
});

it('looks at everything as long as there is something below', () => {
  look([10_000n]);
  for (nowMs = 100; nowMs <= 6_000; nowMs += 100) look([]);
  const rebuilt = Array.from({ length: 50 }, (_, at) => BigInt(at + 1));
  while (look(rebuilt).length === 0) nowMs += 50;
  while (rebuilt.length > 0) {
    nowMs += 900;
    expect(look(rebuilt.splice(0, 1))).toHaveLength(1);
  }
});

it('never leaves a row behind for more than a second, whatever appears when and where', () => {
  const appearing = fc.record({ afterMs: fc.nat(3_000), sequence: fc.bigInt(1n, 500n) });
  fc.assert(
    fc.property(fc.array(appearing, { maxLength: 40 }), (rows) => {
      nowMs = 0;
      const other = new ClaimFloor(() => nowMs);
      for (const { afterMs, sequence } of rows) {
        for (const endMs = nowMs + afterMs; nowMs < endMs; nowMs += 50) look([], other);
        const appearedMs = nowMs;
        while (look([sequence], other).length === 0) nowMs += 50;
        expect(nowMs - appearedMs).toBeLessThanOrEqual(1_000);
      }
    }),
  );
});
