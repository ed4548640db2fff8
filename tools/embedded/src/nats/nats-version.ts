/** Older servers lose acknowledged messages in ways that 2.14.2 does not. */
export const OLDEST_NATS = '2.14.2';

/** True when `version` (`v2.15.1`, `2.14.2-RC.1`) is at least `oldest`; a pre-release is older. */
export function isAtLeast(version: string, oldest: string): boolean {
  const [left, right] = [parse(version), parse(oldest)];
  if (left === undefined || right === undefined) return false;
  for (let part = 0; part < 3; part += 1) {
    const difference = (left.numbers[part] ?? 0) - (right.numbers[part] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return !left.preRelease || right.preRelease;
}

/** The version in the output of `nats-server --version`: `nats-server: v2.15.1`. */
export function versionIn(output: string): string | undefined {
  return /\bv?(\d+\.\d+\.\d+(?:-[0-9A-Za-z.]+)?)/.exec(output)?.[1];
}

function parse(version: string): { numbers: number[]; preRelease: boolean } | undefined {
  const match = /^v?(\d+)\.(\d+)\.(\d+)(-.+)?$/.exec(version.trim());
  if (match === null) return undefined;
  return { numbers: match.slice(1, 4).map(Number), preRelease: match[4] !== undefined };
}
