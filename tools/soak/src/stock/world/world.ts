import type { AskedAdjustment, StockEffects } from '@tillbridge/domain';
import { ChannelShelf } from './channel-shelf.js';
import type { Course } from './course.js';
import { Masters } from './masters.js';
import { Posting } from './posting.js';
import type { ShopOrder } from './shop-order.js';
import type { SoakMerchant } from './soak-merchant.js';
import { CHANNEL_SKUS } from './soak-products.js';
import { OWN_PLACE } from './soak-topology.js';

type AnnouncedAllocation = StockEffects['allocated'][number];

/** An adjustment on its way into a store, from which the goods have left unless it refuses. */
interface AskedOfStore extends AskedAdjustment {
  readonly refuses: boolean;
  readonly leftMs: number;
}

/**
 * The truth: what the stores have, what the channels show and have sold, and what the hub has asked
 * the stores to do. It knows nothing of what the hub believes.
 */
export class World {
  readonly masters: Masters;
  readonly channelShelves: readonly ChannelShelf[];
  readonly orders: ShopOrder[] = [];
  /** Where trade orders are picked, as the orders service was told last. */
  readonly allocations = new Map<string, AnnouncedAllocation>();
  /** Trade orders as the stores have them. */
  readonly postings = new Map<string, Posting>();
  /** Adjustments that a store was asked for and has not answered. */
  readonly asked: AskedOfStore[] = [];
  /** Units that channels sold and nobody had: told by the hub against its knowledge, and others. */
  oversoldUnits = 0;
  racedUnits = 0;
  private readonly heard = new Set<string>();

  constructor(
    public merchant: SoakMerchant,
    readonly course: Course,
  ) {
    this.masters = new Masters(merchant, course);
    const places = merchant.channels.flatMap((channel) =>
      channel.places.map(({ placeId }) => ({ connectionId: channel.connectionId, placeId })),
    );
    if (merchant.hasOwnPlace) places.push(OWN_PLACE);
    this.channelShelves = places.flatMap(({ connectionId, placeId }) => {
      const shown = CHANNEL_SKUS.filter((sku) => !merchant.isCountedThere(placeId, sku));
      return shown.map((sku) => {
        const opening = course.dice.chance(0.7)
          ? this.makes(placeId, sku)
          : course.dice.between(0, 8);
        return new ChannelShelf(connectionId, placeId, sku, opening, course);
      });
    });
  }

  channelShelf(placeId: string, sku: string): ChannelShelf | undefined {
    return this.channelShelves.find((each) => each.placeId === placeId && each.sku === sku);
  }

  posting(orderId: string, locationId: string): Posting {
    return this.postings.get(`${orderId} ${locationId}`) ?? this.postAnew(orderId, locationId);
  }

  /** A store is given the order, once more where it was voided there. */
  postAnew(orderId: string, locationId: string): Posting {
    const posting = new Posting(orderId, locationId, this.course.newId('p'), this.course);
    this.postings.set(`${orderId} ${locationId}`, posting);
    return posting;
  }

  /** What the stores that feed a place could make of a SKU, each by itself, were nothing promised. */
  private makes(placeId: string, sku: string): number {
    return this.merchant.feedersOf({ channelLocationId: placeId }).reduce((sum, locationId) => {
      const parts = this.merchant.partsOf(sku);
      const makes = parts.map(([part, units]) => {
        return Math.floor(this.masters.at(locationId, part).units / units);
      });
      return sum + Math.min(...makes);
    }, 0);
  }

  /** The orders service hears of an allocation; the newest revision wins. */
  hearAllocation(allocation: AnnouncedAllocation): void {
    const held = this.allocations.get(allocation.orderId);
    if (held !== undefined && held.revision >= allocation.revision) return;
    this.allocations.set(allocation.orderId, allocation);
  }

  /** A store is asked once for each adjustment, however often the command comes. */
  hearAdjustment(adjustment: AskedAdjustment): void {
    if (this.heard.has(adjustment.adjustmentId)) return;
    this.heard.add(adjustment.adjustmentId);
    const refuses = this.course.dice.chance(0.4);
    this.asked.push({ ...adjustment, refuses, leftMs: this.course.nowMs });
    if (refuses) return;
    for (const { sku, units } of adjustment.units) {
      this.masters.at(adjustment.locationId, sku).take(units);
    }
  }
}
