import fc from 'fast-check';
import { decideFigure, sellableUnits, type StockFigure } from './stock-figure.js';

const figure = (onHandUnits: number, countedAt: string, revision = 1): StockFigure => ({
  onHandUnits,
  countedAt,
  revision,
});

const EARLY = '2026-06-01T09:00:00.000Z';
const LATE = '2026-06-01T09:00:00.001Z';

it('believes the first figure', () => {
  expect(decideFigure(undefined, figure(5, EARLY))).toEqual({
    kind: 'change',
    figure: figure(5, EARLY),
  });
});

it('believes the later clock, whatever comes last', () => {
  expect(decideFigure(figure(5, EARLY), figure(4, LATE))).toMatchObject({ kind: 'change' });
  expect(decideFigure(figure(4, LATE), figure(5, EARLY))).toEqual({ kind: 'ignore' });
});

it('remembers a later figure that agrees, so that an older one cannot come back', () => {
  expect(decideFigure(figure(5, EARLY), figure(5, LATE))).toEqual({
    kind: 'confirm',
    figure: figure(5, LATE),
  });
});

it('lets the revision decide within one tick of the clock', () => {
  expect(decideFigure(figure(5, EARLY, 1), figure(3, EARLY, 2))).toMatchObject({ kind: 'change' });
  expect(decideFigure(figure(3, EARLY, 2), figure(5, EARLY, 1))).toEqual({ kind: 'ignore' });
  expect(decideFigure(figure(3, EARLY, 2), figure(3, EARLY, 2))).toEqual({ kind: 'ignore' });
});

it('ends at the same figure whatever order the counts arrive in, and however often', () => {
  const counts = fc.uniqueArray(
    fc.record({
      onHandUnits: fc.integer(),
      countedAt: fc.constantFrom(EARLY, LATE),
      revision: fc.nat(),
    }),
    { minLength: 1, selector: ({ countedAt, revision }) => `${countedAt} ${revision}` },
  );
  const twoOrders = counts.chain((sent) =>
    fc.tuple(
      fc.constant(sent),
      fc.shuffledSubarray([...sent, ...sent], { minLength: 2 * sent.length }),
    ),
  );
  const after = (seen: readonly StockFigure[]) =>
    seen.reduce<StockFigure | undefined>((held, next) => {
      const decision = decideFigure(held, next);
      return decision.kind === 'ignore' ? held : decision.figure;
    }, undefined);
  fc.assert(
    fc.property(twoOrders, ([sent, received]) => {
      expect(after(received)).toEqual(after(sent));
    }),
  );
});

it('sells what is on hand less promises and buffer, and never less than nothing', () => {
  expect(sellableUnits({ onHandUnits: 10, committedUnits: 3, bufferUnits: 2 })).toBe(5);
  expect(sellableUnits({ onHandUnits: -2, committedUnits: 0, bufferUnits: 0 })).toBe(0);
  expect(sellableUnits({ onHandUnits: 3, committedUnits: 4, bufferUnits: 0 })).toBe(0);
});
