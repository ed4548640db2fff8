import type { SparkLayerConnection } from '@tillbridge/runtime';

import type { Feed, Observation, PollPage } from '../vendor.js';
import { cartIdOf, fromPurchase, type Purchase } from './purchase.js';
import { PAGE_LIMIT } from './sparklayer.assumptions.js';
import type { SparkLayerClient } from './sparklayer.client.js';

/** The trade shop copies from the platform minutes late, so that each poll looks far back. */
const OVERLAP_MS = 15 * 60_000;
const OVERLAP_AT_LEAST_MS = 5_000;
/** Carts and quotes are nothing that has been ordered. */
const TYPES = ['order', 'order_unconfirmed'] as const;
/** A bound for a server that gives the same page again and again. */
const PAGES = 2_000;

/** What changed among purchases since the mark. The trade shop sends no webhooks: this is all. */
export function createPurchasesFeed(
  connection: SparkLayerConnection,
  client: SparkLayerClient,
  options: { timeScale: number; clock: { now(): number } },
): Feed {
  const everyMs = connection.pollSeconds * 1_000;
  const overlapMs = Math.max(OVERLAP_AT_LEAST_MS, OVERLAP_MS / options.timeScale);
  return {
    name: 'purchases',
    everyMs,
    minPauseMs: everyMs,
    async *poll(mark) {
      const begunAtMs = options.clock.now();
      const since = mark === null ? connection.ordersFrom : before(mark, overlapMs);
      for (const type of TYPES) {
        for await (const purchases of pagesOf(client, { type, since })) {
          yield toPage(connection.id, purchases, since);
        }
      }
      yield { observations: [], mark: new Date(begunAtMs).toISOString() };
    },
  };
}

/** The newest come first, so that one arriving meanwhile shows others twice and hides none. */
async function* pagesOf(
  client: SparkLayerClient,
  { type, since }: { type: string; since: string },
): AsyncIterable<Purchase[]> {
  const changedSince = new Date(since).toISOString();
  for (let page = 0; page < PAGES; page += 1) {
    const purchases = await client.listPurchases({
      type,
      changedSince,
      offset: page * PAGE_LIMIT,
    });
    yield purchases;
    if (purchases.length < PAGE_LIMIT) return;
  }
}

/** The filters' names are not sure, so that what they should have left out is left out here. */
function toPage(connectionId: string, purchases: readonly Purchase[], since: string): PollPage {
  const ordered = purchases.filter(({ type }) => (TYPES as readonly string[]).includes(type));
  const changed = ordered.filter((purchase) => isAfter(purchase, since));
  const newest = new Map<string, Purchase>();
  for (const purchase of changed) {
    const cartId = cartIdOf(purchase);
    const held = cartId === undefined ? undefined : newest.get(cartId);
    if (cartId === undefined || (held && updatedAtMs(held) > updatedAtMs(purchase))) continue;
    newest.set(cartId, purchase);
  }
  const observations: Observation[] = [];
  for (const purchase of newest.values()) {
    const observation = fromPurchase(connectionId, purchase);
    if (observation !== undefined) observations.push(observation);
  }
  return { observations };
}

function isAfter(purchase: Purchase, since: string): boolean {
  const atMs = updatedAtMs(purchase);
  return Number.isNaN(atMs) || atMs >= Date.parse(since);
}

function updatedAtMs(purchase: Purchase): number {
  return Date.parse(purchase.dates?.updated_at ?? '');
}

function before(mark: string, overlapMs: number): string {
  return new Date(Date.parse(mark) - overlapMs).toISOString();
}
