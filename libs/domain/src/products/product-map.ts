/** A quantity of one base SKU, in the units that the stock master counts. */
export interface BaseUnits {
  readonly sku: string;
  readonly units: number;
}

/** What a channel sells that is not itself on a shelf (R6). */
export interface ProductRules {
  readonly packs: readonly { readonly sku: string; readonly of: string; readonly units: number }[];
  readonly kits: readonly {
    readonly sku: string;
    readonly components: readonly { readonly sku: string; readonly quantity: number }[];
  }[];
  /** What is told of an old name counts for the new one, which is a base SKU. */
  readonly renamed?: readonly { readonly from: string; readonly to: string }[];
}

/**
 * Which base units a channel SKU is made of. A SKU without a rule is itself. SKUs are case-sensitive:
 * merchants sell 'A1' and 'a1' as two things.
 */
export class ProductMap {
  private readonly rules = new Map<string, readonly BaseUnits[]>();
  private readonly users = new Map<string, string[]>();
  private readonly newNames = new Map<string, string>();

  /** @throws Error when a SKU has two rules, or a pack or kit is made of another: a bug upstream. */
  constructor({ packs, kits, renamed = [] }: ProductRules) {
    for (const { from, to } of renamed) {
      this.add(from, [{ sku: to, units: 1 }]);
      this.newNames.set(from, to);
    }
    for (const { sku, of, units } of packs) this.add(sku, [{ sku: of, units }]);
    for (const { sku, components } of kits) {
      this.add(sku, sumBySku(components.map((each) => ({ sku: each.sku, units: each.quantity }))));
    }
    for (const base of this.users.keys()) {
      if (this.rules.has(base)) throw new Error(`'${base}' is a pack or kit inside another`);
    }
  }

  /** The name under which a base SKU is held: its own, unless it was renamed. */
  baseOf(sku: string): string {
    return this.newNames.get(sku) ?? sku;
  }

  /** The base units in one of this SKU. */
  partsOf(sku: string): readonly BaseUnits[] {
    return this.rules.get(sku) ?? [{ sku, units: 1 }];
  }

  /** True for a pack or a kit: it is not itself on a shelf. */
  isMade(sku: string): boolean {
    return this.rules.has(sku);
  }

  /** The base units in a quantity of a channel SKU. */
  explode(sku: string, quantity: number): BaseUnits[] {
    return multiplyParts(this.partsOf(sku), quantity);
  }

  /** The base units of a whole order, summed per component before anybody checks them. */
  explodeAll(lines: readonly { readonly sku: string; readonly quantity: number }[]): BaseUnits[] {
    return sumBySku(lines.flatMap(({ sku, quantity }) => this.explode(sku, quantity)));
  }

  /** The channel SKUs whose availability moves with this base SKU: itself, its packs, its kits. */
  dependantsOf(baseSku: string): readonly string[] {
    const made = this.users.get(baseSku) ?? [];
    return this.rules.has(baseSku) ? made : [baseSku, ...made];
  }

  /**
   * How many of a channel SKU may be sold: what each location alone can make, added up. Six units
   * here and six there are no case of 12, since nobody can pick it.
   */
  availableOf(sku: string, sellableByLocation: Iterable<ReadonlyMap<string, number>>): number {
    const parts = this.partsOf(sku);
    let available = 0;
    for (const sellable of sellableByLocation) {
      const makes = parts.map((part) => Math.floor((sellable.get(part.sku) ?? 0) / part.units));
      available += Math.max(0, Math.min(...makes));
    }
    return available;
  }

  private add(sku: string, parts: readonly BaseUnits[]): void {
    if (this.rules.has(sku)) throw new Error(`'${sku}' is two packs or kits`);
    if (parts.length === 0 || parts.some(({ units }) => !Number.isInteger(units) || units < 1)) {
      throw new Error(`'${sku}' is made of nothing, or of less than one whole unit`);
    }
    this.rules.set(sku, parts);
    for (const part of parts) this.users.set(part.sku, [...(this.users.get(part.sku) ?? []), sku]);
  }
}

/** One entry a SKU, in order of first mention. */
export function sumBySku(units: readonly BaseUnits[]): BaseUnits[] {
  const sum = new Map<string, number>();
  for (const each of units) sum.set(each.sku, (sum.get(each.sku) ?? 0) + each.units);
  return [...sum].map(([sku, total]) => ({ sku, units: total }));
}

export function multiplyParts(parts: readonly BaseUnits[], quantity: number): BaseUnits[] {
  return parts.map(({ sku, units }) => ({ sku, units: units * quantity }));
}
