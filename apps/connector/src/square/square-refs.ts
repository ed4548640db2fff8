import type { Ref, Refs } from '../vendor.js';
import type { OurOrder } from './square.translate.js';

/** A posting as it stands in Square. */
export interface PostedOrder {
  readonly posOrderId: string;
  readonly paymentId?: string;
}

/** The figure that was told last for one (location, variation). */
export interface ToldCount {
  readonly quantity: string;
  readonly calculatedAt: string;
}

/** A ledger entry may be read again for as long as Square lets changes be dated back, and more. */
const LEDGER_DAYS = 30;

/** What is remembered of Square, by the names of the things. */
export class SquareRefs {
  /** New names of SKUs by their old ones. */
  private readonly newNames: ReadonlyMap<string, string>;

  constructor(
    private readonly refs: Refs,
    renamed: readonly { readonly from: string; readonly to: string }[] = [],
  ) {
    this.newNames = new Map(renamed.map(({ from, to }) => [from, to]));
  }

  /** Variation ids by SKU. Of a SKU that was renamed, that of the new name, if there is one. */
  async variations(skus: readonly string[]): Promise<Map<string, string>> {
    const names = skus.flatMap((sku) => [sku, this.newNames.get(sku) ?? sku]);
    const found = await this.refs.get<string>('sku', [...new Set(names)]);
    return new Map(
      skus.flatMap((sku) => {
        const id = found.get(this.newNames.get(sku) ?? sku) ?? found.get(sku);
        return id === undefined ? [] : [[sku, id] as const];
      }),
    );
  }

  /** SKUs by variation id. */
  skus(variationIds: readonly string[]): Promise<Map<string, string>> {
    return this.refs.get<string>('variation', variationIds);
  }

  /** Our orders by Square's order id. */
  ourOrders(posOrderIds: readonly string[]): Promise<Map<string, OurOrder>> {
    return this.refs.get<OurOrder>('pos-order', posOrderIds);
  }

  async posting(postingId: string): Promise<PostedOrder | undefined> {
    return (await this.refs.get<PostedOrder>('posting', [postingId])).get(postingId);
  }

  /** Figures by `<location>|<variation>`. */
  counts(keys: readonly string[]): Promise<Map<string, ToldCount>> {
    return this.refs.get<ToldCount>('count', keys);
  }

  /** Which of the ledger entries have been told already. */
  async told(ledgerIds: readonly string[]): Promise<ReadonlySet<string>> {
    return new Set((await this.refs.get<number>('ledger', ledgerIds)).keys());
  }
}

export function skuRefs(sku: string, variationId: string): Ref[] {
  return [
    { kind: 'sku', key: sku, value: variationId },
    { kind: 'variation', key: variationId, value: sku },
  ];
}

export function orderRef(posOrderId: string, our: OurOrder): Ref {
  const { orderId, postingId } = our;
  return { kind: 'pos-order', key: posOrderId, value: { orderId, postingId } };
}

export function postingRef(postingId: string, posted: PostedOrder): Ref {
  return { kind: 'posting', key: postingId, value: posted };
}

export function countRef(key: string, told: ToldCount): Ref {
  return { kind: 'count', key, value: told };
}

export function ledgerRef(id: string): Ref {
  return { kind: 'ledger', key: id, value: 1, keepDays: LEDGER_DAYS };
}
