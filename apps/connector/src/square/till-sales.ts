import { SaleLine, SaleObserved, SaleTender } from '@tillbridge/contracts';
import type { Observation } from '../vendor.js';
import type { Order, SoldLine } from './square-model.js';
import { ourOrderOf, toClock } from './square.translate.js';

/** A line that is in no catalogue is told by this: what staff typed in may name a person. */
const TYPED_IN = 'Typed in by hand';

/**
 * A sale or return that the stores finished themselves, for the history of sales. Null while it is
 * open or when it was called off, and for our own orders. Square gives the goods that came back a
 * list of their own, which may stand beside goods sold in exchange.
 */
export function observeSale(
  connectionId: string,
  order: Order,
  locationId: string | undefined,
  skus: ReadonlyMap<string, string>,
): Observation | null {
  if (!isTillSale(order) || locationId === undefined) return null;
  const content = contentOf(order, locationId, skus);
  if (content === null) return null;
  return {
    key: { kind: 'sale', id: order.id },
    content,
    toMessage: (revision) =>
      Object.assign(new SaleObserved(), {
        ...content,
        tenders: content.tenders.map((each) => Object.assign(new SaleTender(), each)),
        lines: content.lines.map((each) => Object.assign(new SaleLine(), each)),
        connectionId,
        revision,
      }),
  };
}

/** True for what the tills finished. Orders of ours are told by how far the store is with them. */
export function isTillSale(order: Order): boolean {
  return order.state === 'COMPLETED' && ourOrderOf(order) === null;
}

/** The catalogue's ids of all that was sold and all that came back. */
export function variationsOf(order: Order): string[] {
  return [...(order.line_items ?? []), ...returnedOf(order)].flatMap(
    ({ catalog_object_id: id }) => id ?? [],
  );
}

function contentOf(order: Order, locationId: string, skus: ReadonlyMap<string, string>) {
  const total = order.net_amounts?.total_money ?? order.total_money;
  if (total === undefined) return null;
  const customerId = order.customer_id ?? order.tenders?.find((t) => t.customer_id)?.customer_id;
  const taxMinor = order.net_amounts?.tax_money?.amount;
  const returnOf = order.returns?.find((each) => each.source_order_id)?.source_order_id;
  return {
    saleId: order.id,
    locationId,
    at: toClock(order.closed_at ?? order.created_at ?? order.updated_at),
    ...(customerId ? { customerId } : {}),
    currency: total.currency,
    totalMinor: total.amount,
    ...(taxMinor === undefined ? {} : { taxMinor }),
    tenders: [
      ...(order.tenders ?? []).map(({ type, amount_money: money }) => ({
        kind: type ?? 'OTHER',
        amountMinor: money?.amount ?? 0,
      })),
      ...(order.refunds ?? []).map(({ amount_money: money }) => ({
        kind: 'REFUND',
        amountMinor: -money.amount,
      })),
    ],
    lines: [
      ...(order.line_items ?? []).map((line) => toLine(line, skus, 1)),
      ...returnedOf(order).map((line) => toLine(line, skus, -1)),
    ],
    ...(returnOf ? { returnOf } : {}),
  };
}

function returnedOf(order: Order): readonly SoldLine[] {
  return (order.returns ?? []).flatMap(({ return_line_items: lines }) => lines ?? []);
}

/** Zero has one sign only: JSON knows no other, and the content is hashed. */
function toLine(line: SoldLine, skus: ReadonlyMap<string, string>, sign: 1 | -1) {
  const { catalog_object_id: id, name, quantity, total_money: total } = line;
  const sku = skus.get(id ?? '') ?? null;
  return {
    sku,
    title: id === undefined ? TYPED_IN : (name ?? sku ?? TYPED_IN),
    units: sign * Math.ceil(Number(quantity)) || 0,
    totalMinor: sign * (total?.amount ?? 0) || 0,
  };
}
