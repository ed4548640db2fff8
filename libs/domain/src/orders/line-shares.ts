import type {
  LineAllocation,
  ObservedOrderState,
  OrderAllocation,
  OrderLine,
  SkuUnits,
} from './order-facts.js';

/** A line's quantity at one location, with the base units that it stands for. */
export interface LineShare {
  readonly locationId: string;
  readonly quantity: number;
  readonly components: readonly SkuUnits[];
}

/** What is still wanted of a line. */
export function remainingOf(line: OrderLine): number {
  return Math.max(0, line.orderedQuantity - line.cancelledQuantity);
}

/** The lines that are stock and still wanted. */
export function openStockLines(order: ObservedOrderState): OrderLine[] {
  return order.lines.filter((line) => isStock(line) && remainingOf(line) > 0);
}

export function isStock(line: OrderLine): line is OrderLine & { readonly sku: string } {
  return line.sku !== null && line.sku !== undefined;
}

/** True when the allocation gives every open unit a location. */
export function coversOrder(
  order: ObservedOrderState,
  allocation: OrderAllocation | undefined,
): boolean {
  return openStockLines(order).every((line) => {
    const parts = allocation?.allocations.filter((part) => part.lineId === line.lineId) ?? [];
    return parts.reduce((sum, part) => sum + part.quantity, 0) >= remainingOf(line);
  });
}

/**
 * Where the wanted quantity of a line comes from. When less is wanted than allocated, units come
 * off the location allocated last: inventory frees them in the same order.
 */
export function sharesOf(line: OrderLine, allocation: OrderAllocation | undefined): LineShare[] {
  const shares: LineShare[] = [];
  let open = remainingOf(line);
  for (const part of allocatedParts(line.lineId, allocation)) {
    const quantity = Math.min(open, part.quantity);
    if (quantity === 0) continue;
    open -= quantity;
    shares.push({
      locationId: part.locationId,
      quantity,
      components: scaled(part.components, quantity, part.quantity),
    });
  }
  return shares;
}

/** The order in which locations serve a line; one that serves it no longer comes last. */
export function servingRank(
  lineId: string,
  locationId: string,
  allocation: OrderAllocation | undefined,
): number {
  const parts = allocatedParts(lineId, allocation);
  const index = parts.findIndex((part) => part.locationId === locationId);
  return index < 0 ? parts.length : index;
}

/** Units of a part of a quantity. A quantity is whole packs or kits, so this divides evenly. */
export function scaled(components: readonly SkuUnits[], quantity: number, of: number): SkuUnits[] {
  return components.map(({ sku, units }) => ({ sku, units: (units / of) * quantity }));
}

function allocatedParts(lineId: string, allocation: OrderAllocation | undefined): LineAllocation[] {
  const byLocation = new Map<string, LineAllocation>();
  for (const part of allocation?.allocations ?? []) {
    if (part.lineId !== lineId) continue;
    const held = byLocation.get(part.locationId);
    byLocation.set(part.locationId, held === undefined ? part : joined(held, part));
  }
  return [...byLocation.values()];
}

/** An edit may have added a second part of the same line at the same location. */
function joined(a: LineAllocation, b: LineAllocation): LineAllocation {
  const units = new Map<string, number>();
  for (const { sku, units: more } of [...a.components, ...b.components]) {
    units.set(sku, (units.get(sku) ?? 0) + more);
  }
  return {
    ...a,
    quantity: a.quantity + b.quantity,
    components: [...units].map(([sku, sum]) => ({ sku, units: sum })),
  };
}
