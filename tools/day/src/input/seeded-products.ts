import type { Seeded } from '../plan/seeded.js';

export interface SeededProduct {
  readonly sku: string;
  readonly description: string;
  readonly priceMinor: number;
  /** Trade buyers take it in dozens only. */
  readonly inDozens: boolean;
}

const LOOKS = ['Speckled', 'Striped', 'Smoked', 'Ribbed', 'Painted', 'Plain', 'Woven', 'Pressed'];
const MATERIALS = [
  'Stoneware',
  'Oak',
  'Linen',
  'Enamel',
  'Brass',
  'Recycled Glass',
  'Wool',
  'Cork',
];
const THINGS = [
  'Beaker',
  'Serving Board',
  'Napkin Ring',
  'Candle Cup',
  'Door Wedge',
  'Storage Jar',
  'Table Runner',
  'Egg Cup',
  'Plant Pot',
  'Coat Hook',
  'Trivet',
  'Pen Tray',
];
const PRICES_MINOR = [29, 42, 65, 85, 125, 165, 195, 210, 255, 295, 375, 425, 495, 795, 995, 1650];
const DOZEN_SHARE = 0.18;
const COLOUR_SHARE = 0.25;

/** A catalogue of a homeware wholesaler; two of its codes differ in nothing but case. */
export function seededProducts(chance: Seeded, count: number): SeededProduct[] {
  const products = new Map<string, SeededProduct>();
  for (let number = 0; products.size < count; number += 1) {
    const code = String(31_000 + number * 7);
    const letters = chance.chance(COLOUR_SHARE) ? ['A', 'B', 'C'] : [''];
    for (const letter of letters) add(products, chance, `${code}${letter}`);
  }
  add(products, chance, '60112k');
  add(products, chance, '60112K');
  return [...products.values()];
}

function add(products: Map<string, SeededProduct>, chance: Seeded, sku: string): void {
  const priceMinor = chance.pick(PRICES_MINOR);
  products.set(sku, {
    sku,
    description: `${chance.pick(LOOKS)} ${chance.pick(MATERIALS)} ${chance.pick(THINGS)}`,
    priceMinor,
    inDozens: priceMinor < 300 && chance.chance(DOZEN_SHARE),
  });
}
