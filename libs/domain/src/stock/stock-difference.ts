import type { ExceptionCode } from '../exceptions/exception-codes.js';

export const DIFFERENCE_CLASSES = [
  'in-flight',
  'late-event',
  'unmapped-sku',
  'location-mapping',
  'written-elsewhere',
  'pack-factor',
  'unknown',
] as const;
/**
 * Why a system and the hub disagree on a figure. `in-flight`: what makes them agree may be on its
 * way. `late-event`: a fact that the hub should have had. `unmapped-sku`: only one of the two knows
 * the goods. `location-mapping`: the figures of another place. `written-elsewhere`: somebody else set
 * a figure that is the hub's to set. `pack-factor`: cases were counted as units or units as cases.
 */
export type DifferenceClass = (typeof DIFFERENCE_CLASSES)[number];

/** One SKU at one place of one system, where the system and the hub disagree. */
export interface StockDifference {
  /** A master owns its figure; what a channel shows is the hub's to set. */
  readonly side: 'master' | 'channel';
  /** What the hub holds of the master, or expects the channel to show; null without a figure. */
  readonly hubUnits: number | null;
  /** What the system says; null when it does not mention the SKU any more. */
  readonly seenUnits: number | null;
  /** A later look found the same, and no news had reached the hub in between. */
  readonly stands: boolean;
  /** The hub is at work on it: a figure is being set, or a rise waits for a poll. */
  readonly underWay: boolean;
  /** By the system's own clock its figure is later than the hub's. A channel has no clock. */
  readonly younger: boolean;
  /** A master has counted all that the SKU is made of. */
  readonly counted: boolean;
  /** The system mentions no SKU at all at this place. */
  readonly placeSilent: boolean;
  /** This place shows what belongs to another, and that one what belongs here. */
  readonly crossed: boolean;
  /** Sizes of the packs that the SKU is, or is packed in. */
  readonly packFactors: readonly number[];
  /** False where somebody else sets the channel's figure and the hub only looks on. */
  readonly hubWrites: boolean;
  /** What the hub had last seen the channel show. */
  readonly observedUnits: number | null;
  /** What known orders took on the channel since then. */
  readonly orderedUnits: number;
}

/** What follows from a difference. */
export interface DifferenceRemedy {
  /** `take-figure`: the hub takes the system's figure as a fact; a channel is then set anew. */
  readonly act: 'wait' | 'take-figure' | 'tell';
  /** People are told until the difference ends. */
  readonly exception?: ExceptionCode;
}

/**
 * Decides why hub and system disagree. First what may end by itself, then what is wrong with the
 * mapping, for a figure of another place or another unit has no event that would explain it; last
 * who moved it. Total: what nothing explains is `unknown`.
 */
export function classifyDifference(difference: StockDifference): DifferenceClass {
  if (difference.placeSilent) return 'location-mapping';
  if (difference.underWay || !difference.stands) return 'in-flight';
  const { hubUnits, seenUnits, side } = difference;
  if (seenUnits === null || !difference.counted) return 'unmapped-sku';
  if (hubUnits === null) return 'late-event';
  if (difference.crossed) return 'location-mapping';
  if (packFactorBetween(hubUnits, seenUnits, difference.packFactors) !== null) return 'pack-factor';
  if (side === 'master') return difference.younger ? 'late-event' : 'unknown';
  return whoMoved(difference, seenUnits);
}

function whoMoved(difference: StockDifference, seenUnits: number): DifferenceClass {
  const { observedUnits, orderedUnits, hubWrites } = difference;
  if (!hubWrites || observedUnits === null) return 'late-event';
  if (orderedUnits === 0) return 'written-elsewhere';
  return observedUnits - orderedUnits === seenUnits ? 'late-event' : 'unknown';
}

/**
 * The pack size by which two figures differ, whichever of the two counts packs; null when none
 * does. Packs are whole: 30 units are two cases of 12. Nothing and less than nothing have no size.
 */
export function packFactorBetween(
  hubUnits: number,
  seenUnits: number,
  factors: readonly number[],
): number | null {
  const [fewer, more] = hubUnits < seenUnits ? [hubUnits, seenUnits] : [seenUnits, hubUnits];
  if (fewer < 1) return null;
  return factors.find((factor) => factor > 1 && Math.floor(more / factor) === fewer) ?? null;
}

/**
 * What is done about a difference. The hub takes a figure where that heals: the master's when it has
 * only not heard of it, and the channel's, because the right one is then published over it. People
 * are told where it would come again, or where the hub owns no remedy (R1, R13).
 */
export function remedyFor(difference: StockDifference, reason: DifferenceClass): DifferenceRemedy {
  const heals = difference.side === 'channel' ? 'take-figure' : 'tell';
  switch (reason) {
    case 'in-flight':
      return { act: 'wait' };
    case 'late-event':
      return { act: 'take-figure' };
    case 'unmapped-sku':
      return { act: 'tell', exception: 'sku-unmatched' };
    case 'location-mapping':
      return { act: 'tell', exception: 'location-mapping-wrong' };
    case 'pack-factor':
      // A shop that shows cases as units sells what is not there, so it is corrected meanwhile.
      return { act: heals, exception: 'pack-factor-wrong' };
    case 'written-elsewhere':
      return { act: 'take-figure', exception: 'stock-written-elsewhere' };
    case 'unknown':
      return { act: heals, exception: 'stock-unexplained' };
  }
}
