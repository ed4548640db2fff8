import { toReport } from '../run/soak-report.js';
import { playRange, SOAKS } from '../run/soaks.js';
import { playSchedule } from './play-schedule.js';

const soak = (first: number, count: number) => {
  const tally = playRange({ name: 'stock', seed: 1, first, count });
  return toReport(tally, SOAKS.stock, { seed: 1, seconds: 0 });
};

describe('a history', () => {
  it('is the same whenever it is played', () => {
    const again = playSchedule(1, 42);
    expect(again).toEqual(playSchedule(1, 42));
    expect(again).not.toEqual(playSchedule(1, 43));
  });
});

describe('stock', () => {
  it('keeps its rules in 300 histories', () => {
    expect(soak(1, 300)).toMatchObject({ broken: [], violations: 0, oversoldUnits: 0 });
  });

  it('keeps its rules in 4,000 histories that hold enough of everything', () => {
    const { broken, uncovered, oversoldUnits, ok } = soak(301, 4_000);
    expect({ broken, uncovered, oversoldUnits, ok }).toEqual({
      broken: [],
      uncovered: [],
      oversoldUnits: 0,
      ok: true,
    });
  }, 300_000);
});
