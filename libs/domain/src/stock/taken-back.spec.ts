import type { MasterCause } from './commitment.js';
import { standingOf } from './physical-count.js';
import { takenBackUnits } from './taken-back.js';

const at = (second: number) => `2026-06-01T09:00:${String(second).padStart(2, '0')}.000000Z`;

function aCause(kind: MasterCause['kind'], units: number, second: number): MasterCause {
  const about = kind === 'return' ? {} : { orderId: 'o1' };
  return { causeId: `${kind} at ${second}`, kind, units, at: at(second), ...about };
}

const sent = aCause('retail-dispatch', -4, 5);

describe('what a till took back', () => {
  it('is no longer to be put back for a retail order whose goods had left', () => {
    const causes = [aCause('return', 3, 9), sent];
    expect(takenBackUnits(causes, 'o1')).toBe(3);
    const contained = { containedUnits: 4, leftUnits: 0, counted: false };
    expect(standingOf(0, contained).restockPendingUnits).toBe(4);
    expect(standingOf(0, contained, 3).restockPendingUnits).toBe(1);
    expect(standingOf(0, contained, 9).restockPendingUnits).toBe(0);
  });

  it('before the goods left was something else', () => {
    expect(takenBackUnits([aCause('return', 3, 4), sent], 'o1')).toBe(0);
    const bookedLate = { ...sent, at: at(20), happenedAt: at(3) };
    expect(takenBackUnits([aCause('return', 3, 4), bookedLate], 'o1')).toBe(3);
  });

  it('says nothing of goods that were deducted at payment, nor of other orders', () => {
    const deducted = aCause('order', -4, 1);
    expect(takenBackUnits([deducted, aCause('return', 3, 9)], 'o1')).toBe(0);
    expect(takenBackUnits([sent, aCause('return', 3, 9)], 'o2')).toBe(0);
  });
});
