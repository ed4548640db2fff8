import { InvalidArgumentError } from 'commander';

/** A time of the command line, as ISO 8601 in UTC. */
export function isoTime(text: string): string {
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? new Date(text) : new Date(Number.NaN);
  if (Number.isNaN(at.getTime())) {
    throw new InvalidArgumentError('is a time like 2026-03-02T09:00:00Z');
  }
  return at.toISOString();
}
