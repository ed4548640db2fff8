import { ChannelStockObserved } from '@tillbridge/contracts';

import type { Observation } from '../vendor.js';
import type { ShopifyClient } from './shopify.client.js';
import { ITEM_LEVELS, LEVELS_AT_ONCE, LOCATION_LEVELS } from './shopify.documents.js';
import { levelKey } from './shopify.identity.js';

/** What buyers may order of one item at one place, as the platform says it. */
export interface Level {
  readonly itemId: string;
  readonly locationId: string;
  readonly sku: string;
  readonly availableUnits: number;
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
  ) {}

  noteSet({ itemId, locationId, availableUnits }: Omit<Level, 'sku'>): void {
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
          const availableUnits = figure.quantity;
          this.forgetOwn(levelKey(node.id, locationId), availableUnits);
          levels.push({ itemId: node.id, locationId, sku: node.sku, availableUnits });
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
    const levels = nodes.flatMap(({ item, quantities: [figure] }) =>
      !item.sku || figure === undefined
        ? []
        : [{ itemId: item.id, locationId, sku: item.sku, availableUnits: figure.quantity }],
    );
    return { levels, next: pageInfo.hasNextPage ? pageInfo.endCursor : null };
  }

  /** The time of reading is told but is no change. */
  toObservation(level: Level): Observation {
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
