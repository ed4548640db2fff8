import type { HubMessage, WarehouseMessage } from '../order-message.js';
import type { TillOrder } from './till.js';
import type { TradeWorld } from './trade-world.js';

/** What an act of people changed, and what they told the hub by themselves. */
export interface Changed {
  readonly tillOrders?: readonly TillOrder[];
  readonly messages?: readonly HubMessage[];
}

/** What staff do in the stores and in the office. */
export const STORE_ACTS: readonly {
  readonly weight: number;
  readonly act: (world: TradeWorld) => Changed;
}[] = [
  { weight: 14, act: work },
  { weight: 10, act: shipPart },
  { weight: 5, act: correctShipment },
  { weight: 3.5, act: callShipmentOff },
  { weight: 4, act: makeRefused },
  { weight: 2, act: decideShort },
  { weight: 1.2, act: stop },
  { weight: 0.6, act: restock },
  { weight: 0.7, act: mapTender },
  { weight: 0.4, act: goDown },
];

const NEXT = { proposed: 'reserved', reserved: 'prepared', prepared: undefined } as const;

/** Staff take an order one step on, or hand it over at once. */
function work(world: TradeWorld): Changed {
  const { course, dice, till } = world;
  const open = [...till.orders.values()].filter((order) => order.open && !order.voided);
  if (open.length === 0) return {};
  const order = dice.pick(open);
  const others = till.of(order.orderId).filter((other) => other.live && other !== order);
  if (dice.chance(0.5)) {
    order.handOver();
    course.note('dispatched');
    if (others.some((other) => other.open)) course.note('dispatched-in-part');
  } else {
    const next = NEXT[order.shipment as keyof typeof NEXT];
    if (next === undefined) order.handOver();
    else order.move(next);
    course.note(next === undefined ? 'dispatched' : 'fulfilment-begun');
  }
  return { tillOrders: [order] };
}

/** The warehouse sends a part of an order, and says so. */
function shipPart(world: TradeWorld): Changed {
  const { course, dice, till } = world;
  const open = [...till.orders.values()].filter((order) => order.open && !order.voided);
  if (open.length === 0) return {};
  const order = dice.pick(open);
  const units = [...order.units].flatMap(([sku, all]) => {
    const most = all - (order.left.get(sku) ?? 0);
    const some = dice.chance(0.5) ? most : dice.between(0, Math.max(0, most));
    return some > 0 ? [{ sku, units: some }] : [];
  });
  if (units.length === 0) return {};
  course.note('shipped-in-part');
  const dispatchId = course.newId('ship');
  const dispatch = { ...shipmentOf(world, order), dispatchId, revision: 1, units };
  return { messages: [warehouseMessage(world, order, { kind: 'sent', dispatch })] };
}

/** What was told of a shipment is corrected: it was more or less, or has another number. */
function correctShipment(world: TradeWorld): Changed {
  const { course, dice } = world;
  const sent = shipmentsInDoubt(world);
  if (sent.length === 0) return {};
  const { order, dispatchId, units: told } = dice.pick(sent);
  const units = [...told].flatMap(([sku, all]) => {
    const some = dice.chance(0.4) ? all : dice.between(0, all + 2);
    return some > 0 ? [{ sku, units: some }] : [];
  });
  if (units.length === 0) return {};
  course.note('shipment-corrected');
  doubt(world, order);
  const dispatch = { ...shipmentOf(world, order), dispatchId, revision: course.nowMs, units };
  return { messages: [warehouseMessage(world, order, { kind: 'sent', dispatch })] };
}

function callShipmentOff(world: TradeWorld): Changed {
  const sent = shipmentsInDoubt(world);
  if (sent.length === 0) return {};
  const { order, dispatchId } = world.dice.pick(sent);
  world.course.note('shipment-called-off');
  doubt(world, order);
  const cancelled = { dispatchId, by: 'warehouse', reason: 'the van came back' };
  return { messages: [warehouseMessage(world, order, { kind: 'called-off', cancelled })] };
}

/** Shipments that may turn out otherwise: of what came back everybody knows that it had left. */
function shipmentsInDoubt({ orders, till }: TradeWorld) {
  const certain = (orderId: string) =>
    orders.some((order) => order.orderId === orderId && order.order?.hasReturns);
  return [...till.orders.values()].flatMap((order) =>
    certain(order.orderId)
      ? []
      : [...order.sent].map(([dispatchId, units]) => ({ order, dispatchId, units })),
  );
}

function doubt({ orders }: TradeWorld, { orderId }: TillOrder): void {
  for (const order of orders) if (order.orderId === orderId) order.shipmentsDoubted = true;
}

function shipmentOf({ course, dice }: TradeWorld, { post }: TillOrder) {
  return {
    postingId: post.postingId,
    locationId: post.locationId,
    ...(dice.chance(0.7) ? { carrier: 'Van', trackingNumber: course.newId('T') } : {}),
    dispatchedAt: new Date(course.nowMs).toISOString(),
    by: 'warehouse',
  };
}

function warehouseMessage(
  { course }: TradeWorld,
  { orderId }: TillOrder,
  said: WarehouseMessage['said'],
): WarehouseMessage {
  return { id: course.newId('m'), kind: 'warehouse', orderId, said };
}

function stop({ course, dice, till }: TradeWorld): Changed {
  const open = [...till.orders.values()].filter((order) => order.open);
  if (open.length === 0 || dice.chance(0.1)) return {};
  const order = dice.pick(open);
  order.move(dice.pick(['cancelled', 'failed'] as const));
  course.note('fulfilment-stopped');
  return { tillOrders: [order] };
}

/** Goods come in; a SKU that nobody had counted is counted with them. */
function restock({ course, dice, merchant, stockroom }: TradeWorld): Changed {
  course.note('restocked');
  const [uncounted] = merchant.uncounted;
  merchant.uncounted.clear();
  const sku = uncounted ?? dice.pick(['MUG', 'PLATE', 'TEA-CASE', 'CLIP-BOX', 'DESK-KIT']);
  for (const part of merchant.partsOf(sku)) {
    stockroom.receive(dice.pick(merchant.locationIds), part.sku, part.units * 20);
  }
  return { messages: stockroom.review() };
}

/** Staff put right what the POS would not take, and have it made all the same. */
function makeRefused({ course, dice, till }: TradeWorld): Changed {
  const refused = [...till.refused].filter(([postingId]) => !till.orders.has(postingId));
  if (refused.length === 0) return {};
  const [postingId, { orderId, post }] = dice.pick(refused);
  course.note('refused-made-again');
  const order = till.create(orderId, post);
  order.paid = true;
  const fact = { kind: 'posted', postingId, posOrderId: `pos of ${postingId}` } as const;
  return {
    tillOrders: [order],
    messages: [{ id: course.newId('m'), kind: fact.kind, orderId, fact }],
  };
}

/** Operations decide what becomes of one short order. */
function decideShort({ course, dice, orders, stockroom }: TradeWorld): Changed {
  const short = orders.filter(({ orderId }) => stockroom.isShort(orderId));
  if (short.length === 0) return {};
  course.note('short-decided');
  const { orderId } = dice.pick(short);
  const choice = dice.pick(['hold', 'post-available', 'post-backorder'] as const);
  const at = new Date(course.nowMs).toISOString();
  const decision = { choice, by: 'operations', reason: 'the buyer said so', at };
  const fact = { kind: 'short-decided', decision } as const;
  return { messages: [{ id: course.newId('m'), kind: fact.kind, orderId, fact }] };
}

function mapTender({ course, merchant, office }: TradeWorld): Changed {
  if (merchant.unmapped.size === 0) return {};
  merchant.unmapped.clear();
  const messages = office.review();
  if (messages.length > 0) course.note('tender-mapped-later');
  return { messages };
}

/** The POS answers nothing for a while. */
function goDown({ course, dice, till }: TradeWorld): Changed {
  course.note('pos-down');
  till.downUntilMs = course.nowMs + dice.between(2_000, 20_000);
  return {};
}
