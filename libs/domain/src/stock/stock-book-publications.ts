import type { BaseUnits } from '../products/product-map.js';
import {
  desiredUnits,
  toPublicationState,
  waitingAnew,
  withDesired,
  withObservation,
  withSetResult,
  type ChannelFigure,
} from './channel-figure.js';
import { isToldFigure } from './own-place.js';
import { decidePublication } from './publication.js';
import { shelfKey, type Shelf } from './shelf.js';
import type { BookExceptions } from './stock-book-exceptions.js';
import type { BookShelves } from './stock-book-shelves.js';
import type { StockEffects } from './stock-effects.js';
import type { FactOf } from './stock-facts.js';
import { sellableUnits } from './stock-figure.js';
import type { ChannelLocation, StockChannel, StockMerchant } from './stock-merchant.js';

/** Figures that go to a channel as one call. */
export interface SetStockBatch {
  readonly batchId: string;
  readonly connectionId: string;
  readonly items: readonly {
    readonly channelLocationId: string;
    readonly sku: string;
    /** What the channel is believed to show: it compares before it sets. */
    readonly fromUnits: number;
    readonly toUnits: number;
  }[];
}

export interface PublicationLimits {
  /** Items of one vendor call: one figure that had moved makes all of a call go again. */
  readonly batchItems: number;
  /** Few, so that under load newer figures overwrite waiting ones instead of queueing up (R3). */
  readonly batchesInFlight: number;
}

type FigureKey = Pick<ChannelFigure, 'connectionId' | 'channelLocationId' | 'sku'>;

/** What channels show and should show, and the batches on their way. */
export class BookPublications {
  private readonly rows = new Map<string, ChannelFigure>();
  private readonly ofSku = new Map<string, Set<string>>();
  /** Batches without an answer. */
  private readonly openBatches = new Map<string, { connectionId: string; keys: string[] }>();

  constructor(
    private readonly shelves: BookShelves,
    private readonly exceptions: BookExceptions,
    private readonly limits: PublicationLimits,
  ) {}

  get all(): readonly ChannelFigure[] {
    return [...this.rows.values()];
  }

  /** What channels show. What the hub does not tell them is left out. */
  observe(
    facts: readonly FactOf<'channel-observed'>[],
    merchant: StockMerchant,
    now: Date,
    effects: StockEffects,
  ): void {
    const rows = new Map<string, ChannelFigure>();
    for (const { data } of facts) {
      if (!isToldFigure(data, merchant)) continue;
      const key = figureKey(data);
      const row = withObservation(rows.get(key) ?? this.rows.get(key), data, now);
      if (row !== undefined) rows.set(key, row);
    }
    this.settle(rows, merchant, now, effects);
  }

  /** What became of figures that were sent. Decides nothing: the next look does. */
  answer(
    facts: readonly FactOf<'stock-set'>[],
    merchant: StockMerchant,
    now: Date,
    effects: StockEffects,
  ): void {
    const rows = new Map<string, ChannelFigure>();
    for (const { data } of facts) {
      const { batchId, connectionId, results } = data;
      for (const result of results) {
        const key = figureKey({ ...result, connectionId });
        const row = rows.get(key) ?? this.rows.get(key);
        if (row === undefined) continue;
        const next = withSetResult(
          row,
          { ...result, batchId },
          now,
          merchant.channelOf(connectionId),
        );
        rows.set(key, next);
        if (next.refused && !row.refused) this.exceptions.raise(refusal(next), effects);
      }
    }
    this.settle(rows, merchant, now, effects);
    for (const { data } of facts) this.close(data.batchId);
  }

  /** Computes anew what channels should show of everything that is made of what is on these shelves. */
  refresh(
    shelves: readonly Shelf[],
    merchant: StockMerchant,
    now: Date,
    effects: StockEffects,
  ): void {
    const skus = new Set(shelves.flatMap(({ sku }) => merchant.products.dependantsOf(sku)));
    const fed = merchant.channelLocationsFedBy(new Set(shelves.map((each) => each.locationId)));
    const places = new Set(fed.map(placeKey));
    const rows = new Map<string, ChannelFigure>();
    for (const sku of skus) {
      for (const key of this.ofSku.get(sku) ?? []) {
        const row = this.rows.get(key) as ChannelFigure;
        if (places.has(placeKey(row))) rows.set(key, waitingAnew(row, now));
      }
    }
    this.settle(rows, merchant, now, effects);
  }

  /** Everything anew, after the configuration has changed. */
  refreshAll(merchant: StockMerchant, now: Date, effects: StockEffects): void {
    const rows = new Map([...this.rows].map(([key, row]) => [key, waitingAnew(row, now)]));
    this.settle(rows, merchant, now, effects);
  }

  /** The figures that may go to a channel now, falls first, then whoever waits longest. */
  send(
    connectionId: string,
    completeThroughMs: number | null,
    channel: StockChannel,
    newBatchId: () => string,
  ): SetStockBatch[] {
    const wanted = this.wanted(connectionId, completeThroughMs, channel);
    const batches: SetStockBatch[] = [];
    const open = [...this.openBatches.values()].filter(
      (each) => each.connectionId === connectionId,
    );
    for (
      let free = this.limits.batchesInFlight - open.length;
      free > 0 && wanted.length > 0;
      free -= 1
    ) {
      const going = wanted.splice(0, this.limits.batchItems);
      const batchId = newBatchId();
      this.openBatches.set(batchId, { connectionId, keys: going.map(figureKey) });
      for (const row of going) {
        const inFlight = { inFlightBatch: batchId, inFlightUnits: row.desiredUnits };
        this.rows.set(figureKey(row), { ...row, ...inFlight });
      }
      batches.push({ batchId, connectionId, items: going.map(toItem) });
    }
    return batches;
  }

  private wanted(
    connectionId: string,
    completeThroughMs: number | null,
    channel: StockChannel,
  ): ChannelFigure[] {
    const falls: ChannelFigure[] = [];
    const rises: ChannelFigure[] = [];
    for (const row of this.rows.values()) {
      if (row.connectionId !== connectionId) continue;
      const decision = decidePublication(toPublicationState(row), completeThroughMs, channel);
      if (decision === 'send-fall') falls.push(row);
      if (decision === 'send-rise') rises.push(row);
    }
    const byWait = (a: ChannelFigure, b: ChannelFigure) => a.since.getTime() - b.since.getTime();
    return [...falls.sort(byWait), ...rises.sort(byWait)];
  }

  private settle(
    rows: ReadonlyMap<string, ChannelFigure>,
    merchant: StockMerchant,
    now: Date,
    effects: StockEffects,
  ): void {
    const offers = new ShelfOffers(this.shelves, merchant);
    for (const [key, row] of rows) {
      const before = this.rows.get(key);
      const channel = merchant.channelOf(row.connectionId);
      const settled = withDesired(row, offers.desired(row), now, channel);
      this.rows.set(key, settled);
      if (before === undefined) {
        this.ofSku.set(row.sku, (this.ofSku.get(row.sku) ?? new Set()).add(key));
      }
      if (row.refused && !settled.refused) this.exceptions.clear(refusal(row), effects);
      const { connectionId, channelLocationId, sku, desiredUnits: availableUnits } = settled;
      if (availableUnits === (before?.desiredUnits ?? null) || availableUnits === null) continue;
      effects.availability.push({ connectionId, channelLocationId, sku, availableUnits });
    }
  }

  /** Frees what was in flight with a batch, also what has no result. */
  private close(batchId: string): void {
    for (const key of this.openBatches.get(batchId)?.keys ?? []) {
      const row = this.rows.get(key);
      if (row?.inFlightBatch !== batchId) continue;
      this.rows.set(key, { ...row, inFlightBatch: null, inFlightUnits: null });
    }
    this.openBatches.delete(batchId);
  }
}

/** What each location may sell now, computed once for all figures that are made of it. */
class ShelfOffers {
  private readonly sellable = new Map<string, Map<string, number>>();

  constructor(
    private readonly shelves: BookShelves,
    private readonly merchant: StockMerchant,
  ) {}

  desired(row: FigureKey): number | null {
    const { products } = this.merchant;
    if (!isToldFigure(row, this.merchant)) return null;
    const parts = products.partsOf(row.sku);
    const feeders = this.merchant.feedersOf(row).map((id) => this.read(id, parts));
    return desiredUnits(products, row.sku, feeders);
  }

  private read(locationId: string, parts: readonly BaseUnits[]): ReadonlyMap<string, number> {
    const held = this.sellable.get(locationId) ?? new Map<string, number>();
    this.sellable.set(locationId, held);
    for (const { sku } of parts) {
      if (held.has(sku)) continue;
      const shelf = this.shelves.read(shelfKey({ locationId, sku }));
      if (shelf === undefined) continue;
      const bufferUnits = this.merchant.bufferOf(locationId, sku);
      held.set(sku, sellableUnits({ ...shelf, bufferUnits }));
    }
    return held;
  }
}

function figureKey({ connectionId, channelLocationId, sku }: FigureKey): string {
  // Ids hold no blank: the key is unambiguous whatever the SKU.
  return `${connectionId} ${channelLocationId} ${sku}`;
}

function placeKey({ connectionId, channelLocationId }: ChannelLocation): string {
  return `${connectionId} ${channelLocationId}`;
}

function refusal({ connectionId, channelLocationId, sku }: FigureKey) {
  const subject = `${sku} at ${connectionId} ${channelLocationId}`;
  return { code: 'channel-refused-stock', subject } as const;
}

function toItem({ channelLocationId, sku, observedUnits, desiredUnits: toUnits }: ChannelFigure) {
  return { channelLocationId, sku, fromUnits: observedUnits, toUnits: toUnits ?? 0 };
}
