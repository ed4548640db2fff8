import fc from 'fast-check';
import { FAULT_GROUPS, planFaults, VICTIMS, type Fault } from './plan-faults.js';

const aSeed = (): fc.Arbitrary<number> => fc.integer({ min: 0, max: 1_000_000_000 });
const someMinutes = (): fc.Arbitrary<number> => fc.integer({ min: 1, max: 30 });
const someGroups = () => fc.subarray([...FAULT_GROUPS], { minLength: 1 });

const count = (faults: readonly Fault[], kind: Fault['kind']): number =>
  faults.filter((fault) => fault.kind === kind).length;

describe('the schedule of faults', () => {
  it('is the same for the same options', () => {
    fc.assert(
      fc.property(aSeed(), someMinutes(), someGroups(), (seed, minutes, only) => {
        expect(planFaults({ seed, minutes, only })).toEqual(planFaults({ seed, minutes, only }));
      }),
    );
  });

  it('is another one for another seed', () => {
    expect(planFaults({ seed: 1, minutes: 5 })).not.toEqual(planFaults({ seed: 2, minutes: 5 }));
  });

  it('kills at least 20 times in 5 minutes, everybody among them, and wipes at least once', () => {
    fc.assert(
      fc.property(aSeed(), (seed) => {
        const faults = planFaults({ seed, minutes: 5 });
        const killed = faults.filter(({ kind }) => kind === 'kill').map(({ target }) => target);
        expect(killed.length).toBeGreaterThanOrEqual(20);
        expect(new Set(killed)).toEqual(new Set(VICTIMS));
        expect(count(faults, 'wipe')).toBeGreaterThanOrEqual(1);
        expect(count(faults, 'pause')).toBeGreaterThanOrEqual(1);
        expect(count(faults, 'outage')).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  it('comes in order of time and is over when trade is', () => {
    fc.assert(
      fc.property(aSeed(), someMinutes(), someGroups(), (seed, minutes, only) => {
        const faults = planFaults({ seed, minutes, only });
        const times = faults.map(({ atMs }) => atMs);
        expect(times).toEqual([...times].sort((a, b) => a - b));
        for (const { atMs, lastsMs } of faults) {
          expect(atMs).toBeGreaterThanOrEqual(0);
          expect(atMs + lastsMs).toBeLessThanOrEqual(minutes * 60_000);
        }
      }),
    );
  });

  it('freezes for at most 30 s and takes a vendor away for at most 20 s', () => {
    fc.assert(
      fc.property(aSeed(), someMinutes(), (seed, minutes) => {
        for (const { kind, lastsMs } of planFaults({ seed, minutes })) {
          if (kind === 'pause') expect(lastsMs).toBeLessThanOrEqual(30_000);
          if (kind === 'outage') expect(lastsMs).toBeLessThanOrEqual(20_000);
        }
      }),
    );
  });

  it('breaks nothing but what it was asked to', () => {
    const groupOf = ({ kind, target }: Fault): string => {
      if (kind === 'wipe') return 'wipe';
      if (kind === 'outage') return 'vendors';
      return target === 'nats' || target === 'postgres' ? target : 'services';
    };
    fc.assert(
      fc.property(aSeed(), someMinutes(), someGroups(), (seed, minutes, only) => {
        const groups = planFaults({ seed, minutes, only }).map(groupOf);
        expect(groups.length).toBeGreaterThan(0);
        expect(groups.filter((group) => !only.some((one) => one === group))).toEqual([]);
      }),
    );
  });

  it('gives a killed process its time to come back before the next kill', () => {
    fc.assert(
      fc.property(aSeed(), (seed) => {
        const kills = planFaults({ seed, minutes: 5 }).filter(
          ({ kind }) => kind === 'kill' || kind === 'wipe',
        );
        kills.slice(1).forEach((kill, at) => {
          const before = kills[at] ?? kill;
          expect(kill.atMs - before.atMs - before.lastsMs).toBeGreaterThan(3_000);
        });
      }),
    );
  });
});
