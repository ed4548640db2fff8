import type { TradeMerchant } from './trade-merchant.js';
import { leftOf, type ShopDocument, type ShopLine } from './shop-document.js';

/** One trade order on the platform: its draft, if it began as one, and the order once there is one. */
export class ShopOrder {
  draft?: ShopDocument;
  order?: ShopDocument;
  /** What the trade shop alone knows. */
  purchasePoNumber?: string;
  /** Reports of dispatch that the platform has, by our id of them: how much of each line. */
  readonly reports = new Map<string, ReadonlyMap<string, number>>();
  /** Times that the POS held more of it at once than was ever wanted. */
  doubled = 0;
  /** True once the warehouse took back what it had said of a shipment: nobody returns goods on it. */
  shipmentsDoubted = false;
  /** True once nothing of it was wanted while it stood: another order of its cart may have gone on. */
  emptied = false;

  constructor(
    readonly orderId: string,
    readonly cartId: string,
  ) {}

  /** The most that was ever wanted of each SKU at once. */
  mostWanted(merchant: TradeMerchant): Map<string, number> {
    const most = new Map<string, number>();
    for (const lines of [this.order?.lines ?? [], ...(this.order?.linesBefore ?? [])]) {
      for (const [sku, units] of baseUnits(lines, merchant)) {
        most.set(sku, Math.max(units, most.get(sku) ?? 0));
      }
    }
    return most;
  }

  get documents(): ShopDocument[] {
    return [this.draft, this.order].filter((each) => each !== undefined);
  }

  /** The document that counts. */
  get current(): ShopDocument | undefined {
    return this.order ?? this.draft;
  }

  /** True while somebody wants something of it. */
  get wanted(): boolean {
    const { current } = this;
    if (current === undefined || current.method === 'quote') return false;
    if (current.status === 'cancelled' || current.status === 'deleted') return false;
    const saidMinor = current.totalMinor() + current.wrongMinor;
    return current.lines.some((line) => leftOf(line) > 0) || saidMinor !== 0;
  }
}

/** Base units of the lines, by SKU; `quantityOf` says how much of each. */
export function baseUnits(
  lines: readonly ShopLine[],
  merchant: TradeMerchant,
  quantityOf: (line: ShopLine) => number = leftOf,
): Map<string, number> {
  const sum = new Map<string, number>();
  for (const line of lines) {
    if (line.sku === null) continue;
    for (const { sku, units } of merchant.partsOf(line.sku)) {
      sum.set(sku, (sum.get(sku) ?? 0) + units * quantityOf(line));
    }
  }
  return sum;
}
