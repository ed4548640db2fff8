import type { ShopifyConnection } from '@tillbridge/runtime';

import type { EntityKey, Observation, Vendor, VendorTools } from '../vendor.js';
import { createCatalogueFeed } from './catalogue.feed.js';
import { CompleteDraftAct } from './complete-draft.act.js';
import { CreateFulfilmentAct } from './create-fulfilment.act.js';
import { DraftLinks } from './draft-links.js';
import { LevelReader } from './level-reader.js';
import { createLevelsFeed } from './levels.feed.js';
import { OpenDrafts } from './open-drafts.js';
import { OrderReader } from './order-reader.js';
import { createOrdersFeed } from './orders.feed.js';
import { SetStockAct } from './set-stock.act.js';
import { ShopifyClient } from './shopify.client.js';
import { DRAFTS_AT_ONCE, LEVELS_AT_ONCE, ORDERS_AT_ONCE } from './shopify.documents.js';
import { partsOfLevelKey, toGid } from './shopify.identity.js';
import { subscribeMissing } from './shopify.subscriptions.js';
import { verifyWebhook } from './shopify.webhooks.js';
import { VariantBook } from './variant-book.js';

const ACTS_AT_ONCE = 4;

const FETCH_BATCH: Readonly<Record<string, number>> = {
  order: ORDERS_AT_ONCE,
  draft: DRAFTS_AT_ONCE,
  level: LEVELS_AT_ONCE,
};

/** One Shopify shop: orders, drafts and stock figures in; figures and fulfilments out. */
export function createShopify(connection: ShopifyConnection, tools: VendorTools): Vendor {
  const { refs, clock, timeScale, configuration } = tools;
  const client = new ShopifyClient(connection, { timeScale, clock });
  const links = new DraftLinks(client, refs, { timeScale, clock });
  const openDrafts = new OpenDrafts(client, refs);
  const variants = new VariantBook(client, refs);
  const levels = new LevelReader(connection.id, client, clock);
  const reader = new OrderReader({ connection, client, refs, links, openDrafts });
  const locationIds = configuration.locations
    .flatMap(({ feeds }) => feeds)
    .filter((feed) => feed.connection === connection.id)
    .map((feed) => toGid('Location', feed.vendorLocationId));
  const everyMs = connection.pollSeconds * 1_000;
  return {
    connection,
    feeds: [
      createCatalogueFeed(variants, timeScale),
      createOrdersFeed({ connection, client, refs, reader, openDrafts, clock, timeScale }),
      createLevelsFeed(levels, {
        everyMs,
        timeScale,
        clock,
        locationIds: [...new Set(locationIds)],
      }),
    ],
    acts: [
      new SetStockAct({ client, variants, levels, timeScale }),
      new CreateFulfilmentAct(client, refs),
      new CompleteDraftAct(client, reader),
    ],
    actConcurrency: ACTS_AT_ONCE,
    fetchBatch: (kind) => FETCH_BATCH[kind] ?? 1,
    fetch: (keys) => fetchAll(keys, reader, levels),
    verify: (webhook) => verifyWebhook(connection, locationIds, webhook),
    connect: () => subscribeMissing(client, connection.webhookUrl),
  };
}

async function fetchAll(
  keys: readonly EntityKey[],
  reader: OrderReader,
  levels: LevelReader,
): Promise<Observation[]> {
  const idsOf = (kind: string) => keys.filter((key) => key.kind === kind).map(({ id }) => id);
  const drafts = await reader.readDrafts(idsOf('draft'));
  const orders = await reader.readOrders(idsOf('order'));
  const figures = await levels.read(idsOf('level').map(partsOfLevelKey));
  return [
    ...[...drafts, ...orders].map(({ observation }) => observation),
    ...figures.map((level) => levels.toObservation(level)),
  ];
}
