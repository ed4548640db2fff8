import { isValid } from './run-messaging.js';

const quiet = {
  batch: { perSecond: 7_000, rawPerSecond: 9_700, ratio: 0.72, scatter: 1.1 },
  single: { perSecond: 1_000, rawPerSecond: 1_300, ratio: 0.78, scatter: 1.2 },
};

it('figures of a quiet machine are valid', () => {
  expect(isValid(quiet)).toBe(true);
});

it.each(['batch', 'single'] as const)(
  'a slow bare program or unlike pairs void them: %s',
  (shape) => {
    const found = quiet[shape];
    expect(isValid({ ...quiet, [shape]: { ...found, rawPerSecond: 690 } })).toBe(false);
    expect(isValid({ ...quiet, [shape]: { ...found, scatter: 2.1 } })).toBe(false);
  },
);
