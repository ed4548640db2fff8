/** A setting that is not what it has to be, although the server was asked for it. */
export interface Drift {
  readonly where: string;
  readonly setting: string;
  readonly wanted: unknown;
  readonly found: unknown;
}

/**
 * Compares what was asked for with what the server says it has. A server that does not know a
 * setting may ignore it without a word; then it is not in what it says.
 */
export function driftIn(where: string, wanted: object, found: object): Drift[] {
  const actual = found as Readonly<Record<string, unknown>>;
  return Object.entries(wanted)
    .filter(([setting, value]) => !same(value, actual[setting] ?? unset(value)))
    .map(([setting, value]) => ({ where, setting, wanted: value, found: actual[setting] }));
}

/** The server leaves out what is false or 0. */
function unset(wanted: unknown): unknown {
  return wanted === false || wanted === 0 ? wanted : undefined;
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
