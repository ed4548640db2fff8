import type { AnyConnection, Configuration } from './configuration.js';

/**
 * Lines of one order, by the vendor of the POS; null for what is no POS. Square's API description
 * names no most; 500 is assumed, in this one place.
 */
const LINES_PER_ORDER: Readonly<Record<AnyConnection['vendor'], number | null>> = {
  sparklayer: null,
  shopify: null,
  square: 500,
};

/** How many lines an order of this POS connection holds. Above it an order is posted in parts. */
export function linesPerPosOrder(configuration: Configuration, connectionId: string): number {
  const found = configuration.connections.find(({ id }) => id === connectionId);
  return (found === undefined ? null : LINES_PER_ORDER[found.vendor]) ?? Infinity;
}
