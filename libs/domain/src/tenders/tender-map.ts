/** What a payment method becomes on the POS. */
export interface TenderName {
  readonly name: string;
  readonly kind: string;
}

/** One row of the tender map of the configuration. */
export interface TenderMapping extends TenderName {
  readonly paymentMethod: string;
}

/** The tender for a payment method, or undefined when the map has none: the order is then held. */
export function tenderFor(
  mappings: readonly TenderMapping[],
  paymentMethod: string,
): TenderName | undefined {
  const found = mappings.find((mapping) => mapping.paymentMethod === paymentMethod);
  return found && { name: found.name, kind: found.kind };
}
