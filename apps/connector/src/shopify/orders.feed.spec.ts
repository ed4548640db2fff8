import type { OrdersPolled } from '@tillbridge/contracts';

import type { PollPage } from '../vendor.js';
import type { OpenDrafts } from './open-drafts.js';
import type { OrderReader, ReadOrder } from './order-reader.js';
import { createOrdersFeed } from './orders.feed.js';
import { SeenVersions } from './seen-versions.js';
import { aConnection, someRefs } from './shop-builders.js';
import type { ShopifyClient } from './shopify.client.js';

const BEGAN = Date.parse('2026-03-04T12:00:00Z');

describe('the poll of orders and drafts', () => {
  it('takes in at first what is open, however old, and all since orders count', async () => {
    const shop = new FakeShop();
    await shop.poll(null);
    expect(shop.queries).toEqual([
      'ChangedDrafts status:open',
      'ChangedDrafts status:invoice_sent',
      "ChangedDrafts updated_at:>='2026-01-01T00:00:00.000Z'",
      'ChangedOrders status:open',
      "ChangedOrders updated_at:>='2026-01-01T00:00:00.000Z'",
    ]);
  });

  it('looks back behind the mark by the overlap, drafts before their orders', async () => {
    const shop = new FakeShop();
    await shop.poll('2026-03-04T11:59:00.000Z');
    expect(shop.queries).toEqual([
      "ChangedDrafts updated_at:>='2026-03-04T11:57:00.000Z'",
      "ChangedOrders updated_at:>='2026-03-04T11:57:00.000Z'",
    ]);
  });

  it('is complete up to when it began, less the overlap, and says so last', async () => {
    const shop = new FakeShop();
    shop.changed = [{ id: 'o1', updatedAt: '2026-03-04T11:00:00Z' }];
    const pages = await shop.poll('2026-03-04T11:59:00.000Z');
    expect(pages.slice(0, -1).some((page) => page.completed ?? page.mark)).toBe(false);
    const last = pages.at(-1);
    expect(last?.mark).toBe('2026-03-04T12:00:00.000Z');
    expect(last?.completed?.(['f1']) as OrdersPolled).toMatchObject({
      connectionId: 'shop',
      completeThrough: '2026-03-04T11:58:00.000Z',
      requires: ['f1'],
    });
  });

  it('reads once what stays as it is', async () => {
    const shop = new FakeShop();
    shop.changed = [{ id: 'o1', updatedAt: '2026-03-04T11:58:30Z' }];
    await shop.poll('2026-03-04T11:59:00.000Z');
    await shop.poll('2026-03-04T11:59:00.000Z');
    expect(shop.read).toEqual(['o1']);
    shop.changed = [{ id: 'o1', updatedAt: '2026-03-04T11:59:10Z' }];
    await shop.poll('2026-03-04T11:59:00.000Z');
    expect(shop.read).toEqual(['o1', 'o1']);
  });

  it('reads again what had changed a moment ago: a second edit has the same time', async () => {
    const shop = new FakeShop();
    shop.changed = [{ id: 'o1', updatedAt: '2026-03-04T11:59:58Z' }];
    await shop.poll('2026-03-04T11:59:00.000Z');
    await shop.poll('2026-03-04T11:59:00.000Z');
    expect(shop.read).toEqual(['o1', 'o1']);
  });

  it('forgets a deleted draft only when its page has been kept', async () => {
    const shop = new FakeShop();
    shop.gone = ['d9'];
    const forgotten: number[] = [];
    for await (const page of shop.feed().poll('2026-03-04T11:59:00.000Z', false)) {
      if (page.observations.length > 0) forgotten.push(shop.noted.length);
    }
    expect(forgotten).toEqual([0]);
    expect(shop.noted).toEqual([new Map([['d9', false]])]);
  });
});

class FakeShop {
  readonly queries: string[] = [];
  readonly read: string[] = [];
  readonly noted: ReadonlyMap<string, boolean>[] = [];
  private readonly refs = someRefs();
  /** Changed orders; drafts never change here. */
  changed: { id: string; updatedAt: string }[] = [];
  gone: string[] = [];

  feed() {
    const openDrafts = {
      findDeleted: async () => this.gone,
      note: async (drafts: ReadonlyMap<string, boolean>) => void this.noted.push(drafts),
    };
    const reader = {
      readOrders: async (ids: string[]) => this.readAll(ids),
      readDrafts: async (ids: string[]) => this.readAll(ids),
    };
    return createOrdersFeed({
      connection: aConnection(),
      client: { send: this.send.bind(this) } as unknown as ShopifyClient,
      seen: new SeenVersions(this.refs, 1),
      reader: reader as unknown as OrderReader,
      openDrafts: openDrafts as unknown as OpenDrafts,
      clock: { now: () => BEGAN },
      timeScale: 1,
    });
  }

  /** Each page is kept before the next is asked for, as the connector does. */
  async poll(mark: string | null): Promise<PollPage[]> {
    const pages: PollPage[] = [];
    for await (const page of this.feed().poll(mark, false)) {
      await this.refs.put(page.refs ?? []);
      pages.push(page);
    }
    return pages;
  }

  private readAll(ids: readonly string[]): ReadOrder[] {
    this.read.push(...ids);
    return ids.map((id) => ({
      observation: { key: { kind: 'order', id }, content: {}, toMessage: () => ({}) },
      updatedAt: this.changed.find((node) => node.id === id)?.updatedAt ?? null,
    }));
  }

  private async send({ name }: { name: string }, { query }: { query: string }) {
    this.queries.push(`${name} ${query}`);
    const nodes = name === 'ChangedOrders' ? this.changed : [];
    return { changed: { nodes, pageInfo: { hasNextPage: false, endCursor: null } } };
  }
}
