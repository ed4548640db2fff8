import type { OrderRecord } from './order-record.js';

/** What a text that names an order is, wherever people read it. */
export type IdentifierKind =
  | 'name'
  | 'po-number'
  | 'cart'
  | 'draft'
  | 'platform-order'
  | 'customer'
  | 'posting'
  | 'pos-order'
  | 'reversal'
  | 'dispatch'
  | 'fulfilment';

/** A text that leads to an order, as it is looked up. */
export interface OrderIdentifier {
  readonly kind: IdentifierKind;
  readonly value: string;
}

/** Every text by which anybody may ask for the order (R11). Grows with the record, never shrinks. */
export function identifiersOf({ facts, acts }: OrderRecord): OrderIdentifier[] {
  const { draft, order, purchase } = facts;
  const seen = [draft, order].filter((one) => one !== undefined);
  const found: [IdentifierKind, string | undefined][] = [
    ...seen.flatMap((one): [IdentifierKind, string | undefined][] => [
      ['name', one.name],
      ['po-number', one.poNumber],
      ['cart', one.cartId],
      [one.stage === 'draft' ? 'draft' : 'platform-order', one.vendorId],
      ['customer', one.customerId],
    ]),
    ['po-number', purchase?.poNumber],
    ...acts.postings.map(({ postingId }): [IdentifierKind, string] => ['posting', postingId]),
    ...acts.reversals.map(({ reversalId }): [IdentifierKind, string] => ['reversal', reversalId]),
    ...acts.dispatches.map(({ dispatchId }): [IdentifierKind, string] => ['dispatch', dispatchId]),
    ...valuesOf(facts.posted).map(({ posOrderId }): [IdentifierKind, string] => [
      'pos-order',
      posOrderId,
    ]),
    ...valuesOf(facts.reported).map(({ fulfilmentId }): [IdentifierKind, string] => [
      'fulfilment',
      fulfilmentId,
    ]),
  ];
  return single(found.flatMap(([kind, text]) => lookupsOf(text).map((value) => ({ kind, value }))));
}

/** Those that a record gained. */
export function newIdentifiers(held: OrderRecord, record: OrderRecord): OrderIdentifier[] {
  const known = new Set(identifiersOf(held).map(keyOf));
  return identifiersOf(record).filter((identifier) => !known.has(keyOf(identifier)));
}

/**
 * A text as it is kept and asked for: without case, outer spaces and the '#' of a visible number, so
 * that `#1042`, `1042` and ` #1042 ` are one.
 */
export function lookupValue(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/\s+/g, ' ')
    .replace(/^[# ]+/, '')
    .trimEnd();
}

/** A vendor id that is a path is found by its last part as well: that is what its pages show. */
function lookupsOf(text: string | undefined): string[] {
  const whole = lookupValue(text ?? '');
  const last = whole.includes('://') ? (whole.split('/').at(-1) ?? '') : '';
  return [whole, last].filter((value) => value !== '');
}

function valuesOf<T>(byId: Readonly<Record<string, T>>): T[] {
  return Object.values(byId);
}

function keyOf({ kind, value }: OrderIdentifier): string {
  return `${kind} ${value}`;
}

function single(identifiers: readonly OrderIdentifier[]): OrderIdentifier[] {
  return [...new Map(identifiers.map((one) => [keyOf(one), one])).values()];
}
