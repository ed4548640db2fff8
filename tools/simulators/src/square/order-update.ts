import type { WantedLine } from './order-book.js';
import { invalid, notSimulated } from './square-error.js';
import { FINAL_FULFILMENT_STATES } from './square-order.js';
import type { Fulfilment, FulfilmentState, OrderLine, SquareOrder } from './square-order.js';

export interface OrderUpdate {
  readonly order: Omit<Partial<SquareOrder>, 'line_items' | 'fulfillments'> & {
    line_items?: (Partial<OrderLine> & { uid?: string })[];
    fulfillments?: Partial<Fulfilment>[];
  };
  readonly fields_to_clear?: readonly string[];
}

export interface FulfilmentChange {
  readonly fulfillment_uid: string;
  readonly old_state: FulfilmentState;
  readonly new_state: FulfilmentState;
}

interface Making {
  toLine(line: WantedLine, index: number): OrderLine;
  now(): string;
  readonly isPaid: boolean;
}

const PLAIN_FIELDS = ['reference_id', 'customer_id', 'ticket_name', 'source'] as const;
const CLEARABLE = ['reference_id', 'customer_id', 'ticket_name', 'metadata', 'discounts'] as const;
/** The field that tells when a fulfilment came into a state. */
const STAMPS: Record<'shipment' | 'pickup', Partial<Record<FulfilmentState, string>>> = {
  shipment: {
    RESERVED: 'in_progress_at',
    PREPARED: 'packaged_at',
    COMPLETED: 'shipped_at',
    CANCELED: 'canceled_at',
    FAILED: 'failed_at',
  },
  pickup: {
    RESERVED: 'accepted_at',
    PREPARED: 'ready_at',
    COMPLETED: 'picked_up_at',
    CANCELED: 'canceled_at',
  },
};

/** Changes what the update names and nothing else. Returns how fulfilments moved. */
export function applyOrderUpdate(
  order: SquareOrder,
  update: OrderUpdate,
  making: Making,
): FulfilmentChange[] {
  const wanted = update.order;
  clearFields(order, update.fields_to_clear ?? []);
  for (const field of PLAIN_FIELDS) {
    if (wanted[field] !== undefined) Object.assign(order, { [field]: wanted[field] });
  }
  if (wanted.metadata !== undefined) order.metadata = { ...order.metadata, ...wanted.metadata };
  if (wanted.discounts !== undefined) {
    assertUnpaid(order, 'order.discounts');
    throw notSimulated('Changing discounts', 'order.discounts');
  }
  for (const line of wanted.line_items ?? []) mergeLine(order, line, making);
  const changes = (wanted.fulfillments ?? []).flatMap((fulfilment) =>
    mergeFulfilment(order, fulfilment, making),
  );
  if (wanted.state !== undefined) changeState(order, wanted.state, making.isPaid);
  return changes;
}

function clearFields(order: SquareOrder, fields: readonly string[]): void {
  for (const path of fields) {
    const lineUid = /^line_items\[(.+)\]$/.exec(path)?.[1];
    if (lineUid !== undefined) {
      assertUnpaid(order, 'order.line_items');
      order.line_items = (order.line_items ?? []).filter(({ uid }) => uid !== lineUid);
    } else if ((CLEARABLE as readonly string[]).includes(path)) {
      if (path === 'discounts') assertUnpaid(order, 'order.discounts');
      delete order[path as (typeof CLEARABLE)[number]];
    } else {
      throw notSimulated(`Clearing \`${path}\``, 'fields_to_clear');
    }
  }
}

function mergeLine(order: SquareOrder, wanted: Partial<OrderLine>, making: Making): void {
  assertUnpaid(order, 'order.line_items');
  const lines = (order.line_items ??= []);
  const index = lines.findIndex(({ uid }) => uid === wanted.uid);
  const held = lines[index];
  if (held !== undefined) {
    lines[index] = making.toLine({ ...held, ...wanted }, index);
  } else if (wanted.quantity !== undefined) {
    lines.push(making.toLine({ ...wanted, quantity: wanted.quantity }, lines.length));
  } else {
    const detail = 'A new line needs a quantity.';
    throw invalid('MISSING_REQUIRED_PARAMETER', detail, 'order.line_items.quantity');
  }
}

function mergeFulfilment(
  order: SquareOrder,
  wanted: Partial<Fulfilment>,
  making: Making,
): FulfilmentChange[] {
  const held = order.fulfillments?.find(({ uid }) => uid === wanted.uid);
  if (held === undefined) {
    const detail = 'Only a fulfilment of the order can be changed, by its uid.';
    throw invalid('INVALID_VALUE', detail, 'order.fulfillments.uid');
  }
  if (wanted.type !== undefined && wanted.type !== held.type) {
    throw invalid('INVALID_VALUE', 'The type cannot change.', 'order.fulfillments.type');
  }
  if (wanted.metadata !== undefined) held.metadata = { ...held.metadata, ...wanted.metadata };
  const state = wanted.state ?? held.state;
  const details = wanted.shipment_details ?? wanted.pickup_details ?? {};
  return moveFulfilment(held, state, details, making.now());
}

/** Brings a fulfilment into a state, with what is known about it. */
export function moveFulfilment(
  held: Fulfilment,
  newState: FulfilmentState,
  details: Record<string, unknown>,
  at: string,
): FulfilmentChange[] {
  const oldState = held.state;
  if (newState !== oldState && FINAL_FULFILMENT_STATES.includes(oldState)) {
    const detail = `A fulfilment in state ${oldState} stays so.`;
    throw invalid('BAD_REQUEST', detail, 'order.fulfillments.state');
  }
  held.state = newState;
  const kind = held.type === 'PICKUP' ? 'pickup' : 'shipment';
  const stamp = STAMPS[kind][newState];
  const stamped = newState !== oldState && stamp !== undefined ? { [stamp]: at } : {};
  const field = `${kind}_details` as const;
  held[field] = { ...held[field], ...details, ...stamped };
  if (newState === oldState) return [];
  return [{ fulfillment_uid: held.uid, old_state: oldState, new_state: newState }];
}

/** An order is complete when it is paid and nothing is left to fulfil; a paid one is not cancelled. */
function changeState(order: SquareOrder, wanted: SquareOrder['state'], isPaid: boolean): void {
  if (wanted === order.state) return;
  const fulfilments = order.fulfillments ?? [];
  if (!fulfilments.every(({ state }) => FINAL_FULFILMENT_STATES.includes(state))) {
    const detail = 'The order still has something to fulfil.';
    throw invalid('BAD_REQUEST', detail, 'order.state');
  }
  if (wanted === 'COMPLETED' && !isPaid) {
    throw invalid('BAD_REQUEST', 'The order is not paid.', 'order.state');
  }
  if (wanted === 'CANCELED' && isPaid) {
    throw invalid('BAD_REQUEST', 'A paid order is refunded, not cancelled.', 'order.state');
  }
  order.state = wanted;
}

function assertUnpaid(order: SquareOrder, field: string): void {
  if ((order.tenders ?? []).length === 0) return;
  throw invalid('BAD_REQUEST', 'The order has a final tender.', field);
}
