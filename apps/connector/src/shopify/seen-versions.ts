import type { Ref, Refs } from '../vendor.js';
import type { ReadOrder } from './order-reader.js';
import type { ChangedNode } from './shopify.answers.js';

/**
 * The platform's clock shows seconds, so that two edits in one have one `updatedAt`. A read this
 * long after it has seen both.
 */
const SETTLED_AFTER_MS = 10_000;
const SETTLED_AT_LEAST_MS = 1_100;
const SEEN = 'poll-seen';
const SEEN_KEEP_DAYS = 2;

/** Which version of an order or draft was read last: a poll need not read that one again. */
export class SeenVersions {
  private readonly settledMs: number;

  constructor(
    private readonly refs: Refs,
    timeScale: number,
  ) {
    this.settledMs = Math.max(SETTLED_AT_LEAST_MS, SETTLED_AFTER_MS / timeScale);
  }

  async unseenOf(changed: readonly ChangedNode[]): Promise<string[]> {
    const seen = await this.refs.get<string>(
      SEEN,
      changed.map(({ id }) => id),
    );
    const unseen = changed.filter(({ id, updatedAt }) => seen.get(id) !== updatedAt);
    return [...new Set(unseen.map(({ id }) => id))];
  }

  /**
   * To be kept with what was read, or before it where something else brings the thing back after a
   * crash (a row of the fetch queue): what is marked as seen must be told.
   */
  toRefs(read: readonly ReadOrder[], readAtMs: number): Ref[] {
    return read.flatMap(({ observation, updatedAt }) => {
      if (updatedAt === null || readAtMs - Date.parse(updatedAt) < this.settledMs) return [];
      const { id } = observation.key;
      return [{ kind: SEEN, key: id, value: updatedAt, keepDays: SEEN_KEEP_DAYS }];
    });
  }
}
