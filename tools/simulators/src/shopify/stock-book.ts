import { numberOf } from './gid.js';

export interface StockLevel {
  /** gid://shopify/InventoryLevel/7001?inventory_item_id=9001 */
  readonly id: string;
  readonly inventoryItemId: string;
  readonly locationId: string;
  /** What buyers may order. Below zero when more was promised than there was. */
  available: number;
  /** Sold, not yet sent. */
  committed: number;
  onHand: number;
  readonly createdAtMs: number;
  updatedAtMs: number;
}

/**
 * What the platform believes it has, per item and location: on hand = available + committed.
 *
 * An order moves units from available to committed, a fulfilment takes them out of committed and
 * on hand. A draft touches nothing.
 */
export class StockBook {
  private readonly levels = new Map<string, StockLevel>();

  constructor(
    private readonly now: () => number,
    private readonly changed: (level: StockLevel) => void,
  ) {}

  /** Stock that is there from the start; told to nobody. */
  open(inventoryItemId: string, locationId: string, units: number): void {
    const level = this.level(inventoryItemId, locationId);
    level.available = units;
    level.onHand = units;
  }

  /** An item is stocked at every location; where it never was, at zero. */
  level(inventoryItemId: string, locationId: string): StockLevel {
    const id = levelId(inventoryItemId, locationId);
    let level = this.levels.get(id);
    if (level === undefined) {
      const atMs = this.now();
      level = {
        ...{ id, inventoryItemId, locationId },
        ...{ available: 0, committed: 0, onHand: 0, createdAtMs: atMs, updatedAtMs: atMs },
      };
      this.levels.set(id, level);
    }
    return level;
  }

  byId(id: string): StockLevel | undefined {
    return this.levels.get(id);
  }

  atLocation(locationId: string): StockLevel[] {
    return [...this.levels.values()].filter((level) => level.locationId === locationId);
  }

  commit(inventoryItemId: string, locationId: string, units: number): void {
    this.move(inventoryItemId, locationId, { available: -units, committed: units });
  }

  /** Sold units that are not sent after all go back on sale. */
  restock(inventoryItemId: string, locationId: string, units: number): void {
    this.move(inventoryItemId, locationId, { available: units, committed: -units });
  }

  /** Sold units leave: sent to the buyer, or cancelled without going back on sale. */
  takeOut(inventoryItemId: string, locationId: string, units: number): void {
    this.move(inventoryItemId, locationId, { committed: -units, onHand: -units });
  }

  /** Units that were sent are here again, and still promised to their buyer. */
  bringBack(inventoryItemId: string, locationId: string, units: number): void {
    this.move(inventoryItemId, locationId, { committed: units, onHand: units });
  }

  /** Changes what is available, and with it what is on hand. */
  adjust(level: StockLevel, units: number): void {
    this.move(level.inventoryItemId, level.locationId, { available: units, onHand: units });
  }

  private move(
    inventoryItemId: string,
    locationId: string,
    by: { available?: number; committed?: number; onHand?: number },
  ): void {
    const level = this.level(inventoryItemId, locationId);
    level.available += by.available ?? 0;
    level.committed += by.committed ?? 0;
    level.onHand += by.onHand ?? 0;
    level.updatedAtMs = this.now();
    if ((by.available ?? 0) !== 0) this.changed(level);
  }
}

function levelId(inventoryItemId: string, locationId: string): string {
  const item = numberOf(inventoryItemId);
  return `gid://shopify/InventoryLevel/${numberOf(locationId)}?inventory_item_id=${item}`;
}
