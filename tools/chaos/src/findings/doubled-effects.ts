import type { StockEffect } from '@tillbridge/simulators';

/**
 * What stands twice in the vendors' books although it happened once: shop orders made from one
 * cart, and stock adjustments with the same reference, place and SKU.
 */
export function doubledEffects(
  cartIds: readonly string[],
  effects: readonly Pick<StockEffect, 'kind' | 'ref' | 'locationId' | 'lines'>[],
): string[] {
  const adjustments = effects.flatMap(({ kind, ref, locationId, lines }) =>
    kind !== 'adjust' || ref === undefined
      ? []
      : lines.map(({ sku }) => `${ref} at ${locationId} of ${sku}`),
  );
  return [...repeated(cartIds), ...repeated(adjustments)];
}

function repeated(names: readonly string[]): string[] {
  const seen = new Set<string>();
  return names.filter((name) => {
    if (seen.has(name)) return true;
    seen.add(name);
    return false;
  });
}
