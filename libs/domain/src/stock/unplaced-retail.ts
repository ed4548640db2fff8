import type { LineWithoutShare } from './allocation.js';
import type { Sighting } from './owed.js';

/** What keeps a line from being promised, in the words of the exceptions. */
const CODE_OF_REASON = {
  'unknown-sku': 'sku-unknown',
  'location-unmapped': 'location-unmapped',
} as const satisfies Record<LineWithoutShare['reason'], string>;

export type UnplacedCode = (typeof CODE_OF_REASON)[LineWithoutShare['reason']];

/** Base SKUs of lines for which nothing is promised, and why. */
export interface Unplaced {
  readonly code: UnplacedCode;
  readonly skus: readonly string[];
}

export const UNPLACED_CODES: readonly UnplacedCode[] = Object.values(CODE_OF_REASON);

/**
 * The goods of an open retail order that no location can be asked for. A trade order like that is held
 * by the orders service, which tells people of it; of a retail order only stock hears.
 */
export function unplacedRetail(
  { stage, trade, status }: Pick<Sighting, 'stage' | 'trade' | 'status'>,
  unallocated: readonly LineWithoutShare[],
): Unplaced[] {
  if (stage !== 'order' || trade || status !== 'open') return [];
  const reasons = new Set(unallocated.map(({ reason }) => reason));
  return [...reasons].map((reason) => {
    const lines = unallocated.filter((each) => each.reason === reason);
    const skus = [...new Set(lines.flatMap(({ missing }) => missing))];
    return { code: CODE_OF_REASON[reason], skus };
  });
}
