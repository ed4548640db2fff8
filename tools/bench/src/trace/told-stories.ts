import {
  decideOrder,
  emptyOrder,
  newIdentifiers,
  toOrderEvent,
  type ObservedOrderState,
  type OrderEvent,
  type OrderFact,
  type OrderPolicy,
  type OrderRecord,
} from '@tillbridge/domain';
import { SHOP } from '../bench-configuration.js';

/** Stands for the number of the order, six digits, wherever it is in a text. */
export const NUMBER = '@n@';
/** Stands for the number of the customer. */
export const CUSTOMER = '@c@';

/** A life as the service would have written it; its texts hold NUMBER and CUSTOMER. */
export interface ToldStory {
  readonly name: string;
  /** Of twenty orders in turn, those that lived so. */
  readonly turns: readonly number[];
  readonly record: OrderRecord;
  readonly identifiers: readonly { readonly kind: string; readonly value: string }[];
  readonly events: readonly { readonly afterS: number; readonly content: OrderEvent }[];
}

export const orderIdOf = (number: string): string => `00000000-0000-4000-8000-000000${number}`;
export const postingIdOf = (number: string): string => `00000000-0000-4000-9000-000000${number}`;
const dispatchId = `00000000-0000-4000-a000-000000${NUMBER}`;

const LINES = 8;
const LINE_MINOR = 2_400;
const POS = 'till';
const STORE = 'store';

/** What becomes of trade orders: most are sent and closed, some are under way, held, short or gone. */
export function toldStories(): ToldStory[] {
  const sent = [...POSTED, shipped('prepared', 2), shipped('completed', 3), REPORTED];
  return [
    { name: 'closed', turns: span(0, 11), facts: sent },
    { name: 'posted', turns: span(12, 15), facts: POSTED },
    { name: 'short', turns: span(16, 17), facts: [DRAFT, PURCHASE, allocated(3), TENDER] },
    { name: 'held', turns: [18], facts: [{ ...DRAFT, observed: anOrder({ totalMinor: 1 }) }] },
    { name: 'cancelled', turns: [19], facts: [...POSTED, CANCELLED] },
  ].map(({ facts, ...rest }) => ({ ...rest, ...livedThrough(facts as OrderFact[]) }));
}

/** Runs the facts through the rules, one every ten minutes. */
function livedThrough(
  facts: readonly OrderFact[],
): Pick<ToldStory, 'record' | 'events' | 'identifiers'> {
  const nothing = emptyOrder(orderIdOf(NUMBER));
  let record = nothing;
  const events = facts.flatMap((fact, index) => {
    const held = record;
    const decision = decideOrder(held, [fact], POLICY);
    record = decision.record;
    const messageId = `${String(index).padStart(8, '0')}-0000-5000-8000-000000${NUMBER}`;
    const saidAt = new Date(index * 600_000).toISOString();
    const source = { messageId, system: SHOP.connection, saidAt };
    const content = toOrderEvent(held, [{ fact, source }], decision);
    return content === undefined ? [] : [{ afterS: index * 600, content }];
  });
  return { record, events, identifiers: newIdentifiers(nothing, record) };
}

const POLICY: OrderPolicy = {
  ordersFrom: new Date(0).toISOString(),
  completeDrafts: 'staff',
  locations: [{ id: STORE, posConnectionId: POS, linesPerOrder: 500 }],
  currency: 'GBP',
  kitSkus: new Set(),
  shortStock: 'post-backorder',
  returnedGoods: 'hub-adjusts',
  agreed: { draftOpenMinutes: 2_880, undispatchedMinutes: 2_880 },
  deriveId: (name) => (name.includes('dispatch') ? dispatchId : postingIdOf(NUMBER)),
};

function anOrder(order: Partial<ObservedOrderState> = {}): ObservedOrderState {
  const lines = Array.from({ length: LINES }, (_, line) => ({
    lineId: `gid://shopify/LineItem/${line}${NUMBER}`,
    sku: `SKU-${line}`,
    title: `A thing of kind ${line}`,
    orderedQuantity: 12,
    cancelledQuantity: 0,
    fulfilledQuantity: 0,
    totalMinor: LINE_MINOR,
  }));
  return {
    connectionId: SHOP.connection,
    stage: 'draft',
    vendorId: `gid://shopify/DraftOrder/6${NUMBER}`,
    revision: 1,
    status: 'open',
    name: `#D${NUMBER}`,
    placedAt: '2026-01-01T00:00:00.000Z',
    trade: true,
    cartId: `cart-${NUMBER}`,
    customerId: `gid://shopify/Customer/${CUSTOMER}`,
    paymentMethod: 'on-account',
    poNumber: `PO-${NUMBER}`,
    currency: 'GBP',
    totalMinor: LINES * LINE_MINOR,
    lines,
    charges: [],
    ...order,
  };
}

const DRAFT = { kind: 'observed', observed: anOrder() } as const;
const PURCHASE: OrderFact = {
  kind: 'purchase',
  purchase: { revision: 1, poNumber: `PO-${NUMBER}` },
};
const TENDER: OrderFact = {
  kind: 'tender-decided',
  tender: {
    revision: 1,
    outcome: 'decided',
    tender: { name: 'On Account', kind: 'STORED_BALANCE' },
  },
};
const AS_ORDER = {
  stage: 'order',
  vendorId: `gid://shopify/Order/5${NUMBER}`,
  name: `#${NUMBER}`,
} as const;
const POSTED: readonly OrderFact[] = [
  DRAFT,
  PURCHASE,
  allocated(0),
  TENDER,
  { kind: 'observed', observed: anOrder({ revision: 2, status: 'completed' }) },
  { kind: 'observed', observed: anOrder(AS_ORDER) },
  { kind: 'posted', postingId: postingIdOf(NUMBER), posOrderId: `POS${NUMBER}` },
  shipped('proposed', 1),
];
const CANCELLED: OrderFact = {
  kind: 'observed',
  observed: anOrder({ ...AS_ORDER, revision: 2, status: 'cancelled' }),
};
const REPORTED: OrderFact = {
  kind: 'fulfilment-created',
  dispatchId,
  fulfilmentId: `gid://shopify/Fulfillment/7${NUMBER}`,
};

function shipped(state: 'proposed' | 'prepared' | 'completed', revision: number): OrderFact {
  return {
    kind: 'pos-fulfilment',
    postingId: postingIdOf(NUMBER),
    fulfilment: { state, revision, trackingNumber: `T${NUMBER}` },
  };
}

function allocated(shortUnits: number): OrderFact {
  const allocations = anOrder().lines.map(({ lineId, orderedQuantity: quantity, sku }) => ({
    lineId,
    locationId: STORE,
    quantity,
    components: [{ sku: sku ?? '', units: quantity }],
  }));
  return {
    kind: 'allocated',
    allocation: { revision: 1, allocations, unallocated: [], shortUnits },
  };
}

function span(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
