import { reportLines, toReport } from './soak-report.js';
import { Tally, type HistoryOutcome } from './tally.js';

const RUN = { seed: 7, seconds: 2 };

const aSoak = (...kinds: string[]) => ({
  kinds,
  leastMedianFacts: 30,
  figures: { oversoldUnits: 'units oversold', racedUnits: 'units in races' },
  none: ['oversoldUnits'] as const,
});

function anOutcome(outcome: Partial<HistoryOutcome> = {}): HistoryOutcome {
  return { facts: 40, happened: new Set(['sale']), figures: {}, ...outcome };
}

function aTally(...outcomes: HistoryOutcome[]): Tally {
  const tally = new Tally();
  outcomes.forEach((outcome, at) => tally.add(at + 1, outcome));
  return tally;
}

it('sums histories up, in whatever parts they were played', () => {
  const tally = aTally(anOutcome(), anOutcome({ facts: 50, figures: { racedUnits: 2 } }));
  tally.merge(aTally(anOutcome({ facts: 60 })));
  expect(toReport(tally, aSoak('sale'), RUN)).toMatchObject({
    schedules: 3,
    facts: 150,
    factsMedian: 50,
    coverage: { sale: 1 },
    racedUnits: 2,
    ok: true,
  });
});

it('is not content with a kind that hardly came up, nor with short histories', () => {
  const many = Array.from({ length: 99 }, () => anOutcome());
  const rare = aTally(...many, anOutcome({ happened: new Set(['sale', 'count']) }));
  const report = toReport(rare, aSoak('sale', 'count', 'return'), RUN);
  expect(report).toMatchObject({ uncovered: ['count', 'return'], ok: false });
  expect(toReport(aTally(anOutcome({ facts: 29 })), aSoak('sale'), RUN)).toMatchObject({
    uncovered: ['facts'],
    ok: false,
  });
});

it('is not content with units that were oversold', () => {
  const tally = aTally(anOutcome({ figures: { oversoldUnits: 1 } }));
  expect(toReport(tally, aSoak('sale'), RUN)).toMatchObject({ oversoldUnits: 1, ok: false });
});

it('says how each broken history is played again', () => {
  const violation = { rule: 'flapping', said: 'a quiet channel is called' };
  const report = toReport(aTally(anOutcome(), anOutcome({ violation })), aSoak('sale'), RUN);
  expect(report).toMatchObject({ violations: 1, ok: false });
  expect(reportLines(report, aSoak('sale')).at(-1)).toBe(
    '  --seed 7 --schedule 2: flapping: a quiet channel is called',
  );
});
