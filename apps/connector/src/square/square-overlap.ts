/** Webhooks run a feed often, so that looking back a little is enough between two full looks. */
const WOKEN_MS = 5_000;
const SCHEDULED_MS = 60_000;

/** From when a feed has to be read: Square may show a change later than it dated it. */
export function sinceWithOverlap(mark: string, woken: boolean, timeScale: number): string {
  const overlapMs = woken ? WOKEN_MS : Math.max(WOKEN_MS, SCHEDULED_MS / timeScale);
  return new Date(Date.parse(mark) - overlapMs).toISOString();
}
