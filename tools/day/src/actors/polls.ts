import type { JournalEntry } from '@tillbridge/simulators';
import type { Evidence } from '../oracle/evidence.js';

/** Reads of the shop that find what a lost webhook would have told. */
const SHOP_POLLS = ['read:orders', 'read:draftOrders'];

/** A poll has come to its end for certain when the next one of its kind begins. */
export function pollsOf(journal: readonly JournalEntry[]): Evidence['polls'] {
  const ofShop = SHOP_POLLS.flatMap((call) => {
    const reads = journal.filter(
      (entry) => entry.accepted && entry.vendor === 'shopify' && entry.call === call,
    );
    return reads.slice(1).map((next, index) => ({
      vendor: 'shopify' as const,
      beganMs: (reads[index] ?? next).atMs,
      endedMs: next.atMs,
    }));
  });
  return [...ofShop, ...stockPollsOf(journal)];
}

/**
 * Polls of what lies in the stores: all figures that changed, then all that moved them. One that broke off in
 * between has found nothing.
 */
function stockPollsOf(journal: readonly JournalEntry[]): Evidence['polls'] {
  const polls: { vendor: 'square'; beganMs: number; endedMs: number }[] = [];
  let beganMs: number | undefined;
  let whole = false;
  for (const { accepted, vendor, call, atMs, detail } of journal) {
    if (!accepted || vendor !== 'square') continue;
    const { request, last } = detail as { request?: StockRequest; last?: boolean };
    if (request?.catalog_object_ids !== undefined) continue;
    if (call === 'read:changes' && last === true) whole = true;
    if (call !== 'read:counts' || request?.cursor !== undefined) continue;
    if (beganMs !== undefined && whole) polls.push({ vendor, beganMs, endedMs: atMs });
    beganMs = atMs;
    whole = false;
  }
  return polls;
}

interface StockRequest {
  readonly cursor?: string;
  readonly catalog_object_ids?: readonly string[];
}
