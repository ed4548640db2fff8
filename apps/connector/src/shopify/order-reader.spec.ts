import type { Configuration } from '@tillbridge/runtime';
import { DraftLinks } from './draft-links.js';
import { OpenDrafts } from './open-drafts.js';
import type { OrderContent } from './order-content.js';
import { OrderReader, type ReadOrder } from './order-reader.js';
import { OwnPlaces } from './own-places.js';
import { aConnection, aDraft, anOrder, anOrderLine, money, someRefs } from './shop-builders.js';
import type { DraftNode, OrderLineNode, OrderNode, RefundLineNode } from './shopify.answers.js';
import { SHOPIFY } from './shopify.capabilities.js';
import type { ShopifyClient } from './shopify.client.js';
import { orderIdOfDraft, orderIdOfOrder } from './shopify.identity.js';

const NOW = '2026-03-04T12:00:00Z';
const DRAFT = aDraft({ customAttributes: [{ key: 'sparkCartId', value: 'cart-1' }] });
const ORDER = anOrder({
  sourceName: 'shopify_draft_order',
  createdAt: NOW,
  customAttributes: DRAFT.customAttributes,
});
const COMPLETED = { ...DRAFT, status: 'COMPLETED' as const, order: { id: ORDER.id } };
const OURS = orderIdOfDraft('shop', DRAFT.id);

describe('reading orders and drafts', () => {
  it('gives an order the id of the draft it was, when the draft was read first', async () => {
    const shop = new FakeShop([COMPLETED], [ORDER]);
    await shop.readDrafts([DRAFT.id]);
    expect(await shop.orderIdOf(ORDER)).toBe(OURS);
    expect(shop.searches).toBe(0);
  });

  it('finds the draft by its cart when it was last read open', async () => {
    const shop = new FakeShop([DRAFT], [ORDER]);
    await shop.readDrafts([DRAFT.id]);
    shop.drafts = [COMPLETED];
    expect(await shop.orderIdOf(ORDER)).toBe(OURS);
    expect(shop.searches).toBe(0);
  });

  it('finds a draft that was never read by a search', async () => {
    const shop = new FakeShop([COMPLETED], [ORDER]);
    expect(await shop.orderIdOf(ORDER)).toBe(OURS);
    expect(shop.searches).toBe(1);
  });

  it('takes the draft that became the order, not a copy with the same cart', async () => {
    const copy = { ...DRAFT, id: 'gid://shopify/DraftOrder/901' };
    const shop = new FakeShop([copy, DRAFT], [ORDER]);
    await shop.readDrafts([copy.id, DRAFT.id]);
    shop.drafts = [copy, COMPLETED];
    expect(await shop.orderIdOf(ORDER)).toBe(OURS);
  });

  it('waits for the search to catch up before it gives a new order an id of its own', async () => {
    const shop = new FakeShop([], [ORDER]);
    await expect(shop.orderIdOf(ORDER)).rejects.toMatchObject({ code: 'not-ready' });
    const old = { ...ORDER, createdAt: '2026-03-04T11:00:00Z' };
    shop.orders = [old];
    expect(await shop.orderIdOf(old)).toBe(orderIdOfOrder('shop', ORDER.id));
  });

  it('never gives an order another id than the one it was first told by', async () => {
    const old = { ...ORDER, createdAt: '2026-03-04T11:00:00Z' };
    const shop = new FakeShop([], [old]);
    const first = await shop.orderIdOf(old);
    shop.drafts = [COMPLETED];
    await shop.readDrafts([DRAFT.id]);
    expect(await shop.orderIdOf(old)).toBe(first);
  });

  it('reads every line of the longest order', async () => {
    const lines = Array.from({ length: SHOPIFY.draftLines }, (_, at) =>
      anOrderLine({ id: `line-${at}` }),
    );
    const shop = new FakeShop([], [anOrder()], lines);
    const [read] = await shop.readOrders([anOrder().id]);
    const content = read?.observation.content as OrderContent;
    expect(content.lines.map(({ lineId }) => lineId)).toEqual(lines.map(({ id }) => id));
  });

  it('reads an order anew that is refunded while it is read: all of it is of one moment', async () => {
    const sent = anOrderLine({
      id: 'mug',
      quantity: 3,
      currentQuantity: 3,
      unfulfilledQuantity: 0,
    });
    const shop = new FakeShop([], [anOrder({ refunds: [{ id: 'money' }] })], [sent]);
    shop.beforeRefunds = () => {
      shop.lines = [{ ...sent, currentQuantity: 2 }];
      shop.refunded = { money: [], goods: [aRefundLine('mug')] };
    };
    const [read] = await shop.readOrders([anOrder().id]);
    const { lines, refunds } = read?.observation.content as OrderContent;
    expect(lines).toMatchObject([
      { cancelledQuantity: 0, fulfilledQuantity: 3, returnedQuantity: 1 },
    ]);
    expect(refunds).toHaveLength(2);
  });

  it('does not wait for ever for an order that changes all the time', async () => {
    const shop = new FakeShop([], [anOrder({ refunds: [{ id: 'money' }] })]);
    let changes = 0;
    shop.beforeRefunds = () => {
      changes += 1;
      shop.orders = shop.orders.map((order) => ({ ...order, note: `changed ${changes} times` }));
    };
    await expect(shop.readOrders([anOrder().id])).rejects.toMatchObject({ code: 'not-ready' });
    expect(changes).toBeLessThan(10);
  });

  it('names the place of a line that only a place of the platform’s own sends', async () => {
    const [own, other] = ['gid://shopify/Location/9', 'gid://shopify/Location/1'];
    const lines = ['counter', 'split', 'online'].map((id) => anOrderLine({ id }));
    const shop = new FakeShop([], [anOrder()], lines);
    shop.sentFrom = { [own]: ['counter', 'split'], [other]: ['split', 'online'] };
    const [plain] = await shop.readOrders([anOrder().id]);
    const placesIn = (read: typeof plain) =>
      (read?.observation.content as OrderContent).lines.map((line) => line.channelLocationId);
    expect(placesIn(plain)).toEqual([undefined, undefined, undefined]);
    shop.configuration = {
      ...shop.configuration,
      locations: [
        { id: 'counter', master: { connection: 'shop', vendorLocationId: own }, feeds: [] },
      ],
    } as unknown as Configuration;
    const [read] = await shop.readOrders([anOrder().id]);
    expect(placesIn(read)).toEqual([own, undefined, undefined]);
  });

  it('tells of a deleted draft what was told before, and of an unknown one nothing', async () => {
    const shop = new FakeShop([DRAFT], []);
    const [before] = await shop.readDrafts([DRAFT.id]);
    shop.drafts = [];
    const gone = await shop.readDrafts([DRAFT.id, 'gid://shopify/DraftOrder/999']);
    expect(gone).toHaveLength(1);
    expect(gone[0]?.observation.key).toEqual(before?.observation.key);
    expect(gone[0]?.observation.content).toMatchObject({
      orderId: OURS,
      cartId: 'cart-1',
      status: 'deleted',
      lines: [],
    });
  });

  it('tells of an order that is gone what was told before, without goods and money', async () => {
    const shop = new FakeShop([], [anOrder({ processedAt: NOW })]);
    await shop.readOrders([anOrder().id]);
    shop.orders = [];
    const [gone] = await shop.readOrders([anOrder().id]);
    expect(gone?.observation.content).toMatchObject({ status: 'deleted', totalMinor: 0 });
  });

  it('takes an old order that it is not shown for hidden, until the platform says deleted', async () => {
    const old = anOrder({ processedAt: '2025-12-01T12:00:00Z' });
    const shop = new FakeShop([], [old]);
    await shop.readOrders([old.id]);
    shop.orders = [];
    await expect(shop.readOrders([old.id])).rejects.toMatchObject({
      retry: 'never',
      message: expect.stringContaining('read_all_orders'),
    });
    const [gone] = await shop.readDeletedOrders([old.id]);
    expect(gone?.observation.content).toMatchObject({ status: 'deleted', totalMinor: 0 });
  });

  it('asks for no more drafts at once than the platform takes', async () => {
    const ids = Array.from({ length: SHOPIFY.listInput + 1 }, (_, at) => `draft-${at}`);
    const shop = new FakeShop([], []);
    await shop.openDrafts.note(new Map(ids.map((id) => [id, true])));
    expect(await shop.openDrafts.findDeleted()).toHaveLength(ids.length);
    expect(shop.asked).toEqual([SHOPIFY.listInput, 1]);
  });

  it('remembers which drafts are open, so that one deleted unnoticed is missed', async () => {
    const other = aDraft({ id: 'gid://shopify/DraftOrder/902' });
    const shop = new FakeShop([DRAFT, other], []);
    await shop.readDrafts([DRAFT.id, other.id]);
    shop.drafts = [COMPLETED, other];
    await shop.readDrafts([DRAFT.id]);
    shop.drafts = [];
    expect(await shop.openDrafts.findDeleted()).toEqual([other.id]);
  });
});

function aRefundLine(id: string): RefundLineNode {
  return {
    ...{ quantity: 1, restockType: 'RETURN', restocked: true, location: null, lineItem: { id } },
    ...{ subtotalSet: money('1.00'), totalTaxSet: money('0.00') },
  };
}

/** Answers the reading requests from two lists. */
class FakeShop {
  readonly refs = someRefs();
  readonly client = { send: this.send.bind(this) } as unknown as ShopifyClient;
  readonly openDrafts = new OpenDrafts(this.client, this.refs);
  configuration = { locations: [], products: { packs: [], kits: [] } } as unknown as Configuration;
  /** Where lines are sent from, by place. */
  sentFrom: Record<string, string[]> = {};
  /** What was refunded, by refund. */
  refunded: Record<string, RefundLineNode[]> = { money: [] };
  /** What happens just before the refunds of an order are told. */
  beforeRefunds: () => void = () => undefined;
  searches = 0;
  /** Ids in each question for what still exists. */
  readonly asked: number[] = [];

  constructor(
    public drafts: DraftNode[],
    public orders: OrderNode[],
    public lines: readonly OrderLineNode[] = [],
  ) {}

  readDrafts(ids: string[]): Promise<ReadOrder[]> {
    return this.told(this.reader().readDrafts(ids));
  }

  readOrders(ids: string[]): Promise<ReadOrder[]> {
    return this.told(this.reader().readOrders(ids));
  }

  readDeletedOrders(ids: string[]): Promise<ReadOrder[]> {
    return this.told(this.reader().readDeletedOrders(ids));
  }

  /** What is read is told, and what is to be remembered of it is kept with that. */
  private async told(reading: Promise<ReadOrder[]>): Promise<ReadOrder[]> {
    const read = await reading;
    await this.refs.put(read.flatMap(({ observation }) => observation.refs ?? []));
    return read;
  }

  private reader(): OrderReader {
    const { client, refs, openDrafts } = this;
    const clock = { now: () => Date.parse(NOW) };
    const links = new DraftLinks(client, refs, { timeScale: 1, clock });
    return new OrderReader({
      ...{ connection: aConnection(), client, refs, links, openDrafts, clock },
      places: new OwnPlaces(this.configuration, 'shop'),
    });
  }

  async orderIdOf({ id }: OrderNode): Promise<string | undefined> {
    const [read] = await this.readOrders([id]);
    return (read?.observation.content as OrderContent | undefined)?.orderId;
  }

  private async send(
    operation: { name: string },
    { ids = [], after = '0' }: { ids?: string[]; after?: string },
  ): Promise<unknown> {
    const find = <N extends { id: string }>(nodes: readonly N[]) =>
      ids.map((id) => nodes.find((node) => node.id === id) ?? null);
    if (operation.name === 'Existing') this.asked.push(ids.length);
    switch (operation.name) {
      case 'Orders':
        return { nodes: find(this.orders.map((order) => this.withLines(order))) };
      case 'MoreOrderLines':
        return { order: { lineItems: this.linesAfter(Number(after)) } };
      case 'Drafts':
      case 'DraftLinks':
      case 'Existing':
        return { nodes: find(this.drafts) };
      case 'FulfilmentOrders':
        return this.fulfilmentOrders();
      case 'RefundIds':
        this.beforeRefunds();
        return { order: { refunds: Object.keys(this.refunded).map((id) => ({ id })) } };
      case 'Refunds':
        return { nodes: ids.map((id) => this.refund(id)) };
      case 'CompletedDrafts':
        this.searches += 1;
        return { draftOrders: { nodes: this.drafts, pageInfo: { hasNextPage: false } } };
      default:
        throw new Error(`nobody expected ${operation.name}`);
    }
  }

  private fulfilmentOrders() {
    const pageInfo = { hasNextPage: false, endCursor: null };
    const nodes = Object.entries(this.sentFrom).map(([placeId, lineIds]) => ({
      id: `fulfilment order of ${placeId}`,
      status: 'CLOSED',
      assignedLocation: { location: { id: placeId } },
      lineItems: {
        nodes: lineIds.map((id) => ({ id: `of ${id}`, remainingQuantity: 0, lineItem: { id } })),
        pageInfo,
      },
    }));
    return { order: { fulfillments: [], fulfillmentOrders: { nodes, pageInfo } } };
  }

  private refund(id: string) {
    const nodes = this.refunded[id];
    return {
      ...{ id, processedAt: NOW, totalRefundedSet: money('1.00') },
      orderAdjustments: { nodes: [] },
      refundLineItems: { nodes, pageInfo: { hasNextPage: false, endCursor: null } },
    };
  }

  private withLines(order: OrderNode): OrderNode {
    return { ...order, lineItems: this.linesAfter(0) };
  }

  private linesAfter(at: number) {
    const end = at + 100;
    const hasNextPage = end < this.lines.length;
    return {
      nodes: this.lines.slice(at, end),
      pageInfo: { hasNextPage, endCursor: hasNextPage ? String(end) : null },
    };
  }
}
