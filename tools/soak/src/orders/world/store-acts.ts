import type { OrderMessage } from '../order-message.js';
import { baseUnits } from './shop-order.js';
import type { TillOrder } from './till.js';
import type { TradeWorld } from './trade-world.js';

/** What an act of people changed, and what they told the hub by themselves. */
export interface Changed {
  readonly tillOrders?: readonly TillOrder[];
  readonly messages?: readonly OrderMessage[];
}

/** What staff do in the stores and in the office. */
export const STORE_ACTS: readonly {
  readonly weight: number;
  readonly act: (world: TradeWorld) => Changed;
}[] = [
  { weight: 24, act: work },
  { weight: 0.4, act: stop },
  { weight: 0.6, act: restock },
  { weight: 0.7, act: mapTender },
  { weight: 0.4, act: goDown },
];

const NEXT = { proposed: 'reserved', reserved: 'prepared', prepared: 'completed' } as const;

/** Staff take an order one step on, or hand it over at once. */
function work(world: TradeWorld): Changed {
  const { course, dice, till } = world;
  const open = [...till.orders.values()].filter((order) => order.open && !order.voided);
  if (open.length === 0) return {};
  const order = dice.pick(open);
  const next = dice.chance(0.5) ? 'completed' : NEXT[order.shipment as keyof typeof NEXT];
  if (next === 'completed' && !agrees(world, order)) return {};
  order.move(next);
  course.note(next === 'completed' ? 'dispatched' : 'fulfilment-begun');
  const others = till.of(order.orderId).filter(({ live }) => live);
  if (next === 'completed' && others.some((other) => other.open)) {
    course.note('dispatched-in-part');
  }
  return { tillOrders: [order] };
}

/** Staff wait while the POS holds more than the buyer wants; what is cancelled may slip through. */
function agrees(world: TradeWorld, { orderId }: TillOrder): boolean {
  const order = world.orders.find((each) => each.orderId === orderId);
  if (order?.order === undefined || order.order.status === 'cancelled') return order?.cut !== true;
  const apart = world.till.of(orderId).length > 1;
  if (order.cut && (order.grownVersion > 0 || apart)) return false;
  const wanted = baseUnits(order.order.lines, world.merchant);
  const held = world.till.of(orderId).flatMap(({ units }) => [...units]);
  for (const [sku, units] of held) wanted.set(sku, (wanted.get(sku) ?? 0) - units);
  return [...wanted.values()].every((units) => (order.cut ? units === 0 : units >= 0));
}

function stop({ course, dice, till }: TradeWorld): Changed {
  const open = [...till.orders.values()].filter((order) => order.open);
  if (open.length === 0 || dice.chance(0.7)) return {};
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
