import { toReport } from '../run/soak-report.js';
import { playRange, SOAKS } from '../run/soaks.js';
import { playLife } from './play-life.js';

const soak = (first: number, count: number) => {
  const tally = playRange({ name: 'orders', seed: 1, first, count });
  return toReport(tally, SOAKS.orders, { seed: 1, seconds: 0 });
};

const NOTHING_WRONG = { violation: undefined, duplicatePosts: 0, stuck: 0 };
const CLEAN = { broken: [], duplicatePosts: 0, stuck: 0 };

describe('a life', () => {
  it('is the same whenever it is played', () => {
    const again = playLife(1, 42);
    expect(again).toEqual(playLife(1, 42));
    expect(again).not.toEqual(playLife(1, 43));
  });
});

describe('orders', () => {
  it('keep their rules in 300 lives', () => {
    // One by one: with a rule broken, the first life that shows it is enough.
    for (let number = 1; number <= 300; number += 1) {
      const { violation, figures } = playLife(1, number);
      expect({ number, violation, ...figures }).toEqual({ number, ...NOTHING_WRONG });
    }
  });

  it('keep their rules in 1,500 lives that hold enough of everything', () => {
    expect(soak(301, 1_500)).toMatchObject({ ...CLEAN, uncovered: [], ok: true });
  }, 300_000);
});
