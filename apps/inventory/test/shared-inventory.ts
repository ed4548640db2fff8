import type { Configuration } from '@tillbridge/runtime';
import { freshDatabase, type FreshDatabase } from '@tillbridge/testing';
import { InventoryUnderTest } from './inventory-under-test.js';

/** One database for all tests of a file: making one costs more than most tests. */
export class SharedInventory {
  private fresh: FreshDatabase | undefined;
  /** One for each merchant. */
  private readonly opened = new Map<string, InventoryUnderTest>();

  /** The service of this merchant, as on its first day. */
  async begin(configuration: Configuration): Promise<InventoryUnderTest> {
    this.fresh ??= await freshDatabase();
    const merchant = JSON.stringify(configuration);
    const held = this.opened.get(merchant);
    const inventory = held ?? (await InventoryUnderTest.open(this.fresh.url, configuration));
    this.opened.set(merchant, inventory);
    await inventory.forgetAll();
    return inventory;
  }

  async close(): Promise<void> {
    for (const each of this.opened.values()) await each.database.close();
    await this.fresh?.drop();
  }
}
