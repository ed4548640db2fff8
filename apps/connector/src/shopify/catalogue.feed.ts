import type { Feed } from '../vendor.js';
import type { VariantBook } from './variant-book.js';

const EVERY_MS = 3_600_000;
const AT_LEAST_MS = 60_000;

/** Keeps which inventory item a SKU is, hourly: a SKU that is missed is asked for when needed. */
export function createCatalogueFeed(variants: VariantBook, timeScale: number): Feed {
  return {
    name: 'catalogue',
    everyMs: Math.max(AT_LEAST_MS, EVERY_MS / timeScale),
    minPauseMs: AT_LEAST_MS,
    async *poll() {
      for await (const refs of variants.readAll()) yield { observations: [], refs };
    },
  };
}
