import { OrdersPolled } from '@tillbridge/contracts';
import type { ShopifyConnection } from '@tillbridge/runtime';

import type { Feed, PollPage } from '../vendor.js';
import type { OpenDrafts } from './open-drafts.js';
import type { OrderReader } from './order-reader.js';
import type { SeenVersions } from './seen-versions.js';
import type { ChangedAnswer, ChangedNode } from './shopify.answers.js';
import type { ShopifyClient } from './shopify.client.js';
import { CHANGED_DRAFTS, CHANGED_ORDERS, READ_AT_ONCE } from './shopify.documents.js';

/** How far a poll looks behind its mark: the platform's search lags and clocks differ. */
const OVERLAP_MS = 120_000;
const OVERLAP_AT_LEAST_MS = 5_000;
const CHECKED_AT_ONCE = 200;

type Kind = 'order' | 'draft';

export interface OrdersFeedParts {
  readonly connection: ShopifyConnection;
  readonly client: ShopifyClient;
  readonly seen: SeenVersions;
  readonly reader: OrderReader;
  readonly openDrafts: OpenDrafts;
  readonly clock: { now(): number };
  readonly timeScale: number;
}

/**
 * Everything that changed among orders and drafts since the mark. It reads what it finds itself, so
 * that the poll is complete when its pages are kept: only then may stock figures rise.
 */
export function createOrdersFeed(parts: OrdersFeedParts): Feed {
  const everyMs = parts.connection.pollSeconds * 1_000;
  return {
    name: 'orders',
    everyMs,
    minPauseMs: everyMs,
    poll: (mark) => new OrdersPoll(parts).run(mark),
  };
}

class OrdersPoll {
  private readonly overlapMs: number;

  constructor(private readonly parts: OrdersFeedParts) {
    const { timeScale } = parts;
    this.overlapMs = Math.max(OVERLAP_AT_LEAST_MS, OVERLAP_MS / timeScale);
  }

  async *run(mark: string | null): AsyncIterable<PollPage> {
    const begunAtMs = this.parts.clock.now();
    // Drafts first: the order of a completed draft then finds its draft already known.
    for (const query of this.queriesOf('draft', mark)) yield* this.readChanged('draft', query);
    for (const query of this.queriesOf('order', mark)) yield* this.readChanged('order', query);
    yield* this.readDeletedDrafts();
    const completeThrough = new Date(begunAtMs - this.overlapMs).toISOString();
    const connectionId = this.parts.connection.id;
    yield {
      observations: [],
      mark: new Date(begunAtMs).toISOString(),
      completed: (requires) =>
        Object.assign(new OrdersPolled(), { connectionId, completeThrough, requires }),
    };
  }

  /** The first poll takes in what is open, however old, and what changed since orders count. */
  private queriesOf(kind: Kind, mark: string | null): string[] {
    if (mark !== null) {
      const since = new Date(Date.parse(mark) - this.overlapMs).toISOString();
      return [`updated_at:>='${since}'`];
    }
    const open = kind === 'order' ? ['status:open'] : ['status:open', 'status:invoice_sent'];
    const since = new Date(this.parts.connection.ordersFrom).toISOString();
    return [...open, `updated_at:>='${since}'`];
  }

  private async *readChanged(kind: Kind, query: string): AsyncIterable<PollPage> {
    const operation = kind === 'order' ? CHANGED_ORDERS : CHANGED_DRAFTS;
    const changed: ChangedNode[] = [];
    let after: string | null = null;
    do {
      const page: ChangedAnswer = await this.parts.client.send(operation, { query, after });
      changed.push(...page.changed.nodes);
      after = page.changed.pageInfo.hasNextPage ? page.changed.pageInfo.endCursor : null;
    } while (after !== null);
    yield* this.readUnseen(kind, changed);
  }

  private async *readUnseen(kind: Kind, changed: readonly ChangedNode[]): AsyncIterable<PollPage> {
    for (let at = 0; at < changed.length; at += CHECKED_AT_ONCE) {
      const unseen = await this.parts.seen.unseenOf(changed.slice(at, at + CHECKED_AT_ONCE));
      for (let from = 0; from < unseen.length; from += READ_AT_ONCE) {
        yield await this.readPage(kind, unseen.slice(from, from + READ_AT_ONCE));
      }
    }
  }

  private async readPage(kind: Kind, ids: readonly string[]): Promise<PollPage> {
    const readAtMs = this.parts.clock.now();
    const { reader } = this.parts;
    const read = await (kind === 'order' ? reader.readOrders(ids) : reader.readDrafts(ids));
    return {
      observations: read.map(({ observation }) => observation),
      refs: this.parts.seen.toRefs(read, readAtMs),
    };
  }

  private async *readDeletedDrafts(): AsyncIterable<PollPage> {
    const { openDrafts, reader } = this.parts;
    const gone = await openDrafts.findDeleted();
    for (let at = 0; at < gone.length; at += READ_AT_ONCE) {
      const ids = gone.slice(at, at + READ_AT_ONCE);
      const read = await reader.readDrafts(ids);
      yield { observations: read.map(({ observation }) => observation) };
      // The page is kept by now, so that the drafts need not be asked for again.
      await openDrafts.note(new Map(ids.map((id) => [id, false])));
    }
  }
}
