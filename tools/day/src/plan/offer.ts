import type { InputRow } from '../input/input-row.js';
import type { PlannedAssembly, PlannedTradeLine } from './day-plan.js';
import { meaningOf } from './row-meaning.js';
import { Seeded } from './seeded.js';

const KIT_SHARE = 0.05;
const CASE_UNITS = 12;

/**
 * What the shop offers, learned from the rows: every stock SKU as a unit; a case of 12 of each SKU
 * that trade buyers only take in even dozens; and a kit for every trade line that becomes one.
 */
export class Offer {
  private readonly titles = new Map<string, string>();
  private readonly prices = new Map<string, number>();
  private readonly cases: ReadonlySet<string>;
  private readonly made = new Map<string, PlannedAssembly>();
  private readonly kitChance: Seeded;

  constructor(rows: readonly InputRow[], seed: number) {
    this.kitChance = new Seeded(seed, 'kits');
    const evenDozens = new Map<string, boolean>();
    for (const row of rows) {
      if (row.description !== '' && !this.titles.has(row.sku)) {
        this.titles.set(row.sku, row.description);
      }
      this.prices.set(row.sku, Math.max(this.prices.get(row.sku) ?? 0, row.priceMinor));
      if (meaningOf(row).kind === 'trade') {
        const dozens = row.quantity % CASE_UNITS === 0;
        evenDozens.set(row.sku, dozens && (evenDozens.get(row.sku) ?? true));
      }
    }
    this.cases = new Set([...evenDozens].filter(([, dozens]) => dozens).map(([sku]) => sku));
  }

  baseSkus(): string[] {
    return [...this.prices.keys()];
  }

  titleOf(sku: string): string {
    return this.titles.get(sku) ?? sku;
  }

  /** Retail price of a unit: above any trade price, as the trade shop asks. */
  retailPriceMinor(sku: string): number {
    return Math.ceil((this.prices.get(sku) ?? 0) * 1.5) + 1;
  }

  assemblies(): PlannedAssembly[] {
    return [...this.made.values()];
  }

  /** The units of base SKUs that one of what the shop sells is made of. */
  componentsOf(sku: string): readonly { readonly sku: string; readonly units: number }[] {
    return this.made.get(sku)?.components ?? [{ sku, units: 1 }];
  }

  /** How a trade row is bought online: as a unit, in cases, or as a kit (5 % of lines). */
  tradeLine(row: InputRow): PlannedTradeLine {
    const base = { row: row.row, title: this.titleOf(row.sku) };
    if (this.cases.has(row.sku)) {
      const made = this.caseOf(row.sku);
      // A case costs a penny less than its units, so that it never divides evenly by 12.
      const unitPriceMinor = Math.max(0, row.priceMinor * CASE_UNITS - 1);
      return { ...base, sku: made.sku, quantity: row.quantity / CASE_UNITS, unitPriceMinor };
    }
    if (this.kitChance.chance(KIT_SHARE)) {
      const made = this.kitOf(row.sku);
      const unitPriceMinor = row.priceMinor + 7;
      return { ...base, sku: made.sku, quantity: row.quantity, unitPriceMinor };
    }
    return { ...base, sku: row.sku, quantity: row.quantity, unitPriceMinor: row.priceMinor };
  }

  private caseOf(sku: string): PlannedAssembly {
    return this.make({
      kind: 'case',
      sku: `${sku}-CASE12`,
      title: `${this.titleOf(sku)} (case of ${CASE_UNITS})`,
      priceMinor: this.retailPriceMinor(sku) * CASE_UNITS,
      components: [{ sku, units: CASE_UNITS }],
    });
  }

  /** A kit of the SKU itself and two of another one. */
  private kitOf(sku: string): PlannedAssembly {
    const others = this.baseSkus().filter((other) => other !== sku);
    const other = others.length === 0 ? null : this.kitChance.pick(others);
    const components = [{ sku, units: 1 }, ...(other === null ? [] : [{ sku: other, units: 2 }])];
    return this.make({
      kind: 'kit',
      sku: `KIT-${sku}`,
      title: `${this.titleOf(sku)} gift set`,
      priceMinor:
        components.reduce((sum, c) => sum + this.retailPriceMinor(c.sku) * c.units, 0) + 8,
      components,
    });
  }

  private make(assembly: PlannedAssembly): PlannedAssembly {
    const known = this.made.get(assembly.sku);
    if (known !== undefined) return known;
    this.made.set(assembly.sku, assembly);
    return assembly;
  }
}
