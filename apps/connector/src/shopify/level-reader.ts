import { ChannelStockObserved, StockCounted, type StockCause } from '@tillbridge/contracts';

import type { Observation } from '../vendor.js';
import type { OwnPlaces } from './own-places.js';
import type { ShopifyClient } from './shopify.client.js';
import { ITEM_LEVELS, LEVELS_AT_ONCE, LOCATION_LEVELS } from './shopify.documents.js';
import { levelKey } from './shopify.identity.js';

/** What buyers may order of one item at one place, as the platform says it. */
export interface Level {
  readonly itemId: string;
  readonly locationId: string;
  readonly sku: string;
  readonly availableUnits: number;
  /** When the figure last changed, by the platform's clock; ISO 8601. */
  readonly updatedAt?: string | null;
}

interface LevelPage {
  readonly levels: Level[];
  readonly next: string | null;
}

/** Remembered until they are forgotten all at once: the poll finds what that hides. */
const OWN_FIGURES = 20_000;

/** Reads the platform's stock figures, and remembers those that we set ourselves. */
export class LevelReader {
  private readonly own = new Map<string, number>();

  constructor(
    private readonly connectionId: string,
    private readonly client: ShopifyClient,
    private readonly clock: { now(): number },
    private readonly places?: Pick<OwnPlaces, 'masteredBy'>,
  ) {}

  noteSet({ itemId, locationId, availableUnits }: Omit<Level, 'sku' | 'updatedAt'>): void {
    if (this.own.size >= OWN_FIGURES) this.own.clear();
    this.own.set(levelKey(itemId, locationId), availableUnits);
  }

  /** True for the figure that we set last, unless another one was read since. */
  isEcho(key: string, availableUnits: number): boolean {
    return this.own.get(key) === availableUnits;
  }

  /** An item that is gone, has no SKU or is not stocked at the place is left out. */
  async read(
    wanted: readonly { itemId: string; locationId: string }[],
    priority?: number,
  ): Promise<Level[]> {
    const levels: Level[] = [];
    for (const locationId of new Set(wanted.map((level) => level.locationId))) {
      const here = wanted.filter((level) => level.locationId === locationId);
      const items = [...new Set(here.map(({ itemId }) => itemId))];
      for (let at = 0; at < items.length; at += LEVELS_AT_ONCE) {
        const ids = items.slice(at, at + LEVELS_AT_ONCE);
        const { nodes } = await this.client.send(ITEM_LEVELS, { ids, locationId }, priority);
        for (const node of nodes) {
          const figure = node?.inventoryLevel?.quantities[0];
          if (!node?.sku || figure === undefined) continue;
          const { quantity: availableUnits, updatedAt } = figure;
          this.forgetOwn(levelKey(node.id, locationId), availableUnits);
          levels.push({ itemId: node.id, locationId, sku: node.sku, availableUnits, updatedAt });
        }
      }
    }
    return levels;
  }

  private forgetOwn(key: string, readUnits: number): void {
    if (this.own.get(key) !== readUnits) this.own.delete(key);
  }

  /** All levels of one place, or those changed since; a page at a time. */
  async *readLocation(locationId: string, since: string | null): AsyncIterable<Level[]> {
    let after: string | null = null;
    do {
      const page: LevelPage = await this.readPage(locationId, since, after);
      yield page.levels;
      after = page.next;
    } while (after !== null);
  }

  /** One page of a place; empty when the platform does not know the place. */
  async readPage(
    locationId: string,
    since: string | null,
    after: string | null,
    priority?: number,
  ): Promise<LevelPage> {
    const query = since === null ? null : `updated_at:>='${since}'`;
    const variables = { id: locationId, query, after };
    const answer = await this.client.send(LOCATION_LEVELS, variables, priority);
    if (answer.location === null) return { levels: [], next: null };
    const { nodes, pageInfo } = answer.location.inventoryLevels;
    const levels = nodes.flatMap(({ item, quantities: [figure] }) => {
      if (!item.sku || figure === undefined) return [];
      const { quantity: availableUnits, updatedAt } = figure;
      return [{ itemId: item.id, locationId, sku: item.sku, availableUnits, updatedAt }];
    });
    return { levels, next: pageInfo.hasNextPage ? pageInfo.endCursor : null };
  }

  /** The figure as a fact: of what the platform counts itself the master's, else what it shows. */
  toObservation(level: Level, causes: readonly Omit<StockCause, 'at'>[] = []): Observation {
    const ownId = this.places?.masteredBy(level);
    return ownId === undefined ? this.toShown(level) : this.toCounted(level, ownId, causes);
  }

  /**
   * The platform's clock goes by whole seconds. A reading that is older than what is known is not told,
   * as of any figure without a clock, and the revision decides within the second.
   */
  private toCounted(
    { itemId, locationId: placeId, sku, availableUnits, updatedAt }: Level,
    locationId: string,
    causes: readonly Omit<StockCause, 'at'>[],
  ): Observation {
    const { connectionId } = this;
    const countedAt = new Date(updatedAt ?? this.clock.now()).toISOString();
    const content = {
      ...{ connectionId, locationId, sku, onHandUnits: availableUnits, countedAt },
      causes: causes.map((cause) => ({ ...cause, at: countedAt })),
    };
    return {
      key: { kind: 'level', id: levelKey(itemId, placeId) },
      content,
      toMessage: (revision) =>
        Object.assign(new StockCounted(), content, { revision, vendorLocationId: placeId }),
    };
  }

  /** The time of reading is told but is no change. */
  private toShown(level: Level): Observation {
    const { itemId, locationId, sku, availableUnits } = level;
    const observedAt = new Date(this.clock.now()).toISOString();
    const content = {
      connectionId: this.connectionId,
      channelLocationId: locationId,
      sku,
      availableUnits,
    };
    return {
      key: { kind: 'level', id: levelKey(itemId, locationId) },
      content,
      toMessage: (revision) =>
        Object.assign(new ChannelStockObserved(), content, { revision, observedAt }),
    };
  }
}
