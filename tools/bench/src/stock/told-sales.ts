/** A till sale, and what the shop may show at most once it has heard of it. */
export interface Sale {
  readonly sku: string;
  readonly atMs: number;
  readonly mostUnits: number;
}

/** A call that told the shop figures. */
export interface ShopCall {
  readonly atMs: number;
  readonly accepted: boolean;
  readonly figures: readonly { readonly sku: string; readonly from: number; readonly to: number }[];
}

/** Milliseconds from each sale to the first accepted call whose figure has it in, if it was told by now. */
export function delaysOf(sales: readonly Sale[], calls: readonly ShopCall[]): number[] {
  const told = new Map<string, { atMs: number; units: number }[]>();
  for (const { atMs, accepted, figures } of calls) {
    if (!accepted) continue;
    for (const { sku, to } of figures) {
      told.set(sku, [...(told.get(sku) ?? []), { atMs, units: to }]);
    }
  }
  return sales.flatMap(({ sku, atMs, mostUnits }) => {
    const first = told.get(sku)?.find(({ units }) => units <= mostUnits);
    return first === undefined ? [] : [first.atMs - atMs];
  });
}

/** Figures that the calls changed. */
export function changesIn(calls: readonly ShopCall[]): number {
  const accepted = calls.filter((call) => call.accepted).flatMap(({ figures }) => figures);
  return accepted.filter(({ from, to }) => from !== to).length;
}
