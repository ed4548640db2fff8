/** The platform shows times to the second: two changes within one cannot be told apart by it. */
export function toTimestamp(atMs: number): string {
  return new Date(Math.floor(atMs / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}

export function toSeconds(atMs: number): number {
  return Math.floor(atMs / 1000);
}
