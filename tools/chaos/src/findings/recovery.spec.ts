import { percentile, recoveries, type Kill, type Passage } from './recovery.js';

const aKill = (kill: Partial<Kill> = {}): Kill => ({
  target: 'orders',
  atMs: 1_000,
  readyMs: 4_000,
  ...kill,
});
const aPassage = (passage: Partial<Passage> = {}): Passage => ({
  from: 'connector',
  to: 'orders',
  saidMs: 900,
  handledMs: 5_000,
  ...passage,
});

const both = (ms: number) => ({ oldestMs: ms, allMs: ms });

describe('recovery after a kill', () => {
  it('ends when the oldest message that waited is handled, and in full when all are', () => {
    const passages = [aPassage({ saidMs: 950, handledMs: 9_000 }), aPassage()];
    expect(recoveries([aKill()], passages, [])).toEqual([{ oldestMs: 1_000, allMs: 5_000 }]);
  });

  it('counts what came while the process was down', () => {
    expect(recoveries([aKill()], [aPassage({ saidMs: 2_000 })], [])).toEqual([both(1_000)]);
  });

  it('is nothing when nobody was kept waiting', () => {
    const handled = aPassage({ handledMs: 990 });
    const later = aPassage({ saidMs: 4_100, handledMs: 4_200 });
    const elsewhere = aPassage({ from: 'inventory', to: 'connector' });
    expect(recoveries([aKill()], [handled, later, elsewhere], [])).toEqual([]);
  });

  it('concerns everybody when NATS or Postgres died', () => {
    const elsewhere = aPassage({ from: 'inventory', to: 'connector' });
    expect(recoveries([aKill({ target: 'nats' })], [elsewhere], [])).toEqual([both(1_000)]);
    expect(recoveries([aKill({ target: 'postgres' })], [elsewhere], [])).toEqual([both(1_000)]);
  });

  it('never ends for a message that is never handled', () => {
    expect(recoveries([aKill()], [aPassage({ handledMs: null })], [])).toEqual([both(Infinity)]);
  });

  it('leaves out time in which the road or an end of it was frozen, once', () => {
    const frozen = [
      { target: 'postgres', fromMs: 4_200, untilMs: 4_700 },
      { target: 'connector', fromMs: 4_500, untilMs: 4_800 },
      { target: 'customers', fromMs: 4_000, untilMs: 5_000 },
    ];
    expect(recoveries([aKill()], [aPassage()], frozen)).toEqual([both(400)]);
  });
});

describe('a percentile', () => {
  it('is a value that was measured', () => {
    expect(percentile([30, 10, 20], 0.5)).toBe(20);
    expect(percentile([30, 10, 20], 0.99)).toBe(30);
    expect(percentile([], 0.5)).toBeNull();
  });
});
