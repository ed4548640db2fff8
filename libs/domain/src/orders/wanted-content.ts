import type { ObservedOrderState, OrderFacts, OrderTender } from './order-facts.js';
import type { OrderPolicy, OrderRecord, PostingAct } from './order-record.js';

/** What a posting says beside its goods and money. */
export type PostingWords = Pick<PostingAct, 'poNumber' | 'tender'>;

/** The PO number and the tender that a posting has to carry now. */
export function wantedWords(record: OrderRecord): PostingWords {
  const poNumber = poNumberOf(record.facts);
  const tender = wantedTender(record)?.tender;
  return {
    ...(poNumber === undefined ? {} : { poNumber }),
    ...(tender === undefined ? {} : { tender: { name: tender.name, kind: tender.kind } }),
  };
}

/**
 * The decision about the present payment method; one about another method does not count. When the
 * method has come back to what it was, the decision of then holds: payments has seen no change.
 */
export function wantedTender({ facts, methods }: OrderRecord): OrderTender | undefined {
  const { tender } = facts;
  if (tender === undefined) return undefined;
  const asked = methods.filter(({ since }) => since <= tender.revision).at(-1);
  return asked?.method === methods.at(-1)?.method ? tender : undefined;
}

/** The platform's PO number, else what the trade shop says. */
function poNumberOf({ order, draft, purchase }: OrderFacts): string | undefined {
  return order?.poNumber ?? draft?.poNumber ?? purchase?.poNumber;
}

/**
 * One text for all that an edit can change of what the POS is told. A posting that was made from
 * the same is right, however its goods came to be divided.
 */
export function basisOf(
  order: ObservedOrderState,
  cancelled: boolean,
  words: PostingWords,
  policy: Pick<OrderPolicy, 'deriveId'>,
): string {
  const lines = order.lines.map((line) => [
    line.lineId,
    line.sku ?? null,
    line.orderedQuantity - line.cancelledQuantity,
    line.totalMinor,
  ]);
  const charges = order.charges.map(({ kind, title, amountMinor }) => [kind, title, amountMinor]);
  const { currency, totalMinor } = order;
  const content = [cancelled, currency, totalMinor, lines, charges, words];
  return policy.deriveId(`basis ${JSON.stringify(content)}`);
}

export function sameWords(a: PostingWords, b: PostingWords): boolean {
  return (
    a.poNumber === b.poNumber &&
    a.tender?.name === b.tender?.name &&
    a.tender?.kind === b.tender?.kind
  );
}
