import type { ShopifyConnection } from '@tillbridge/runtime';

import type { EntityKey, Observation, Vendor, VendorTools } from '../vendor.js';
import { AdjustChannelStockAct } from './adjust-channel-stock.act.js';
import { BulkLevels } from './bulk-levels.js';
import { createCatalogueFeed } from './catalogue.feed.js';
import { CancelFulfilmentAct, UpdateTrackingAct } from './change-fulfilment.act.js';
import { CompleteDraftAct } from './complete-draft.act.js';
import { CreateFulfilmentAct } from './create-fulfilment.act.js';
import { DraftLinks } from './draft-links.js';
import { FulfilmentClaims } from './fulfilment-claims.js';
import { LevelReader } from './level-reader.js';
import { createLevelsFeed } from './levels.feed.js';
import { OpenDrafts } from './open-drafts.js';
import { OrderPages } from './order-pages.js';
import { OwnPlaces } from './own-places.js';
import { OrderReader, withRefs } from './order-reader.js';
import { createOrdersFeed } from './orders.feed.js';
import { SetStockAct } from './set-stock.act.js';
import { ShopifyClient } from './shopify.client.js';
import { LEVELS_AT_ONCE, READ_AT_ONCE } from './shopify.documents.js';
import { SeenVersions } from './seen-versions.js';
import { partsOfLevelKey, toGid } from './shopify.identity.js';
import { subscribeMissing } from './shopify.subscriptions.js';
import { verifyWebhook } from './shopify.webhooks.js';
import { StockPages } from './stock-pages.js';
import { VariantBook } from './variant-book.js';

/** Calls are priced, not counted: enough acts to spend what is there while each waits for answers. */
const ACTS_AT_ONCE = 16;

const FETCH_BATCH: Readonly<Record<string, number>> = {
  order: READ_AT_ONCE,
  draft: READ_AT_ONCE,
  level: LEVELS_AT_ONCE,
};

/** One Shopify shop: orders, drafts and stock figures in; figures and fulfilments out. */
export function createShopify(connection: ShopifyConnection, tools: VendorTools): Vendor {
  const { refs, clock, timeScale, configuration } = tools;
  const client = new ShopifyClient(connection, { timeScale, clock });
  const claims = new FulfilmentClaims(refs);
  const links = new DraftLinks(client, refs, { timeScale, clock });
  const openDrafts = new OpenDrafts(client, refs);
  const variants = new VariantBook(client, refs);
  const places = new OwnPlaces(configuration, connection.id);
  const levels = new LevelReader(connection.id, client, clock, places);
  const seen = new SeenVersions(refs, timeScale);
  const reader = new OrderReader({ connection, client, refs, links, openDrafts, places, clock });
  const locationIds = configuration.locations
    .flatMap(({ feeds }) => feeds)
    .filter((feed) => feed.connection === connection.id)
    .map((feed) => toGid('Location', feed.vendorLocationId));
  const everyMs = connection.pollSeconds * 1_000;
  const fedIds = [...new Set(locationIds)];
  const readIds = [...fedIds, ...places.locationIds];
  const orderPages = new OrderPages(client);
  const pages = new StockPages({
    ...{ levels, variants, timeScale, clock },
    bulk: new BulkLevels(client, tools.logger),
    locationIds: fedIds,
  });
  return {
    connection,
    feeds: [
      createCatalogueFeed(variants, timeScale),
      createOrdersFeed({ connection, client, seen, reader, openDrafts, clock, timeScale }),
      createLevelsFeed(levels, { everyMs, timeScale, clock, locationIds: readIds }),
    ],
    acts: [
      new SetStockAct({ client, variants, levels, timeScale }),
      new AdjustChannelStockAct(connection.id, { client, variants, levels, places, timeScale }),
      new CreateFulfilmentAct(client, claims),
      new CancelFulfilmentAct(client, claims),
      new UpdateTrackingAct(client, claims),
      new CompleteDraftAct(client, reader),
    ],
    actConcurrency: ACTS_AT_ONCE,
    mapped: { feeds: ['levels'], kinds: ['level'], refs: [] },
    aside: { feeds: ['catalogue', 'levels'], kinds: ['level'] },
    fetchBatch: (kind) => FETCH_BATCH[kind] ?? 1,
    fetch: (keys) => fetchAll(keys, { reader, levels, seen, clock }),
    readStock: (question) => pages.read(question),
    readOrders: (question) => orderPages.read(question),
    verify: (webhook) => verifyWebhook(connection, readIds, webhook, levels),
    connect: () => subscribeMissing(client, connection.webhookUrl),
    callsWaiting: () => client.callsWaiting(),
    mayWait: (allowed) => client.mayWait(allowed),
  };
}

interface Readers {
  readonly reader: OrderReader;
  readonly levels: LevelReader;
  readonly seen: SeenVersions;
  readonly clock: { now(): number };
}

async function fetchAll(
  keys: readonly EntityKey[],
  { reader, levels, seen, clock }: Readers,
): Promise<Observation[]> {
  const idsOf = (kind: string) => keys.filter((key) => key.kind === kind).map(({ id }) => id);
  const readAtMs = clock.now();
  const drafts = await reader.readDrafts(idsOf('draft'));
  const orders = await reader.readOrders(idsOf('order'));
  const deleted = await reader.readDeletedOrders(idsOf('deleted-order'));
  const figures = await levels.read(idsOf('level').map(partsOfLevelKey));
  const read = [...drafts, ...orders, ...deleted].map((each) => {
    const versions = seen.toRefs([each], readAtMs);
    return versions.length === 0 ? each.observation : withRefs(each.observation, versions);
  });
  return [...read, ...figures.map((level) => levels.toObservation(level))];
}
