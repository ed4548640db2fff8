import { ChannelStockObserved, Failure } from '@tillbridge/contracts';

import type { Observation } from '../vendor.js';
import { LEVELS_AT_ONCE, UNITS_WITHOUT_LEVEL } from './sparklayer.assumptions.js';
import type { PATIENT, SparkLayerClient } from './sparklayer.client.js';

/** A SKU at one of the trade shop's own stock locations, by the location's external id. */
export interface TradePlace {
  readonly channelLocationId: string;
  readonly sku: string;
}

export interface TradeLevel extends TradePlace {
  readonly availableUnits: number;
  /** What the merchant keeps beside the figure: overwriting it would clear them. */
  readonly kept: { readonly restock_date?: string; readonly min_stock_level?: number };
}

/** The stock that a trade shop keeps of its own, beside that of the platform under it. */
export class TradeStock {
  /** The trade shop's ids of its locations, by external id. */
  private ids: ReadonlyMap<string, string> | undefined;

  constructor(
    private readonly connectionId: string,
    private readonly client: SparkLayerClient,
    private readonly clock: { now(): number },
  ) {}

  /**
   * What is shown at each of these places, in their order.
   * @throws Failure `vendor-refused`, after a while again, when there is no such location.
   */
  async read(places: readonly TradePlace[], priority?: typeof PATIENT): Promise<TradeLevel[]> {
    if (places.length === 0) return [];
    const found = new Map<string, TradeLevel>();
    const ids = await this.idsOf(places.map(({ channelLocationId }) => channelLocationId));
    const external = new Map([...ids].map(([externalId, id]) => [id, externalId]));
    const skus = [...new Set(places.map(({ sku }) => sku))];
    for (let at = 0; at < skus.length; at += LEVELS_AT_ONCE) {
      const few = skus.slice(at, at + LEVELS_AT_ONCE);
      const shown = await this.client.fetchStock(few, [...ids.values()], priority);
      for (const { sku, stock_levels } of shown) {
        for (const { stock_location_id, stock_level, ...beside } of stock_levels) {
          const channelLocationId = external.get(stock_location_id);
          if (channelLocationId === undefined) continue;
          const kept = withoutNothing(beside);
          const level = { channelLocationId, sku, availableUnits: stock_level, kept };
          found.set(placeKey(level), level);
        }
      }
    }
    return places.map(
      ({ channelLocationId, sku }) =>
        found.get(placeKey({ channelLocationId, sku })) ?? {
          ...{ channelLocationId, sku, kept: {} },
          availableUnits: UNITS_WITHOUT_LEVEL,
        },
    );
  }

  async write(levels: readonly TradeLevel[]): Promise<void> {
    for (let at = 0; at < levels.length; at += LEVELS_AT_ONCE) {
      await this.client.updateStock(
        levels.slice(at, at + LEVELS_AT_ONCE).map(({ channelLocationId, sku, ...level }) => ({
          stock_location_external_id: channelLocationId,
          sku,
          stock_level: level.availableUnits,
          ...level.kept,
        })),
      );
    }
  }

  /** The next reading asks for the locations anew. */
  forgetLocations(): void {
    this.ids = undefined;
  }

  /** The time of reading is told but is no change. */
  toObservation({ channelLocationId, sku, availableUnits }: TradeLevel): Observation {
    const observedAt = new Date(this.clock.now()).toISOString();
    const content = { connectionId: this.connectionId, channelLocationId, sku, availableUnits };
    return {
      key: { kind: 'level', id: placeKey(content) },
      content,
      toMessage: (revision) =>
        Object.assign(new ChannelStockObserved(), content, { revision, observedAt }),
    };
  }

  private async idsOf(externalIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const wanted = new Set(externalIds);
    let known = this.ids ?? (await this.readIds());
    if ([...wanted].some((each) => !known.has(each))) known = await this.readIds();
    const missing = [...wanted].filter((each) => !known.has(each));
    if (missing.length > 0) {
      const text = `the trade shop has no stock location '${missing.join("', '")}'`;
      throw new Failure('vendor-refused', { afterMs: MISSING_RETRY_MS }, text);
    }
    return new Map([...known].filter(([externalId]) => wanted.has(externalId)));
  }

  private async readIds(): Promise<ReadonlyMap<string, string>> {
    const locations = await this.client.listStockLocations();
    const ids = new Map(locations.map(({ id, external_id }) => [external_id, id]));
    this.ids = ids;
    return ids;
  }
}

/** Until somebody makes the location. */
const MISSING_RETRY_MS = 60_000;

export function placeKey({ channelLocationId, sku }: TradePlace): string {
  return JSON.stringify([channelLocationId, sku]);
}

export function placeOfKey(key: string): TradePlace {
  const [channelLocationId, sku] = JSON.parse(key) as [string, string];
  return { channelLocationId, sku };
}

function withoutNothing(beside: {
  readonly restock_date?: string | null;
  readonly min_stock_level?: number | null;
}): TradeLevel['kept'] {
  const { restock_date, min_stock_level } = beside;
  return {
    ...(restock_date == null ? {} : { restock_date }),
    ...(min_stock_level == null ? {} : { min_stock_level }),
  };
}
