import type { OrderPolicy } from '@tillbridge/domain';
import type { Dice } from '../../chance/dice.js';

export const SHOP = 'shop';
const TILLS = 'tills';

/** What the shop sells, in base units. A SKU that is not here is known to nobody. */
const MADE_OF: ReadonlyMap<string, readonly BaseUnits[]> = new Map([
  ['MUG', [{ sku: 'MUG', units: 1 }]],
  ['PLATE', [{ sku: 'PLATE', units: 1 }]],
  ['TEA-CASE', [{ sku: 'TEA', units: 12 }]],
  ['CLIP-BOX', [{ sku: 'CLIP', units: 5 }]],
  [
    'DESK-KIT',
    [
      { sku: 'PEN', units: 1 },
      { sku: 'PAD', units: 2 },
    ],
  ],
]);

export const SOLD_SKUS: readonly string[] = [...MADE_OF.keys()];

export interface BaseUnits {
  readonly sku: string;
  readonly units: number;
}

export type PaymentMethod = 'on-account' | 'invoice' | 'card';

/** A merchant as one life has it. */
export class TradeMerchant {
  readonly locationIds: readonly string[];
  readonly policy: OrderPolicy;
  /** Payment methods without a tender, until somebody maps them. */
  readonly unmapped = new Set<string>();
  /** Goods that no store has ever counted, until one does. */
  readonly uncounted = new Set<string>();

  constructor(dice: Dice) {
    this.locationIds = dice.chance(0.8) ? ['high-street', 'dockside'] : ['high-street'];
    if (dice.chance(0.4)) this.unmapped.add(dice.pick(['on-account', 'invoice']));
    if (dice.chance(0.35)) this.uncounted.add(dice.pick(SOLD_SKUS));
    const linesPerOrder = dice.chance(0.2) ? dice.between(2, 3) : 500;
    this.policy = {
      ordersFrom: '2026-01-01T00:00:00.000Z',
      completeDrafts: dice.pick(['staff', 'sparklayer', 'hub', 'hub']),
      locations: this.locationIds.map((id) => ({ id, posConnectionId: TILLS, linesPerOrder })),
      currency: 'GBP',
      returnedGoods: dice.chance(0.8) ? 'hub-adjusts' : 'booked-at-till',
      shortStock: dice.pick(['hold', 'post-available', 'post-backorder', 'post-backorder']),
      kitSkus: new Set(['DESK-KIT']),
      agreed: { draftOpenMinutes: 30, undispatchedMinutes: 60 },
      deriveId: (name) => name,
    };
  }

  /** @throws RangeError for a SKU that the shop does not sell. */
  partsOf(sku: string): readonly BaseUnits[] {
    const parts = MADE_OF.get(sku);
    if (parts === undefined) throw new RangeError(`nobody sells ${sku}`);
    return parts;
  }

  /** Packs and kits are picked in one place. */
  isWhole(sku: string): boolean {
    const parts = this.partsOf(sku);
    return parts.length > 1 || parts.some(({ units }) => units > 1);
  }

  tenderOf(method: string): string | undefined {
    return this.unmapped.has(method) ? undefined : `tender of ${method}`;
  }
}
