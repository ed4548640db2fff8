const FIRST_MS = 500;
const LONGEST_MS = 300_000;

/**
 * How long to wait after a failed try: doubling to five minutes, with a jitter of a quarter so
 * that what failed together does not come back together.
 *
 * @param askedMs What the vendor asked us to wait; never undercut.
 */
export function backoffMs(attempts: number, timeScale: number, askedMs = 0): number {
  const doubling = FIRST_MS * 2 ** Math.min(Math.max(0, attempts - 1), 10);
  const ours = Math.min(LONGEST_MS, doubling) / timeScale;
  return Math.ceil(Math.max(askedMs, ours) * (1 + Math.random() / 4));
}
