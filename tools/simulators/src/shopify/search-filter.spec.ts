import { toFilter } from './search-filter.js';
import type { SearchFields } from './search-filter.js';

interface Row {
  readonly at: number;
  readonly tags: readonly string[];
  readonly open: boolean;
}

const fields: SearchFields<Row> = {
  updated_at: { kind: 'time', read: (row) => row.at },
  tag: { kind: 'text', read: (row) => row.tags },
  status: { kind: 'choice', of: { open: (row) => row.open, closed: (row) => !row.open } },
};

const row: Row = { at: Date.parse('2026-03-04T10:15:31Z') / 1000, tags: ['b2b'], open: true };

it.each([
  ['', true],
  ["updated_at:>='2026-03-04T10:15:31Z'", true],
  ['updated_at:>2026-03-04T10:15:31Z', false],
  // What is shown to the second is searched to the second.
  ['updated_at:>="2026-03-04T10:15:31.900Z"', true],
  ['updated_at:<2026-03-05 status:open', true],
  ['updated_at:<2026-03-05 AND status:closed', false],
  ['status:closed OR tag:B2B', true],
  ['-tag:b2b', false],
])('%s', (query, expected) => {
  expect(toFilter(query, fields)(row)).toBe(expected);
});

it.each(['colour:red', 'status:half', 'updated_at:>=soon', 'green hoodie'])(
  'complains of what it cannot search by: %s',
  (query) => {
    expect(() => toFilter(query, fields)).toThrow(/Invalid search/);
  },
);
