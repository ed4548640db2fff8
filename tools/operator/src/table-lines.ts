/** A column: its heading, what it shows of a row, and how many characters at most. */
export interface Column<T> {
  readonly heading: string;
  readonly of: (row: T) => string | number;
  readonly widest?: number;
}

/** Rows below their headings, in columns that line up; a text that is too long ends in `…`. */
export function tableLines<T>(columns: readonly Column<T>[], rows: readonly T[]): string[] {
  const cells = rows.map((row) => columns.map(({ of, widest }) => shortened(of(row), widest)));
  const lines = [columns.map(({ heading }) => heading), ...cells];
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => (line[at] ?? '').length)));
  return lines.map((line) =>
    line
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** A table below its title, after an empty line; nothing when it has no rows. */
export function tableSection<T>(
  title: string,
  columns: readonly Column<T>[],
  rows: readonly T[],
): string[] {
  return rows.length === 0 ? [] : ['', title, ...tableLines(columns, rows)];
}

/** A line break in an error must not break the table. */
function shortened(value: string | number, widest = Number.POSITIVE_INFINITY): string {
  const text = String(value).replaceAll(/\s+/g, ' ');
  return text.length <= widest ? text : `${text.slice(0, widest - 1)}…`;
}
