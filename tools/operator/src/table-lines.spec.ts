import fc from 'fast-check';
import { tableLines } from './table-lines.js';

interface Row {
  readonly name: string;
  readonly error: string;
}

const columns = [
  { heading: 'name', of: (row: Row) => row.name },
  { heading: 'error', of: (row: Row) => row.error, widest: 10 },
];

it('lines up its columns, shortens what is too long and leaves no line break', () => {
  const rows = [
    { name: 'a', error: 'one\ntwo' },
    { name: 'longer', error: 'more than ten characters' },
  ];
  expect(tableLines(columns, rows)).toEqual([
    'name    error',
    'a       one two',
    'longer  more than…',
  ]);
});

it('has a line for each row and one for the headings, and every column begins at one place', () => {
  const text = fc.stringMatching(/^[a-z]{1,20}$/);
  fc.assert(
    fc.property(fc.array(fc.record({ name: text, error: text })), (rows) => {
      const lines = tableLines(columns, rows);
      expect(lines).toHaveLength(rows.length + 1);
      const starts = lines.map((line) => /^\S+\s+/.exec(line)?.[0].length);
      expect(new Set(starts).size).toBe(1);
    }),
  );
});
