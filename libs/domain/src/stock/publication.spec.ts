import fc from 'fast-check';
import { decidePublication, type PublicationState } from './publication.js';

const COMPARES = { compares: true };
const OVERWRITES = { compares: false };

const row = (change: Partial<PublicationState> = {}): PublicationState => ({
  observedUnits: 10,
  desiredUnits: 4,
  inFlight: false,
  declinedUnits: null,
  sinceMs: 1000,
  ...change,
});

it('tells a fall at once, whether or not a poll came', () => {
  expect(decidePublication(row(), null, COMPARES)).toBe('send-fall');
  expect(decidePublication(row(), 5, COMPARES)).toBe('send-fall');
});

it('holds a fall until then, too, where the channel overwrites what it has sold meanwhile', () => {
  expect(decidePublication(row(), null, OVERWRITES)).toBe('wait');
  expect(decidePublication(row(), 999, OVERWRITES)).toBe('wait');
  expect(decidePublication(row(), 1000, OVERWRITES)).toBe('send-fall');
  expect(decidePublication(row({ desiredUnits: 12 }), 999, OVERWRITES)).toBe('wait');
});

it('holds a rise until a poll began after the figures it was computed from', () => {
  const rise = row({ desiredUnits: 12 });
  expect(decidePublication(rise, null, COMPARES)).toBe('wait');
  expect(decidePublication(rise, 999, COMPARES)).toBe('wait');
  expect(decidePublication(rise, 1000, COMPARES)).toBe('send-rise');
});

it('raises a channel that oversold itself back to what there is', () => {
  expect(decidePublication(row({ observedUnits: -2 }), 1000, COMPARES)).toBe('send-rise');
});

it('waits for what is on its way', () => {
  expect(decidePublication(row({ inFlight: true }), 1000, COMPARES)).toBe('wait');
});

it('says nothing where the channel is right, or the figure is not ours to set', () => {
  expect(decidePublication(row({ observedUnits: 4 }), 1000, COMPARES)).toBe('none');
  expect(decidePublication(row({ observedUnits: null }), 1000, COMPARES)).toBe('none');
  expect(decidePublication(row({ desiredUnits: null }), 1000, COMPARES)).toBe('none');
});

it('does not repeat what was declined, and tries again with another figure', () => {
  expect(decidePublication(row({ declinedUnits: 4 }), 1000, COMPARES)).toBe('none');
  expect(decidePublication(row({ declinedUnits: 5 }), 1000, COMPARES)).toBe('send-fall');
});

it('never raises a figure without a poll that covers it, nor overwrites one', () => {
  const units = fc.option(fc.integer({ min: -5, max: 20 }));
  const states = fc.record({
    observedUnits: units,
    desiredUnits: units,
    inFlight: fc.boolean(),
    declinedUnits: units,
    sinceMs: fc.nat(10),
  });
  fc.assert(
    fc.property(states, fc.option(fc.nat(10)), fc.boolean(), (state, through, compares) => {
      const decision = decidePublication(state, through, { compares });
      const rises = (state.desiredUnits ?? 0) > (state.observedUnits ?? 0);
      if (decision === 'send-fall') expect(rises).toBe(false);
      const waits = decision === 'send-rise' || (decision === 'send-fall' && !compares);
      if (waits) expect(through).toBeGreaterThanOrEqual(state.sinceMs);
    }),
  );
});
