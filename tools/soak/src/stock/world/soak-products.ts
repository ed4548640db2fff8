import { ProductMap } from '@tillbridge/domain';
import type { Dice } from '../../chance/dice.js';

export const BASE_SKUS = ['A', 'B'] as const;
/** `CASE` is some A, `KIT` is some A and some B. */
export const CHANNEL_SKUS = [...BASE_SKUS, 'CASE', 'KIT'] as const;

/** A base SKU and how many of it are in one. */
export type Part = readonly [sku: string, units: number];

/** What packs and kits are made of; told here once more, apart from the hub's own rules. */
export interface SoakProducts {
  readonly map: ProductMap;
  readonly parts: ReadonlyMap<string, readonly Part[]>;
}

const CASE_SIZES = [3, 4, 6];
const RECIPES = [
  [2, 1],
  [1, 2],
] as const;

const PRODUCTS: readonly SoakProducts[] = CASE_SIZES.flatMap((caseUnits) =>
  RECIPES.map(([a, b]) => ({
    map: new ProductMap({
      packs: [{ sku: 'CASE', of: 'A', units: caseUnits }],
      kits: [
        {
          sku: 'KIT',
          components: [
            { sku: 'A', quantity: a },
            { sku: 'B', quantity: b },
          ],
        },
      ],
    }),
    parts: new Map<string, readonly Part[]>([
      ['CASE', [['A', caseUnits]]],
      [
        'KIT',
        [
          ['A', a],
          ['B', b],
        ],
      ],
      ...BASE_SKUS.map((sku) => [sku, [[sku, 1]]] as const),
    ]),
  })),
);

/** Others than these, where there are some already. */
export function drawProducts(dice: Dice, now?: SoakProducts): SoakProducts {
  return dice.pick(PRODUCTS.filter((each) => each !== now));
}
