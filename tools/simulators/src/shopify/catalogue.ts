import { IdSequence } from './gid.js';

export interface Variant {
  readonly id: string;
  readonly productId: string;
  readonly inventoryItemId: string;
  readonly sku: string;
  readonly title: string;
  /** The retail price. */
  readonly priceMinor: number;
  readonly createdAtMs: number;
}

export interface Customer {
  readonly id: string;
  readonly email: string;
  readonly companyName: string;
  readonly tags: readonly string[];
  readonly createdAtMs: number;
}

export interface ShopLocation {
  readonly id: string;
  readonly name: string;
}

/** What the shop sells, to whom and from where. */
export class Catalogue {
  readonly variants = new Map<string, Variant>();
  readonly customers = new Map<string, Customer>();
  readonly locations = new Map<string, ShopLocation>();
  private readonly bySku = new Map<string, Variant>();
  private readonly byInventoryItem = new Map<string, Variant>();
  private readonly ids = {
    variant: new IdSequence('ProductVariant', 71_000_000),
    product: new IdSequence('Product', 70_000_000),
    inventoryItem: new IdSequence('InventoryItem', 90_000_000),
    customer: new IdSequence('Customer', 51_000_000),
  };

  constructor(locations: readonly ShopLocation[]) {
    for (const location of locations) this.locations.set(location.id, location);
  }

  addVariant(given: { sku: string; title: string; priceMinor: number; atMs: number }): Variant {
    if (this.bySku.has(given.sku)) throw new Error(`The shop sells ${given.sku} already.`);
    const variant: Variant = {
      id: this.ids.variant.next(),
      productId: this.ids.product.next(),
      inventoryItemId: this.ids.inventoryItem.next(),
      sku: given.sku,
      title: given.title,
      priceMinor: given.priceMinor,
      createdAtMs: given.atMs,
    };
    this.variants.set(variant.id, variant);
    this.bySku.set(variant.sku, variant);
    this.byInventoryItem.set(variant.inventoryItemId, variant);
    return variant;
  }

  addCustomer(given: Omit<Customer, 'id'>): Customer {
    const customer = { ...given, id: this.ids.customer.next() };
    this.customers.set(customer.id, customer);
    return customer;
  }

  /** SKUs are compared as written: 85123a and 85123A are two. */
  variantOfSku(sku: string): Variant {
    const variant = this.bySku.get(sku);
    if (variant === undefined) throw new Error(`The shop does not sell ${sku}.`);
    return variant;
  }

  variantOfItem(inventoryItemId: string): Variant | undefined {
    return this.byInventoryItem.get(inventoryItemId);
  }
}
