import { jest } from '@jest/globals';
import { hedged } from './hedged.js';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const LATE_MS = 500;

function after<T>(ms: number, value: T): () => Promise<T> {
  return () => new Promise((resolve) => setTimeout(() => resolve(value), ms));
}

function failsAfter(ms: number, why: string): () => Promise<string> {
  return () => new Promise((_, reject) => setTimeout(() => reject(new Error(why)), ms));
}

it('asks once when the answer comes in time', async () => {
  const again = jest.fn(after(1, 'second'));
  const answer = hedged(LATE_MS, after(400, 'first'), again);
  await jest.advanceTimersByTimeAsync(2_000);
  expect(await answer).toBe('first');
  expect(again).not.toHaveBeenCalled();
});

it('takes the second answer when the first is late', async () => {
  const answer = hedged(LATE_MS, after(2_000, 'first'), after(100, 'second'));
  await jest.advanceTimersByTimeAsync(600);
  expect(await answer).toBe('second');
});

it('still takes the first when it comes before the second', async () => {
  const answer = hedged(LATE_MS, after(550, 'first'), after(100, 'second'));
  await jest.advanceTimersByTimeAsync(550);
  expect(await answer).toBe('first');
});

it('does not ask again for what failed early', async () => {
  const again = jest.fn(after(1, 'second'));
  const answer = hedged(LATE_MS, failsAfter(100, 'broken'), again);
  const refused = expect(answer).rejects.toThrow('broken');
  await jest.advanceTimersByTimeAsync(2_000);
  await refused;
  expect(again).not.toHaveBeenCalled();
});

it('fails only when both have failed', async () => {
  const saved = hedged(LATE_MS, failsAfter(600, 'broken'), after(300, 'second'));
  await jest.advanceTimersByTimeAsync(900);
  expect(await saved).toBe('second');
  const lost = hedged(LATE_MS, failsAfter(600, 'broken'), failsAfter(300, 'broken too'));
  const refused = expect(lost).rejects.toThrow('broken too');
  await jest.advanceTimersByTimeAsync(900);
  await refused;
});
