import { recordEffect } from '../wire/simulated-world.js';
import type { SimulatedWorld, StockEffect } from '../wire/simulated-world.js';
import type { Catalogue } from './catalogue.js';
import type { InventoryBook, LedgerEntry, Level, NewChange } from './inventory-book.js';
import { toInventoryCount } from './inventory-wire.js';
import type { SquareIds } from './square-ids.js';
import type { SquareWebhooks } from './square-webhooks.js';

/** Moves stock: the ledger, the record of what became true, and one webhook with all the counts. */
export class StockRoom {
  constructor(
    private readonly world: SimulatedWorld,
    private readonly ids: SquareIds,
    private readonly catalogue: Catalogue,
    private readonly inventory: InventoryBook,
    private readonly webhooks: SquareWebhooks,
  ) {}

  /** `ref` is the order it is about; without one, the reference that the change carries. */
  move(
    kind: StockEffect['kind'],
    changes: readonly NewChange[],
    ref?: string,
  ): { entries: LedgerEntry[]; levels: Level[] } {
    if (changes.length === 0) return { entries: [], levels: [] };
    const { entries, levels, movements } = this.inventory.apply(changes);
    const groups = new Map<
      string,
      { locationId: string; ref?: string; units: Map<string, number> }
    >();
    movements.forEach(({ variationId, locationId, deltaUnits }, index) => {
      const about = ref ?? changes[index]?.referenceId;
      const key = `${locationId}|${about ?? ''}`;
      const group = groups.get(key) ?? {
        locationId,
        ...(about === undefined ? {} : { ref: about }),
        units: new Map<string, number>(),
      };
      const { sku } = this.catalogue.variation(variationId);
      group.units.set(sku, (group.units.get(sku) ?? 0) + deltaUnits);
      groups.set(key, group);
    });
    const effects = [...groups.values()].map(({ units, ...about }) =>
      recordEffect(this.world, {
        vendor: 'square',
        kind,
        ...about,
        lines: [...units].map(([sku, moved]) => ({ sku, units: moved })),
      }),
    );
    this.webhooks.emit(
      'inventory.count.updated',
      {
        type: 'inventory_counts',
        id: this.ids.next(),
        object: { inventory_counts: levels.map(toInventoryCount) },
      },
      (atMs) => {
        for (const effect of effects) effect.deliveredAtMs = atMs;
      },
    );
    return { entries, levels };
  }
}
