import { Failure } from '@tillbridge/contracts';
import type { ShopifyConnection } from '@tillbridge/runtime';
import { isDeepStrictEqual } from 'node:util';

import type { Observation, Ref, Refs } from '../vendor.js';
import type { DraftLinks } from './draft-links.js';
import type { OpenDrafts } from './open-drafts.js';
import { partsOf } from './id-parts.js';
import { fromDeleted, fromDraft, fromOrder, type OrderContent } from './order-content.js';
import { toHeader, type OrderHeader } from './order-header.js';
import { toRefundBook, type RefundBook } from './order-refunds.js';
import type { OwnPlaces } from './own-places.js';
import type {
  DraftLineNode,
  DraftNode,
  OrderLineNode,
  OrderNode,
  Page,
} from './shopify.answers.js';
import { SHOPIFY } from './shopify.capabilities.js';
import type { ShopifyClient } from './shopify.client.js';
import {
  DRAFTS,
  DRAFTS_AT_ONCE,
  MORE_DRAFT_LINES,
  MORE_ORDER_LINES,
  ORDERS,
  ORDERS_AT_ONCE,
} from './shopify.documents.js';
import { readRefunds } from './refund-reader.js';
import { orderIdOfDraft, orderIdOfOrder } from './shopify.identity.js';

const HEADER = 'order-header';
/** How often an order is read anew that changes while it is read. */
const READS = 4;
/** Longer than anybody keeps an order open. */
const KEEP_DAYS = 400;
const SHOWN_MS = SHOPIFY.ordersShownDays * 86_400_000;

/** An order or a draft as read, and when the platform last changed it. */
export interface ReadOrder {
  readonly observation: Observation;
  /** Null when it is gone. */
  readonly updatedAt: string | null;
}

interface WholeOrder {
  readonly node: OrderNode;
  readonly lines: readonly OrderLineNode[];
  readonly refunds: RefundBook;
}

export interface OrderReaderParts {
  readonly connection: ShopifyConnection;
  readonly client: ShopifyClient;
  readonly refs: Refs;
  readonly links: DraftLinks;
  readonly openDrafts: OpenDrafts;
  readonly places: Pick<OwnPlaces, 'mark' | 'locationOf'>;
  readonly clock: { now(): number };
}

/** Reads orders and drafts whole: each line, the draft an order was, what was there before. */
export class OrderReader {
  constructor(private readonly parts: OrderReaderParts) {}

  /**
   * What was never seen and is gone is left out: nobody was told of it.
   * @throws Failure 'never' for an order that the platform may only hide from us.
   */
  async readOrders(ids: readonly string[]): Promise<ReadOrder[]> {
    const parts = partsOf(ids, ORDERS_AT_ONCE);
    return (await Promise.all(parts.map((part) => this.readFewOrders(part)))).flat();
  }

  /** Orders that the platform said it has deleted: one that is not there is gone, however old. */
  async readDeletedOrders(ids: readonly string[]): Promise<ReadOrder[]> {
    const parts = partsOf(ids, ORDERS_AT_ONCE);
    return (await Promise.all(parts.map((part) => this.readFewOrders(part, 'deleted')))).flat();
  }

  async readDrafts(ids: readonly string[]): Promise<ReadOrder[]> {
    const parts = partsOf(ids, DRAFTS_AT_ONCE);
    return (await Promise.all(parts.map((part) => this.readFewDrafts(part)))).flat();
  }

  private async readFewOrders(ids: string[], told?: 'deleted'): Promise<ReadOrder[]> {
    const { connection, client, links } = this.parts;
    const { nodes } = await client.send(ORDERS, { ids });
    const found = nodes.filter((node) => node !== null);
    const drafts = await links.draftsOf(found);
    const headers = await this.readHeaders(ids);
    if (told !== 'deleted') this.refuseHidden(ids, nodes, headers);
    const read: ReadOrder[] = [];
    for (const node of found) {
      // Once told, an order keeps its id, whatever is found out about drafts later.
      const orderId = headers.get(node.id)?.orderId ?? this.orderIdOf(node, drafts);
      const whole = await this.readWhole(node);
      const { lines, refunds } = whole;
      const observation = fromOrder(connection, whole.node, lines, { orderId, refunds });
      read.push({ observation, updatedAt: whole.node.updatedAt });
    }
    return [...withHeaders(read, headers), ...deletedOf(ids, nodes, headers)];
  }

  /**
   * An order with its lines and refunds, of one moment: those that take more than one call may change
   * between two of them, and what one says would be held against the other.
   * @throws Failure 'not-ready' for an order that changes all the time.
   */
  private async readWhole(first: OrderNode): Promise<WholeOrder> {
    const { client, places } = this.parts;
    let node = first;
    for (let reads = 1; reads <= READS; reads += 1) {
      const lines = await places.mark(client, node.id, await this.allOrderLines(node));
      const read = await readRefunds(client, node);
      const refunds = toRefundBook(read, lines, node.taxesIncluded, (placeId) =>
        places.locationOf(placeId),
      );
      if (node.refunds.length === 0 && !node.lineItems.pageInfo.hasNextPage) {
        return { node, lines, refunds };
      }
      const [now] = (await client.send(ORDERS, { ids: [node.id] })).nodes;
      // Deleted meanwhile: the next read will say so.
      if (now == null || isDeepStrictEqual(now, node)) return { node, lines, refunds };
      node = now;
    }
    const text = `the order ${node.name} changed each time it was read`;
    throw new Failure('not-ready', { afterMs: 1_000 }, text);
  }

  private async readFewDrafts(ids: string[]): Promise<ReadOrder[]> {
    const { connection, client, links, openDrafts } = this.parts;
    const { nodes } = await client.send(DRAFTS, { ids });
    const found = nodes.filter((node) => node !== null);
    await links.remember(found);
    const headers = await this.readHeaders(ids);
    const read: ReadOrder[] = [];
    for (const node of found) {
      const lines = await this.allDraftLines(node);
      const orderId = orderIdOfDraft(connection.id, node.id);
      const observation = fromDraft(connection, node, lines, orderId);
      read.push({ observation, updatedAt: node.updatedAt });
    }
    await openDrafts.note(openOf(found));
    return [...withHeaders(read, headers), ...deletedOf(ids, nodes, headers)];
  }

  /** To take an order that is hidden for one that is gone would give its money and goods back. */
  private refuseHidden(
    ids: readonly string[],
    nodes: readonly ({ id: string } | null)[],
    headers: ReadonlyMap<string, OrderHeader>,
  ): void {
    const existing = new Set(nodes.map((node) => node?.id));
    const shownFromMs = this.parts.clock.now() - SHOWN_MS;
    const hidden = ids
      .filter((id) => !existing.has(id))
      .map((id) => headers.get(id))
      .find((header) => header !== undefined && Date.parse(header.placedAt) < shownFromMs);
    if (hidden === undefined) return;
    const text =
      `the platform does not show ${hidden.name}, placed more than ${SHOPIFY.ordersShownDays} days` +
      ` ago: the access scope read_all_orders is missing, or it was deleted`;
    throw new Failure('not-found', 'never', text);
  }

  private orderIdOf(node: OrderNode, drafts: ReadonlyMap<string, string>): string {
    const { id } = this.parts.connection;
    const draftId = drafts.get(node.id);
    return draftId === undefined ? orderIdOfOrder(id, node.id) : orderIdOfDraft(id, draftId);
  }

  private async allOrderLines(node: OrderNode): Promise<OrderLineNode[]> {
    return allLines(node.lineItems, async (after) => {
      const { order } = await this.parts.client.send(MORE_ORDER_LINES, { id: node.id, after });
      return order?.lineItems;
    });
  }

  private async allDraftLines(node: DraftNode): Promise<DraftLineNode[]> {
    return allLines(node.lineItems, async (after) => {
      const answer = await this.parts.client.send(MORE_DRAFT_LINES, { id: node.id, after });
      return answer.draftOrder?.lineItems;
    });
  }

  private readHeaders(ids: readonly string[]): Promise<Map<string, OrderHeader>> {
    return this.parts.refs.get<OrderHeader>(HEADER, ids);
  }
}

/** Kept in the commit that tells of them, so that a deletion can always be told of what was told. */
function withHeaders(
  read: readonly ReadOrder[],
  kept: ReadonlyMap<string, OrderHeader>,
): ReadOrder[] {
  return read.map((each) => {
    const value = toHeader(each.observation.content as OrderContent);
    if (same(kept.get(value.vendorId), value)) return each;
    const ref = { kind: HEADER, key: value.vendorId, value, keepDays: KEEP_DAYS };
    return { ...each, observation: withRefs(each.observation, [ref]) };
  });
}

/** The same, with these refs besides its own. */
export function withRefs(observation: Observation, refs: readonly Ref[]): Observation {
  return { ...observation, refs: [...(observation.refs ?? []), ...refs] };
}

async function allLines<N>(
  first: Page<N>,
  readMore: (after: string) => Promise<Page<N> | undefined>,
): Promise<N[]> {
  const lines = [...first.nodes];
  let { pageInfo } = first;
  while (pageInfo.hasNextPage && pageInfo.endCursor !== null) {
    const page = await readMore(pageInfo.endCursor);
    if (page === undefined) break; // Deleted meanwhile: the next read will say so.
    lines.push(...page.nodes);
    pageInfo = page.pageInfo;
  }
  return lines;
}

function deletedOf(
  ids: readonly string[],
  nodes: readonly ({ id: string } | null)[],
  headers: ReadonlyMap<string, OrderHeader>,
): ReadOrder[] {
  const existing = new Set(nodes.map((node) => node?.id));
  return ids
    .filter((id) => !existing.has(id))
    .flatMap((id) => {
      const header = headers.get(id);
      return header === undefined ? [] : [{ observation: fromDeleted(header), updatedAt: null }];
    });
}

function openOf(nodes: readonly DraftNode[]): Map<string, boolean> {
  return new Map(nodes.map(({ id, status }) => [id, status !== 'COMPLETED']));
}

function same(kept: OrderHeader | undefined, now: OrderHeader): boolean {
  if (kept === undefined) return false;
  const names = new Set([...Object.keys(kept), ...Object.keys(now)]) as Set<keyof OrderHeader>;
  return [...names].every((name) => kept[name] === now[name]);
}
