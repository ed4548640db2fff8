import type { StockCauseKind } from './commitment.js';
import {
  packFactorBetween,
  type DifferenceClass,
  type StockDifference,
} from './stock-difference.js';

/** What the ledger knows of a difference. */
export interface DifferenceStory {
  /** Our word for where the figure stands: `harbour at tills`. */
  readonly place: string;
  /** Causes between the hub's figure and the system's, or those that ended the difference. */
  readonly causes: readonly LedgerCause[];
  /** The other place whose figures are shown here; null when there is none. */
  readonly crossedWith: string | null;
}

export interface LedgerCause {
  readonly kind: StockCauseKind;
  /** Signed change of on hand. For a physical count the counted figure. */
  readonly units: number;
  /** Epoch milliseconds, the master's clock. */
  readonly atMs: number;
}

/** Causes that one sentence names; the rest is counted. */
const NAMED = 2;

/** Explains a difference to somebody who has to decide about it, in one sentence. */
export function explainDifference(
  difference: StockDifference,
  reason: DifferenceClass,
  story: DifferenceStory,
  nowMs: number,
): string {
  const { place, crossedWith } = story;
  const { hubUnits, seenUnits, observedUnits, orderedUnits } = difference;
  const figures = `${place} says ${said(seenUnits)}, the hub ${said(hubUnits)}`;
  switch (reason) {
    case 'in-flight':
      return difference.underWay
        ? `${figures}: a figure is being set, or a rise waits for a poll.`
        : `${figures}: seen once, to be looked at again before anybody is told.`;
    case 'late-event':
      return `${figures}: ${causesOf(story, nowMs)}, not told to the hub, found by comparing.`;
    case 'unmapped-sku':
      return seenUnits === null
        ? `${place} does not know the SKU any more; the hub holds ${said(hubUnits)}.`
        : `${place} shows ${said(seenUnits)}, and no stock master counts what it is made of.`;
    case 'location-mapping':
      return difference.placeSilent
        ? `${place} says nothing of any SKU, and the hub holds figures of it.`
        : `${figures}: it shows what belongs to ${crossedWith ?? 'another place'}, and that one what belongs here.`;
    case 'pack-factor':
      return `${figures}: one of them counts packs of ${factorOf(difference)}.`;
    case 'written-elsewhere':
      return `${figures}: it went from ${said(observedUnits)} with no order and no figure of the hub.`;
    case 'unknown':
      return orderedUnits === 0
        ? `${figures}, and nothing in the ledger explains it.`
        : `${figures}: orders of ${orderedUnits} explain a part of it only.`;
  }
}

/** Explains a difference that ended: what moved the figure had been on its way, where that is known. */
export function explainEnd(story: DifferenceStory, nowMs: number): string {
  if (story.causes.length === 0) return 'The two agree again.';
  return `Ended by itself: ${causesOf(story, nowMs)}, told to the hub after it was compared.`;
}

function causesOf({ causes }: DifferenceStory, nowMs: number): string {
  if (causes.length === 0) return 'a change without a known cause';
  const named = causes.slice(0, NAMED).map((cause) => {
    const minutes = Math.max(0, Math.round((nowMs - cause.atMs) / 60_000));
    return `${WORDS[cause.kind]} of ${Math.abs(cause.units)} ${minutes} min ago`;
  });
  const more = causes.length - named.length;
  return [...named, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

const WORDS: Readonly<Record<StockCauseKind, string>> = {
  order: 'posted order',
  reversal: 'reversal',
  'retail-dispatch': 'retail dispatch',
  sale: 'till sale',
  return: 'return',
  'physical-count': 'physical count',
  receipt: 'receipt',
  waste: 'waste',
  other: 'other change',
};

function said(units: number | null): string {
  return units === null ? 'nothing' : String(units);
}

function factorOf({ hubUnits, seenUnits, packFactors }: StockDifference): number {
  return packFactorBetween(hubUnits ?? 0, seenUnits ?? 0, packFactors) ?? 0;
}
