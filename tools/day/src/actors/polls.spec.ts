import { pollsOf } from './polls.js';

const read = (atMs: number, call: string, detail: object = {}) => ({
  atMs,
  vendor: 'square' as const,
  call,
  accepted: true,
  detail,
});
const counts = (atMs: number, request = {}) => read(atMs, 'read:counts', { request, last: true });
const changes = (atMs: number, last = true) => read(atMs, 'read:changes', { request: {}, last });

it('a poll of the stores ends when the next begins, and has read what moved the figures too', () => {
  const journal = [counts(1), changes(2), counts(10), changes(11), counts(20)];
  expect(pollsOf(journal)).toEqual([
    { vendor: 'square', beganMs: 1, endedMs: 10 },
    { vendor: 'square', beganMs: 10, endedMs: 20 },
  ]);
});

it.each([
  ['broke off before the ledger', [counts(1), counts(10)]],
  ['broke off within the ledger', [counts(1), changes(2, false), counts(10)]],
  ['only asked for single figures', [counts(1, { catalog_object_ids: ['v1'] }), changes(2)]],
  ['has not ended', [counts(1), changes(2), counts(3, { cursor: 'c' })]],
])('one that %s has found nothing', (_, journal) => {
  expect(pollsOf(journal)).toEqual([]);
});
