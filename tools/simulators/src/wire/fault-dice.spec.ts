import { FAULTS, FaultDice } from './fault-dice.js';

describe('the fault dice', () => {
  it('repeat themselves for the same seed', () => {
    expect(fates(new FaultDice(7, FAULTS.wild))).toEqual(fates(new FaultDice(7, FAULTS.wild)));
    expect(fates(new FaultDice(7, FAULTS.wild))).not.toEqual(fates(new FaultDice(8, FAULTS.wild)));
  });

  it('decide about an endpoint whatever calls of others came between', () => {
    const calm = new FaultDice(7, FAULTS.wild);
    const busy = new FaultDice(7, FAULTS.wild);
    const alone = Array.from({ length: 200 }, () => calm.roll('lost', 'orders'));
    const among = Array.from({ length: 200 }, () => {
      busy.roll('lost', 'counts');
      return busy.roll('lost', 'orders');
    });
    expect(among).toEqual(alone);
  });

  it('come up about as often as agreed, and count it', () => {
    const dice = new FaultDice(3, FAULTS.wild);
    for (let roll = 0; roll < 10_000; roll += 1) dice.roll('lost', 'orders');
    expect(dice.counts.lost).toBeGreaterThan(400);
    expect(dice.counts.lost).toBeLessThan(600);
  });

  it('let nothing go wrong when off or quiet', () => {
    expect(fates(new FaultDice(7, FAULTS.off))).not.toContain(true);
    const dice = new FaultDice(7, FAULTS.wild);
    dice.quiet = true;
    expect(fates(dice)).not.toContain(true);
  });

  it('draw delays within their bounds', () => {
    const dice = new FaultDice(1, FAULTS.off);
    const delays = Array.from({ length: 500 }, () => dice.delayMs(5, 8));
    expect([...new Set(delays)].toSorted()).toEqual([5, 6, 7, 8]);
  });
});

function fates(dice: FaultDice): boolean[] {
  return Array.from({ length: 300 }, () => dice.roll('late', 'orders'));
}
