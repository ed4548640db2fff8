import type { StreamState } from '@tillbridge/runtime';
import { decideStreamLoss, type RememberedStream } from './decide-stream-loss.js';

const NOW = Date.parse('2026-03-31T12:00:00Z');
const DAY_MS = 86_400_000;

const aStream = (over: Partial<StreamState> = {}): StreamState => ({
  stream: 'EVENTS',
  created: '2026-03-01T00:00:00.123456789Z',
  firstSequence: 1,
  lastSequence: 100,
  lastAt: '2026-03-31T11:59:00Z',
  maxAgeMs: 30 * DAY_MS,
  ...over,
});

const remembered: RememberedStream = {
  created: aStream().created,
  firstSequence: 1,
  lastSequence: 100,
  lastAt: new Date('2026-03-31T11:59:00Z'),
  seenAt: new Date('2026-03-31T11:59:30Z'),
};

const lossOf = (seen: Partial<StreamState>, before: Partial<RememberedStream> = {}) =>
  decideStreamLoss({ ...remembered, ...before }, aStream(seen), NOW);

it('is none when it has grown, or forgot what was too old', () => {
  expect(lossOf({})).toBeNull();
  expect(lossOf({ lastSequence: 5_000 })).toBeNull();
  expect(lossOf({ firstSequence: 60 })).toBeNull();
  expect(
    lossOf({ firstSequence: 101, lastSequence: 101 }, { lastAt: new Date('2026-02-20') }),
  ).toBeNull();
});

it('is one when the stream is another, however far it has come', () => {
  expect(lossOf({ created: '2026-03-31T11:00:00Z', lastSequence: 9_000 })).toBe('made anew');
});

it('is one when the stream ends before where it ended', () => {
  expect(lossOf({ lastSequence: 99 })).toBe('put back to an older state');
});

it('is one when all it held is gone before its time', () => {
  expect(lossOf({ firstSequence: 101, lastSequence: 100 })).toBe('emptied');
  expect(lossOf({ firstSequence: 101, lastSequence: 400 })).toBe('emptied');
});

it('is one when what came since it was last looked at is gone', () => {
  const empty = { firstSequence: 0, lastSequence: 0, lastAt: null };
  expect(lossOf({ firstSequence: 41, lastSequence: 40 }, empty)).toBe('emptied');
  const longAgo = { ...empty, seenAt: new Date('2026-02-20') };
  expect(lossOf({ firstSequence: 41, lastSequence: 90 }, longAgo)).toBeNull();
});

it('is none twice: what was empty cannot be emptied', () => {
  expect(lossOf({ firstSequence: 101 }, { firstSequence: 101 })).toBeNull();
  const fresh = { firstSequence: 0, lastSequence: 0, lastAt: null };
  expect(lossOf({ firstSequence: 1, lastSequence: 10 }, fresh)).toBeNull();
});
