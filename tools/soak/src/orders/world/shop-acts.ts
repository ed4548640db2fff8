import { completeDraft, duplicateDraft, newLine } from './place-order.js';
import { refundMoney } from './refund-acts.js';
import { leftOf, type ShopDocument, type ShopLine } from './shop-document.js';
import type { ShopOrder } from './shop-order.js';
import type { TradeWorld } from './trade-world.js';
import type { PaymentMethod } from './trade-merchant.js';

interface ShopAct {
  readonly weight: number;
  /** Changes the platform. Returns what changed; nothing when it is not its time. */
  readonly act: (world: TradeWorld, order: ShopOrder, document: ShopDocument) => ShopDocument[];
}

/** What buyers and staff do to orders on the platform. */
export const SHOP_ACTS: readonly ShopAct[] = [
  { weight: 14, act: (world, order) => completeIt(world, order) },
  { weight: 1, act: deleteDraft },
  { weight: 1.2, act: duplicateIt },
  { weight: 3, act: editUp },
  { weight: 3, act: editDown },
  { weight: 2, act: addLine },
  { weight: 1.5, act: changePrice },
  { weight: 1.2, act: changePostage },
  { weight: 1.2, act: changePoNumber },
  { weight: 1, act: changeMethod },
  { weight: 0.5, act: breakTotal },
  { weight: 0.5, act: breakPrice },
  { weight: 6, act: mend },
  { weight: 1.8, act: cancel },
  { weight: 3, act: cancelSent },
  { weight: 1.2, act: refundMoney },
  { weight: 0.14, act: deleteOrder },
];

function completeIt(world: TradeWorld, order: ShopOrder): ShopDocument[] {
  return world.merchant.policy.completeDrafts === 'hub' && world.dice.chance(0.7)
    ? []
    : completeDraft(world, order);
}

function deleteDraft(world: TradeWorld, { order }: ShopOrder, document: ShopDocument) {
  if (order !== undefined || document.status !== 'open') return [];
  world.course.note('draft-deleted');
  document.change({ status: 'deleted' });
  return [document];
}

function duplicateIt(world: TradeWorld, order: ShopOrder, document: ShopDocument) {
  if (document.stage !== 'draft' || !order.wanted || world.orders.length > 1) return [];
  return [duplicateDraft(world, document)];
}

function editUp(world: TradeWorld, _: ShopOrder, document: ShopDocument): ShopDocument[] {
  return edited(world, document, 'edited-up', (line) => ({
    ...line,
    orderedQuantity: line.orderedQuantity + world.dice.between(1, 4),
  }));
}

/** A draft shows less; an order shows what was cancelled. What was sent stays. */
function editDown(world: TradeWorld, order: ShopOrder, document: ShopDocument): ShopDocument[] {
  const changed = edited(world, document, 'edited-down', (line) => {
    const most = leftOf(line) - line.fulfilledQuantity;
    const off = world.dice.chance(0.3) ? most : world.dice.between(1, Math.max(1, most));
    if (document.stage === 'order') {
      return { ...line, cancelledQuantity: line.cancelledQuantity + Math.min(off, most) };
    }
    const orderedQuantity = Math.max(1, line.orderedQuantity - off);
    return { ...line, orderedQuantity };
  });
  const sent = world.till.of(order.orderId).some(({ hasLeft }) => hasLeft);
  if (document.stage === 'order' && changed.length > 0 && sent)
    world.course.note('cut-after-leaving');
  if (!order.wanted) order.emptied = true;
  return changed;
}

function addLine(world: TradeWorld, _: ShopOrder, document: ShopDocument): ShopDocument[] {
  if (!isOpen(document)) return [];
  world.course.note('line-added');
  document.change({ lines: [...document.lines, newLine(world)] });
  return [document];
}

function changePrice(world: TradeWorld, _: ShopOrder, document: ShopDocument): ShopDocument[] {
  return edited(world, document, 'price-changed', (line) => ({
    ...line,
    unitMinor: world.dice.between(1, 9_999),
  }));
}

function changePostage(
  world: TradeWorld,
  order: ShopOrder,
  document: ShopDocument,
): ShopDocument[] {
  if (!isOpen(document)) return [];
  world.course.note('postage-changed');
  document.change({ shippingMinor: world.dice.between(0, 900) });
  return [document];
}

function changePoNumber(world: TradeWorld, _: ShopOrder, document: ShopDocument): ShopDocument[] {
  if (!isOpen(document)) return [];
  world.course.note('po-number-changed');
  document.change({ poNumber: world.course.newId('PO-') });
  return [document];
}

function changeMethod(world: TradeWorld, _: ShopOrder, document: ShopDocument): ShopDocument[] {
  if (!isOpen(document) || document.method === 'quote') return [];
  world.course.note('method-changed');
  const methods: readonly PaymentMethod[] = ['on-account', 'invoice', 'card'];
  document.change({ method: world.dice.pick(methods.filter((each) => each !== document.method)) });
  return [document];
}

function breakTotal(world: TradeWorld, _: ShopOrder, document: ShopDocument): ShopDocument[] {
  if (!isOpen(document)) return [];
  world.course.note('total-wrong');
  document.change({ wrongMinor: world.dice.between(1, 5) });
  return [document];
}

function breakPrice(world: TradeWorld, _: ShopOrder, document: ShopDocument): ShopDocument[] {
  if (!isOpen(document)) return [];
  world.course.note('price-negative');
  document.change({ negativeMinor: -1 });
  return [document];
}

/** Staff correct what they broke. */
function mend(_: TradeWorld, __: ShopOrder, document: ShopDocument): ShopDocument[] {
  if (document.wrongMinor === 0 && document.negativeMinor === 0) return [];
  document.change({ wrongMinor: 0, negativeMinor: 0 });
  return [document];
}

/** Of a cancelled order only what had been sent is left. */
function cancel(world: TradeWorld, { orderId, order }: ShopOrder): ShopDocument[] {
  if (order === undefined || !isOpen(order)) return [];
  const posted = world.till.of(orderId).filter(({ paid }) => paid);
  if (posted.some(({ hasLeft }) => hasLeft)) world.course.note('cancelled-after-dispatch');
  else if (posted.length > 0) world.course.note('cancelled-after-posting');
  else world.course.note('cancelled-before-posting');
  order.change({
    status: 'cancelled',
    wrongMinor: 0,
    lines: order.lines.map((line) => ({
      ...line,
      cancelledQuantity: line.orderedQuantity - line.fulfilledQuantity,
    })),
  });
  return [order];
}

/** Staff delete an order: nothing of it is wanted, and nobody sees it any more. */
function deleteOrder(world: TradeWorld, { order }: ShopOrder): ShopDocument[] {
  if (order === undefined || order.status === 'deleted') return [];
  world.course.note('order-deleted');
  order.change({ status: 'deleted', wrongMinor: 0, negativeMinor: 0 });
  return [order];
}

/** Somebody cancels although the goods are on their way. */
function cancelSent(world: TradeWorld, order: ShopOrder): ShopDocument[] {
  const sent = world.till.of(order.orderId).some(({ hasLeft }) => hasLeft);
  return sent && world.dice.chance(0.4) ? cancel(world, order) : [];
}

function isOpen({ status }: ShopDocument): boolean {
  return status === 'open';
}

/** Edits one line of which something is left to send. */
function edited(
  world: TradeWorld,
  document: ShopDocument,
  kind: 'edited-up' | 'edited-down' | 'price-changed',
  change: (line: ShopLine) => ShopLine,
): ShopDocument[] {
  const lines = document.lines.filter((line) => leftOf(line) > line.fulfilledQuantity);
  if (!isOpen(document) || lines.length === 0) return [];
  if (document.stage === 'draft') world.course.note('draft-edited');
  else world.course.note(kind);
  const chosen = world.dice.pick(lines);
  document.change({
    lines: document.lines.map((line) => (line === chosen ? change(line) : line)),
  });
  return [document];
}
