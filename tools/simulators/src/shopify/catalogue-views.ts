import type { Customer, ShopLocation, Variant } from './catalogue.js';
import { toConnection } from './connection.js';
import type { PageArguments } from './connection.js';
import { numberOf, toGid } from './gid.js';
import { toDecimal } from './money.js';
import { toFilter } from './search-filter.js';
import type { SearchFields } from './search-filter.js';
import type { Shop } from './shop.js';
import type { StockLevel } from './stock-book.js';
import { toSeconds, toTimestamp } from './timestamp.js';

/** What every view needs: the shop and the one currency it sells in. */
export interface ViewContext {
  readonly shop: Shop;
  readonly currency: string;
}

export class VariantView {
  readonly __typename = 'ProductVariant';
  readonly availableForSale = true;
  readonly barcode = null;
  readonly compareAtPrice = null;
  readonly inventoryPolicy = 'DENY';
  readonly taxable = false;

  constructor(
    private readonly variant: Variant,
    private readonly context: ViewContext,
  ) {}

  get id() {
    return this.variant.id;
  }
  get legacyResourceId() {
    return String(numberOf(this.variant.id));
  }
  get sku() {
    return this.variant.sku;
  }
  get title() {
    return 'Default Title';
  }
  get displayName() {
    return `${this.variant.title} - Default Title`;
  }
  get price() {
    return toDecimal(this.variant.priceMinor, this.context.currency);
  }
  get createdAt() {
    return toTimestamp(this.variant.createdAtMs);
  }
  get updatedAt() {
    return toTimestamp(this.variant.createdAtMs);
  }
  get inventoryItem() {
    return new InventoryItemView(this.variant, this.context);
  }
  get inventoryQuantity() {
    const { catalogue, stock } = this.context.shop;
    const levels = [...catalogue.locations.keys()].map((locationId) =>
      stock.level(this.variant.inventoryItemId, locationId),
    );
    return levels.reduce((sum, level) => sum + level.available, 0);
  }
  get product() {
    const { productId, title } = this.variant;
    const legacyResourceId = String(numberOf(productId));
    return { __typename: 'Product', id: productId, title, legacyResourceId, status: 'ACTIVE' };
  }
}

export class InventoryItemView {
  readonly __typename = 'InventoryItem';
  readonly tracked = true;
  readonly requiresShipping = true;

  constructor(
    private readonly record: Variant,
    private readonly context: ViewContext,
  ) {}

  get id() {
    return this.record.inventoryItemId;
  }
  get legacyResourceId() {
    return String(numberOf(this.record.inventoryItemId));
  }
  get sku() {
    return this.record.sku;
  }
  get createdAt() {
    return toTimestamp(this.record.createdAtMs);
  }
  get updatedAt() {
    return toTimestamp(this.record.createdAtMs);
  }
  get variant() {
    return new VariantView(this.record, this.context);
  }
  inventoryLevel(args: { locationId: string }) {
    const { catalogue, stock } = this.context.shop;
    if (!catalogue.locations.has(args.locationId)) return null;
    return new InventoryLevelView(
      stock.level(this.record.inventoryItemId, args.locationId),
      this.context,
    );
  }
  inventoryLevels(args: PageArguments & { query?: string | null }) {
    const { catalogue, stock } = this.context.shop;
    const levels = [...catalogue.locations.keys()].map((locationId) =>
      stock.level(this.record.inventoryItemId, locationId),
    );
    return toConnection(
      levels.filter(toFilter(args.query, LEVEL_FIELDS)),
      args,
      (level) => ({ value: numberOf(level.locationId), id: 0 }),
      (level) => new InventoryLevelView(level, this.context),
    );
  }
}

export class InventoryLevelView {
  readonly __typename = 'InventoryLevel';
  readonly isActive = true;
  readonly canDeactivate = false;
  readonly deactivationAlert = null;

  constructor(
    private readonly level: StockLevel,
    private readonly context: ViewContext,
  ) {}

  get id() {
    return this.level.id;
  }
  get createdAt() {
    return toTimestamp(this.level.createdAtMs);
  }
  get updatedAt() {
    return toTimestamp(this.level.updatedAtMs);
  }
  get item() {
    const variant = this.context.shop.catalogue.variantOfItem(this.level.inventoryItemId);
    return variant === undefined ? null : new InventoryItemView(variant, this.context);
  }
  get location() {
    const location = this.context.shop.catalogue.locations.get(this.level.locationId);
    return location === undefined ? null : new LocationView(location, this.context);
  }
  quantities(args: { names: readonly string[] }) {
    return args.names.flatMap((name) => {
      const quantity = quantityOf(this.level, name);
      if (quantity === null) return [];
      const number = `${numberOf(this.level.locationId)}?name=${name}`;
      const id = toGid('InventoryQuantity', number);
      return [{ __typename: 'InventoryQuantity', id, name, quantity, updatedAt: this.updatedAt }];
    });
  }
}

const LEVEL_FIELDS: SearchFields<StockLevel> = {
  created_at: { kind: 'time', read: (level) => toSeconds(level.createdAtMs) },
  updated_at: { kind: 'time', read: (level) => toSeconds(level.updatedAtMs) },
};

/** Incoming and the unavailable kinds exist and stay empty. Null for a name that does not exist. */
export function quantityOf(level: StockLevel, name: string): number | null {
  switch (name) {
    case 'available':
      return level.available;
    case 'committed':
      return level.committed;
    case 'on_hand':
      return level.onHand;
    case 'incoming':
    case 'reserved':
    case 'damaged':
    case 'safety_stock':
    case 'quality_control':
      return 0;
    default:
      return null;
  }
}

export class LocationView {
  readonly __typename = 'Location';
  readonly isActive = true;
  readonly fulfillsOnlineOrders = true;
  readonly shipsInventory = true;

  constructor(
    private readonly location: ShopLocation,
    private readonly context: ViewContext,
  ) {}

  get id() {
    return this.location.id;
  }
  get legacyResourceId() {
    return String(numberOf(this.location.id));
  }
  get name() {
    return this.location.name;
  }
  inventoryLevel(args: { inventoryItemId: string }) {
    const { catalogue, stock } = this.context.shop;
    if (catalogue.variantOfItem(args.inventoryItemId) === undefined) return null;
    return new InventoryLevelView(
      stock.level(args.inventoryItemId, this.location.id),
      this.context,
    );
  }
  inventoryLevels(args: PageArguments & { query?: string | null }) {
    return toConnection(
      this.context.shop.stock
        .atLocation(this.location.id)
        .filter(toFilter(args.query, LEVEL_FIELDS)),
      args,
      (level) => ({ value: numberOf(level.inventoryItemId), id: 0 }),
      (level) => new InventoryLevelView(level, this.context),
    );
  }
}

export class CustomerView {
  readonly __typename = 'Customer';
  readonly firstName = null;
  readonly note = null;
  readonly phone = null;

  constructor(private readonly customer: Customer) {}

  get id() {
    return this.customer.id;
  }
  get legacyResourceId() {
    return String(numberOf(this.customer.id));
  }
  get email() {
    return this.customer.email;
  }
  get defaultEmailAddress() {
    return { __typename: 'CustomerEmailAddress', emailAddress: this.customer.email };
  }
  get displayName() {
    return this.customer.companyName;
  }
  get lastName() {
    return this.customer.companyName;
  }
  get tags() {
    return this.customer.tags;
  }
  get createdAt() {
    return toTimestamp(this.customer.createdAtMs);
  }
  get updatedAt() {
    return toTimestamp(this.customer.createdAtMs);
  }
  get defaultAddress() {
    return toAddress(this.customer);
  }
}

/** Trade customers are known by the company on their address; there is no platform company. */
export function toAddress(customer: Customer) {
  const { companyName } = customer;
  return {
    ...{ __typename: 'MailingAddress', id: toGid('MailingAddress', numberOf(customer.id)) },
    ...{ firstName: null, lastName: null, name: companyName, company: companyName, phone: null },
    ...{ address1: '1 Mill Lane', address2: null, city: 'Leeds', province: null, zip: 'LS1 1AA' },
    ...{ country: 'United Kingdom', countryCode: 'GB', countryCodeV2: 'GB', provinceCode: null },
    formatted: [companyName, '1 Mill Lane', 'Leeds LS1 1AA', 'United Kingdom'],
  };
}
