import type { Feed, Observation, PollPage, Ref } from '../vendor.js';
import type { CatalogueFeed } from './catalogue.feed.js';
import type { InventoryChange, InventoryCount } from './square-model.js';
import type { SquareLocations } from './square-locations.js';
import { sinceWithOverlap } from './square-overlap.js';
import { countRef, ledgerRef, orderRef, type SquareRefs, type ToldCount } from './square-refs.js';
import { chunksOf, type SquareClient } from './square.client.js';
import { countKeyOf, observeCount } from './square.observations.js';
import {
  ordersToKnow,
  ourOrderOf,
  toClock,
  toLedgerEntry,
  type LedgerEntry,
  type OurOrder,
} from './square.translate.js';

/** How far stock has been read, by Square's clock, and when every figure was looked at last. */
interface StockMark {
  readonly asOf: string;
  readonly wholeAtMs: number;
}

/** What one poll found, by `<location>|<variation>`. */
interface Findings {
  readonly counts: ReadonlyMap<string, ToldCount>;
  readonly entriesOf: ReadonlyMap<string, readonly LedgerEntry[]>;
}

/** A part of the ledger, and which orders in it are ours. */
interface LedgerPart {
  readonly entries: readonly LedgerEntry[];
  readonly orderRefs: readonly Ref[];
}

/** Every figure is compared this often, should Square ever have dated a change far back. */
const WHOLE_MS = 3_600_000;
const PAGE = 500;
/** Figures, and ledger entries, that are kept until they are told. */
const HELD = 4_000;

/**
 * Figures and their causes. A count of Square names no cause, so counts are read first and the
 * ledger after them: what a figure contains is then in the ledger that was read, and both are told
 * as one fact. A ledger entry is told once, with or without a newer figure.
 */
export class StockFeed implements Feed {
  readonly name = 'stock';
  readonly minPauseMs = 1_000;

  constructor(
    private readonly connectionId: string,
    private readonly ordersFrom: string,
    private readonly parts: {
      readonly client: SquareClient;
      readonly refs: SquareRefs;
      readonly locations: SquareLocations;
      readonly catalogue: CatalogueFeed;
      readonly timeScale: number;
      readonly clock: { now(): number };
    },
    readonly everyMs: number,
  ) {}

  async *poll(text: string | null, woken: boolean): AsyncIterable<PollPage> {
    const mark = text === null ? null : (JSON.parse(text) as StockMark);
    const { client, locations, timeScale, clock } = this.parts;
    const now = clock.now();
    const whole = mark === null || (!woken && now - mark.wholeAtMs >= WHOLE_MS);
    const begin = mark?.asOf ?? toClock(this.ordersFrom);
    const since = mark === null ? begin : sinceWithOverlap(mark.asOf, woken, timeScale);
    const location_ids = locations.countedIds;
    const counts = new Map<string, ToldCount>();
    let asOf = begin;
    for await (const page of client.counts({
      location_ids,
      ...(whole ? {} : { updated_after: since }),
    })) {
      const read = newestOf(page);
      asOf = latestOf(
        asOf,
        [...read.values()].map((count) => toClock(count.calculatedAt)),
      );
      // Of all that a merchant has only the news is kept: a look at every figure finds little.
      for (const [key, count] of await this.changed(read)) keepNewest(counts, key, count);
      if (counts.size >= HELD) yield* this.tellAll(counts, []);
    }
    const refs: Ref[] = [];
    for await (const { entries, orderRefs } of this.readLedger(since)) {
      asOf = latestOf(
        asOf,
        entries.map((entry) => entry.cause.at),
      );
      refs.push(...orderRefs);
      yield* this.tellAll(counts, entries);
    }
    const next = { asOf, wholeAtMs: whole ? now : mark.wholeAtMs };
    yield { observations: [], refs, mark: JSON.stringify(next) };
  }

  /** Current figures of single items, asked for by key. */
  async fetch(keys: readonly string[]): Promise<Observation[]> {
    const { client, catalogue, locations } = this.parts;
    const asked = new Set(keys);
    const variationIds = [...new Set(keys.map((key) => variationOf(key)))];
    const { skus } = await catalogue.learn(variationIds);
    const filter = { location_ids: locations.countedIds, catalog_object_ids: variationIds };
    const counts = newestOf(await all(client.counts(filter)));
    return [...counts.entries()].flatMap(([key, count]) =>
      asked.has(key) ? this.observe(key, count, [], skus) : [],
    );
  }

  /**
   * Tells figures with what moved them, and forgets them: a first load is larger than memory. Of so many
   * the figures then go first and their causes follow, with which promises end; till then too little is sold.
   */
  private async *tellAll(
    counts: Map<string, ToldCount>,
    entries: readonly LedgerEntry[],
  ): AsyncIterable<PollPage> {
    yield* this.tell({ counts, entriesOf: byItem(entries) });
    counts.clear();
  }

  /** What was not told yet, once at least, and never more at once than is held. */
  private async *readLedger(updated_after: string): AsyncIterable<LedgerPart> {
    const { client, refs, locations } = this.parts;
    let changes: InventoryChange[] = [];
    for await (const page of client.ledger({ location_ids: locations.countedIds, updated_after })) {
      const told = await refs.told(page.map(idOf));
      changes.push(...page.filter((change) => !told.has(idOf(change))));
      if (changes.length < HELD) continue;
      yield this.toPart(changes);
      changes = [];
    }
    yield this.toPart(changes);
  }

  private async toPart(changes: readonly InventoryChange[]): Promise<LedgerPart> {
    const { ours, orderRefs } = await this.knowOrders(changes);
    return { entries: changes.flatMap((change) => toLedgerEntry(change, ours) ?? []), orderRefs };
  }

  /** Which of the Square orders in the ledger are ours. */
  private async knowOrders(changes: readonly InventoryChange[]) {
    const { client, refs } = this.parts;
    const ids = ordersToKnow(changes);
    const ours: Map<string, OurOrder> = await refs.ourOrders(ids);
    const orderRefs: Ref[] = [];
    const unknown = ids.filter((id) => !ours.has(id));
    if (unknown.length > 0) {
      for (const order of await client.orders(unknown)) {
        const our = ourOrderOf(order);
        if (our === null) continue;
        ours.set(order.id, our);
        orderRefs.push(orderRef(order.id, our));
      }
    }
    return { ours, orderRefs };
  }

  private async changed(counts: ReadonlyMap<string, ToldCount>): Promise<Map<string, ToldCount>> {
    const told = await this.parts.refs.counts([...counts.keys()]);
    return new Map(
      [...counts].filter(([key, count]) => {
        const before = told.get(key);
        return (
          before === undefined ||
          before.quantity !== count.quantity ||
          before.calculatedAt !== count.calculatedAt
        );
      }),
    );
  }

  /** One fact for each (location, variation) that has a new figure or a new cause. */
  private async *tell({ counts, entriesOf }: Findings): AsyncIterable<PollPage> {
    for (const keys of chunksOf([...new Set([...counts.keys(), ...entriesOf.keys()])], PAGE)) {
      const learned = await this.parts.catalogue.learn(keys.map((key) => variationOf(key)));
      const known = await this.withLastCounts(keys, counts);
      const told = keys.flatMap((key) => {
        const count = known.get(key);
        const entries = entriesOf.get(key) ?? [];
        // Without a figure the item is not tracked, and what moved it is nobody's business.
        const [observation] = count ? this.observe(key, count, entries, learned.skus) : [];
        if (count === undefined || observation === undefined) return [];
        return {
          observation,
          variationId: variationOf(key),
          refs: [countRef(key, count), ...entries.map(({ id }) => ledgerRef(id))],
        };
      });
      const stocked = new Set(told.map(({ variationId }) => variationId));
      const learnedRefs = learned.refs.filter(
        ({ key, value }) => stocked.has(key) || (typeof value === 'string' && stocked.has(value)),
      );
      yield {
        observations: told.map(({ observation }) => observation),
        refs: [...told.flatMap(({ refs }) => refs), ...learnedRefs],
      };
    }
  }

  /** An entry can be read before its figure: it goes with the one known, else one asked for. */
  private async withLastCounts(
    keys: readonly string[],
    changed: ReadonlyMap<string, ToldCount>,
  ): Promise<Map<string, ToldCount>> {
    const { client, refs, locations } = this.parts;
    const counts = new Map<string, ToldCount>();
    for (const key of keys) {
      const count = changed.get(key);
      if (count !== undefined) counts.set(key, count);
    }
    const told = await refs.counts(keys.filter((key) => !counts.has(key)));
    for (const [key, count] of told) counts.set(key, count);
    const missing = keys.filter((key) => !counts.has(key));
    for (const part of chunksOf(missing, PAGE)) {
      const catalog_object_ids = [...new Set(part.map((key) => variationOf(key)))];
      const filter = { location_ids: locations.countedIds, catalog_object_ids };
      for (const [key, count] of newestOf(await all(client.counts(filter)))) {
        if (part.includes(key)) counts.set(key, count);
      }
    }
    return counts;
  }

  /** Empty for a location or an item that the hub has nothing to do with. */
  private observe(
    key: string,
    count: ToldCount,
    entries: readonly LedgerEntry[],
    skus: ReadonlyMap<string, string>,
  ): Observation[] {
    const vendorLocationId = key.slice(0, key.indexOf('|'));
    const variationId = variationOf(key);
    const locationId = this.parts.locations.ourId(vendorLocationId);
    const sku = skus.get(variationId);
    if (locationId === undefined || sku === undefined) return [];
    const causes = entries.map((entry) => entry.cause);
    const item = { vendorLocationId, variationId, locationId, sku };
    return [observeCount(this.connectionId, { ...item, ...count, causes })];
  }
}

function newestOf(counts: readonly InventoryCount[]): Map<string, ToldCount> {
  const newest = new Map<string, ToldCount>();
  for (const { state, location_id, catalog_object_id, quantity, calculated_at } of counts) {
    if (state !== 'IN_STOCK') continue;
    const key = countKeyOf(location_id, catalog_object_id);
    keepNewest(newest, key, { quantity, calculatedAt: calculated_at });
  }
  return newest;
}

function keepNewest(counts: Map<string, ToldCount>, key: string, count: ToldCount): void {
  const held = counts.get(key);
  if (held && toClock(held.calculatedAt) >= toClock(count.calculatedAt)) return;
  counts.set(key, count);
}

function latestOf(clock: string, clocks: readonly string[]): string {
  return clocks.reduce((latest, at) => (at > latest ? at : latest), clock);
}

function byItem(entries: readonly LedgerEntry[]): Map<string, LedgerEntry[]> {
  const items = new Map<string, LedgerEntry[]>();
  for (const entry of entries) {
    const key = countKeyOf(entry.vendorLocationId, entry.variationId);
    items.set(key, [...(items.get(key) ?? []), entry]);
  }
  return items;
}

async function all<T>(pages: AsyncIterable<readonly T[]>): Promise<T[]> {
  const found: T[] = [];
  for await (const page of pages) found.push(...page);
  return found;
}

function variationOf(key: string): string {
  return key.slice(key.indexOf('|') + 1);
}

function idOf(change: InventoryChange): string {
  return change.adjustment?.id ?? change.physical_count?.id ?? '';
}
