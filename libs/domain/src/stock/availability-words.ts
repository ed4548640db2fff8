import type { ProductMap } from '../products/product-map.js';
import { decidePublication, type PublicationState } from './publication.js';

/** What a location that feeds a channel may sell, by base SKU; a SKU is missing until it is counted. */
export interface FeederWords {
  readonly locationId: string;
  readonly sellable: ReadonlyMap<string, number>;
}

/**
 * Says with its numbers how a channel's figure of a SKU comes about, one term a location:
 * `north 21 + south 24`, a pack of twelve as `north ⌊21 / 12⌋`, a kit as `north min(⌊21 / 2⌋, 5)`.
 */
export function availabilityFormula(
  products: ProductMap,
  sku: string,
  feeders: readonly FeederWords[],
): string {
  if (feeders.length === 0) return 'no location feeds it';
  return feeders
    .map((feeder) => `${feeder.locationId} ${termOf(products, sku, feeder)}`)
    .join(' + ');
}

function termOf(products: ProductMap, sku: string, { sellable }: FeederWords): string {
  const parts = products.partsOf(sku).map((part) => {
    const units = sellable.get(part.sku);
    if (units === undefined) return 'not counted';
    return part.units === 1 ? String(units) : `⌊${units} / ${part.units}⌋`;
  });
  return parts.length === 1 ? (parts[0] ?? '') : `min(${parts.join(', ')})`;
}

/** What stands between what a channel shows and what it should. */
export interface ChannelSituation extends PublicationState {
  /** Until when all of the channel's orders are known; null before the first poll. */
  readonly completeThroughMs: number | null;
  /** False where the hub does not publish to the connection. */
  readonly published: boolean;
  /** Whether the channel compares before it sets. */
  readonly compares: boolean;
  /** What the batch on its way sets. */
  readonly inFlightUnits: number | null;
  /** True while the channel refuses the figure. */
  readonly refused: boolean;
}

/** Says why a channel does not show what it should, or that it does. */
export function explainChannel(situation: ChannelSituation): string {
  const { observedUnits, desiredUnits, inFlightUnits } = situation;
  if (observedUnits === null) return 'the channel has never shown it';
  if (desiredUnits === null) return 'no master has counted every part of it';
  if (inFlightUnits !== null) return `being set to ${inFlightUnits}`;
  if (observedUnits === desiredUnits) return 'agrees';
  if (!situation.published) return 'the hub does not publish here';
  if (situation.declinedUnits === desiredUnits) {
    return situation.refused ? 'the channel refused it' : 'not sent: the connection only observes';
  }
  const decision = decidePublication(situation, situation.completeThroughMs, situation);
  if (decision === 'wait') {
    return 'waits for a poll of its orders that began after the last change';
  }
  return 'to be sent next';
}
