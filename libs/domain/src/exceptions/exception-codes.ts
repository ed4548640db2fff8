/** Who acts on an exception. */
export type ExceptionTeam = 'operations' | 'finance' | 'customer-service' | 'platform';

/** What an exception of one code means for people, wherever it is raised. */
export interface ExceptionRule {
  readonly severity: 'info' | 'warning' | 'error';
  readonly team: ExceptionTeam;
  /** The next action, for somebody who has never seen this code. */
  readonly action: string;
}

/** Every condition that somebody owns. A code is never renamed; its words may get better. */
export const EXCEPTIONS = {
  'order-short': {
    severity: 'warning',
    team: 'operations',
    action:
      'Find the missing units, move them from another store, or edit the order on the platform and tell the buyer.',
  },
  'cart-id-twice': {
    severity: 'error',
    team: 'customer-service',
    action:
      'Two live orders carry one cart id: ask the buyer which one is meant and delete or cancel the other.',
  },
  'sku-unknown': {
    severity: 'error',
    team: 'operations',
    action:
      'Create the SKU in the POS at a location that feeds this channel, or correct the SKU on the platform.',
  },
  'location-unmapped': {
    severity: 'error',
    team: 'platform',
    action:
      'Add the location that feeds this channel to the configuration: it is taken over at once.',
  },
  'tender-unmapped': {
    severity: 'error',
    team: 'finance',
    action: 'Add the payment method to the tender map in the configuration, with its POS tender.',
  },
  'price-negative': {
    severity: 'error',
    team: 'customer-service',
    action: 'Correct the line price or the discount on the platform; the order is then released.',
  },
  'total-mismatch': {
    severity: 'error',
    team: 'finance',
    action:
      'The lines and charges do not add up to the order total: compare the order on the platform with its record here.',
  },
  'currency-mismatch': {
    severity: 'error',
    team: 'finance',
    action:
      'Enter the order in the POS by hand at the agreed rate, or have the buyer place it in the currency of the POS.',
  },
  'customer-unlinked': {
    severity: 'warning',
    team: 'customer-service',
    action: 'Put the platform customer id into the reference field of the customer in the POS.',
  },
  'customer-linked-twice': {
    severity: 'warning',
    team: 'customer-service',
    action: 'Two POS customers carry one reference: review them and merge or correct one.',
  },
  'pos-refused': {
    severity: 'error',
    team: 'operations',
    action:
      'Read the reason, correct the item or the location in the POS, then post the order again.',
  },
  'reversal-refused': {
    severity: 'error',
    team: 'finance',
    action: 'Cancel, refund and restock by hand in the POS what the cause names.',
  },
  'return-refused': {
    severity: 'error',
    team: 'finance',
    action: 'Refund the tender and restock what was returned in the POS by hand.',
  },
  'return-exceeds-dispatched': {
    severity: 'warning',
    team: 'customer-service',
    action:
      'Goods were refunded as returned which no store has sent: correct the refund on the platform, or have the store dispatch the order in the POS.',
  },
  'refund-exceeds-charged': {
    severity: 'error',
    team: 'finance',
    action:
      'More was refunded on the platform than the POS was told of: correct the refund, or book the difference by hand.',
  },
  'edited-after-posting': {
    severity: 'warning',
    team: 'operations',
    action:
      'Correct the PO number or the tender of the POS order by hand: its goods had left when they changed.',
  },
  'cancelled-after-dispatch': {
    severity: 'warning',
    team: 'customer-service',
    action: 'The goods had left when they were cancelled: agree a return with the buyer.',
  },
  'dispatch-refused': {
    severity: 'error',
    team: 'customer-service',
    action: 'Mark the goods as fulfilled on the platform by hand; the POS has dispatched them.',
  },
  'dispatch-cancel-refused': {
    severity: 'error',
    team: 'customer-service',
    action:
      'A dispatch was called off: cancel its fulfilment on the platform by hand, and tell the buyer.',
  },
  'tracking-refused': {
    severity: 'warning',
    team: 'customer-service',
    action: 'Enter the new tracking number of the dispatch on the platform by hand.',
  },
  'pos-dispatch-refused': {
    severity: 'warning',
    team: 'operations',
    action: 'All goods have left: mark the order as completed in the POS by hand.',
  },
  'dispatch-not-taken': {
    severity: 'error',
    team: 'operations',
    action:
      'A dispatch was told of which we know no such goods: correct the order, location or units and send it again under the same id, or cancel it.',
  },
  'fulfilment-stopped': {
    severity: 'warning',
    team: 'operations',
    action:
      'The store stopped the fulfilment in the POS but the order is still open on the platform: dispatch or cancel it.',
  },
  'draft-refused': {
    severity: 'warning',
    team: 'customer-service',
    action: 'Read the reason, then complete the draft on the platform by hand, or delete it.',
  },
  'draft-open-too-long': {
    severity: 'warning',
    team: 'customer-service',
    action: 'Complete the draft on the platform or delete it; its stock is promised meanwhile.',
  },
  'undispatched-too-long': {
    severity: 'warning',
    team: 'operations',
    action: 'Dispatch the order in the POS, or tell the buyer when it will leave.',
  },
  'result-unasked': {
    severity: 'warning',
    team: 'platform',
    action:
      'Compare the order in the POS and on the platform with its record here: something else writes under our references, or a result is older than our record.',
  },
  'order-came-back': {
    severity: 'warning',
    team: 'customer-service',
    action:
      'It had been deleted or cancelled and is open again: ask who reopened it, and delete or cancel it when nobody did.',
  },
  'unaccepted-too-long': {
    severity: 'error',
    team: 'platform',
    action:
      'Inventory or payments has not answered for this order: npm run operator -- orders trace ORDER says which; look at that service and its dead letters.',
  },
  'unposted-too-long': {
    severity: 'error',
    team: 'platform',
    action:
      'The POS has not got this order: npm run operator -- orders trace ORDER says what it waits for; look at the connection to the POS and its exceptions.',
  },
  'unreported-too-long': {
    severity: 'warning',
    team: 'customer-service',
    action:
      'The goods have left and the platform has not confirmed it: look at the connection to the platform, or mark the goods as fulfilled there by hand.',
  },
  'unclosed-too-long': {
    severity: 'warning',
    team: 'finance',
    action:
      'The order cannot be invoiced before it is closed: have it dispatched, or the rest of it cancelled on the platform.',
  },
  'orphan-pos-order': {
    severity: 'error',
    team: 'operations',
    action:
      'Nobody asked for this order in the POS: compare it with the order that it names (npm run operator -- orders trace), and cancel the one that is too many.',
  },
  'orphan-posting': {
    severity: 'error',
    team: 'operations',
    action:
      'The POS does not have this order any more: find out who removed it, and place it again by hand or cancel it on the platform.',
  },
  'orphan-platform-order': {
    severity: 'error',
    team: 'platform',
    action:
      'The hub never heard of this order: look at the connection to the platform and its webhooks; an order that is touched there is read again.',
  },
  'left-after-void': {
    severity: 'error',
    team: 'operations',
    action:
      'Goods left for a POS order that had been voided: look which goods went out, and book them on the order that stands for it now.',
  },
  'restock-pending': {
    severity: 'warning',
    team: 'operations',
    action: 'More units were taken out than are owed: put the rest back on the shelf in the POS.',
  },
  'deducted-twice-by-master': {
    severity: 'error',
    team: 'operations',
    action: 'The count already missed these units: book the proposed correction in the POS.',
  },
  'put-back-twice-by-master': {
    severity: 'error',
    team: 'operations',
    action:
      'The count had found these units before they were put back: book the proposed correction in the POS.',
  },
  'adjustment-refused': {
    severity: 'error',
    team: 'operations',
    action: 'Take the retail goods out of the stock master by hand; it refused to.',
  },
  'channel-refused-stock': {
    severity: 'error',
    team: 'platform',
    action: 'Read the reason; check that the SKU is tracked and stocked at that channel location.',
  },
  'sku-unmatched': {
    severity: 'warning',
    team: 'operations',
    action:
      'Only one system knows this SKU: create it in the other, or make the two SKUs the same. Goods sold in one system alone need no stock tracking there.',
  },
  'location-mapping-wrong': {
    severity: 'error',
    team: 'platform',
    action:
      'Compare the location ids in the configuration with those of this system: figures of one place are shown at another, or at none.',
  },
  'pack-factor-wrong': {
    severity: 'error',
    team: 'operations',
    action:
      'One side counts packs and the other units: correct the pack size in the configuration, or the figure where it was entered.',
  },
  'stock-written-elsewhere': {
    severity: 'warning',
    team: 'platform',
    action:
      'The figure was set back. Find the app or the person that sets stock at this channel and stop it there.',
  },
  'stock-unexplained': {
    severity: 'error',
    team: 'operations',
    action:
      'Nothing explains this figure: npm run operator -- stock verify SKU shows how it came about; count the shelf when in doubt.',
  },
  'connection-failing': {
    severity: 'error',
    team: 'platform',
    action: 'Check the vendor status page and the credentials of this connection.',
  },
  'configuration-invalid': {
    severity: 'error',
    team: 'platform',
    action:
      'Put the mistakes right that are named; the configuration from before is in force meanwhile.',
  },
  'message-dead-lettered': {
    severity: 'error',
    team: 'platform',
    action:
      'Correct the cause, then replay it: npm run operator -- dead-letters (show, replay, discard).',
  },
  'stream-recreated': {
    severity: 'error',
    team: 'platform',
    action:
      'Publish again what the stream lost: npm run rebuild -- --since TIME, with a time well before the loss. What was handled already is absorbed.',
  },
} as const satisfies Record<string, ExceptionRule>;

/** A code of the list above: what an operator looks up. */
export type ExceptionCode = keyof typeof EXCEPTIONS;
