/**
 * Rows as one array for each column, for `unnest`: half the bytes of a JSON array that names each
 * column in every row, and less than half the time to read.
 */
export function toColumns<T>(rows: readonly T[], names: readonly (keyof T)[]): unknown[][] {
  return names.map((name) => rows.map((row) => row[name]));
}
