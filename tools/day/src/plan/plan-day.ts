import type { InputRow, TradeInput } from '../input/input-row.js';
import {
  STORES,
  type DayPlan,
  type PaymentType,
  type PlannedEvent,
  type PlannedTillLine,
  type PlannedTradeLine,
  type PlannedTradeOrder,
  type StoreId,
} from './day-plan.js';
import { Offer } from './offer.js';
import { meaningOf, moneyCodeOf, type RowMeaning } from './row-meaning.js';
import { Seeded } from './seeded.js';
import { withOrderChanges } from './order-changes.js';
import { planParts } from './parts.js';
import { openingStock } from './opening-stock.js';

const MAX_ORDER_LINES = 250; // What a platform order takes; SparkLayer's cart limit.
const MAX_TILL_LINES = 5;
const RETAIL_SHARE = 0.1;

/** Share of trade orders by payment type: what pay-later wholesale looks like, mostly on account. */
const PAYMENT_SHARES: readonly (readonly [PaymentType, number])[] = [
  ['paymentOnAccount', 0.5],
  ['paymentByInvoice', 0.3],
  ['upfrontPayment', 0.2],
];

interface EarlierLine {
  readonly orderRef: string;
  readonly lineIndex: number;
  readonly quantity: number;
}

/** Everything that is collected while the rows are read. */
class Draft {
  readonly events: PlannedEvent[] = [];
  readonly fates = new Map<number, string>();
  readonly rejected: { row: number; reason: string }[] = [];
  /** Lines that may still be taken back, newest last, by customer, SKU and quantity. */
  readonly earlier = new Map<string, EarlierLine[]>();
  readonly customers = new Set<string>();
  nonStockLines = 0;
  cancellations = 0;
  returns = 0;
  b2bOrders = 0;
  tillSales = 0;

  constructor(
    readonly offer: Offer,
    readonly chance: Seeded,
  ) {}
}

/** Decides a whole day from a trade file: who buys what where, in file order. */
export function planDay(input: TradeInput, seed: number, currency: string): DayPlan {
  const meanings = new Map(input.rows.map((row) => [row.row, meaningOf(row)]));
  const stockRows = input.rows.filter(
    (row) => moneyCodeOf(row.sku) === null && meanings.get(row.row)?.kind !== 'reject',
  );
  const draft = new Draft(new Offer(stockRows, seed), new Seeded(seed, 'day'));
  const invoices = byInvoice(input.rows);
  for (const rows of invoices) planInvoice(draft, rows, meanings);
  const retailOrders = addRetailOrders(draft, seed);
  const products = openingStock(draft.offer, draft.events, seed);
  const changed = withOrderChanges(draft.events, seed);
  const parts = planParts(
    draft.events.filter((event) => event.kind === 'trade-order'),
    seed,
  );
  const customerChance = new Seeded(seed, 'customers');
  return {
    seed,
    currency,
    products,
    assemblies: draft.offer.assemblies(),
    customers: [...draft.customers].map((id) => ({ id, atTheTill: !customerChance.chance(0.03) })),
    events: changed.events,
    parts,
    rowsRead: input.rows.length,
    fates: draft.fates,
    counts: {
      rows: input.rows.length + input.rejected.length,
      invoices: invoices.length,
      b2bOrders: draft.b2bOrders,
      retailOrders,
      tillSales: draft.tillSales,
      cancellations: draft.cancellations,
      returns: draft.returns,
      edits: changed.edits,
      addedLines: changed.addedLines,
      cancelledOrders: changed.cancelledOrders,
      partDispatches: parts.size,
      nonStockLines: draft.nonStockLines,
      rejected: [...input.rejected, ...draft.rejected].sort((a, b) => a.row - b.row),
    },
  };
}

function byInvoice(rows: readonly InputRow[]): InputRow[][] {
  const invoices = new Map<string, InputRow[]>();
  for (const row of rows) {
    const key = `${row.invoice}|${row.customer ?? ''}`;
    const known = invoices.get(key);
    if (known === undefined) invoices.set(key, [row]);
    else known.push(row);
  }
  return [...invoices.values()];
}

function planInvoice(
  draft: Draft,
  rows: readonly InputRow[],
  meanings: ReadonlyMap<number, RowMeaning>,
): void {
  const of = (kind: RowMeaning['kind']): InputRow[] =>
    rows.filter((row) => meanings.get(row.row)?.kind === kind);
  for (const row of rows) {
    const meaning = meanings.get(row.row);
    if (meaning?.kind === 'reject') reject(draft, row, meaning.reason);
  }
  planTrade(draft, of('trade'));
  planTill(draft, of('till-sale'), 'till-sale');
  planTill(draft, of('till-return'), 'till-return');
  for (const row of of('take-back')) planTakeBack(draft, row);
  for (const kind of ['receipt', 'waste'] as const) {
    for (const row of of(kind)) {
      const store = draft.chance.pick(STORES);
      draft.events.push({ kind, row: row.row, store, sku: row.sku, units: Math.abs(row.quantity) });
      draft.fates.set(row.row, kind);
    }
  }
}

function reject(draft: Draft, row: InputRow, reason: string): void {
  draft.rejected.push({ row: row.row, reason });
  draft.fates.set(row.row, `rejected: ${reason}`);
}

function planTrade(draft: Draft, rows: readonly InputRow[]): void {
  for (let from = 0; from < rows.length; from += MAX_ORDER_LINES) {
    planTradeOrder(draft, rows.slice(from, from + MAX_ORDER_LINES), from / MAX_ORDER_LINES);
  }
}

function planTradeOrder(draft: Draft, rows: readonly InputRow[], part: number): void {
  const first = rows[0];
  if (first === undefined || first.customer === null) return;
  const ref = part === 0 ? first.invoice : `${first.invoice}-${part + 1}`;
  const lines: PlannedTradeLine[] = [];
  let shippingMinor = 0;
  let discountMinor = 0;
  for (const row of rows) {
    const money = moneyCodeOf(row.sku);
    if (money === null) {
      const line = draft.offer.tradeLine(row);
      rememberLine(draft, row, { orderRef: ref, lineIndex: lines.length, quantity: line.quantity });
      lines.push(line);
      draft.fates.set(row.row, `trade order ${ref}`);
      continue;
    }
    draft.nonStockLines += 1;
    draft.fates.set(row.row, `${money} on trade order ${ref}`);
    const amountMinor = row.quantity * row.priceMinor;
    if (money === 'postage') shippingMinor += amountMinor;
    else if (money === 'discount') discountMinor += amountMinor;
    else lines.push({ ...row, sku: null, title: titleOf(row), unitPriceMinor: row.priceMinor });
  }
  draft.customers.add(first.customer);
  draft.b2bOrders += 1;
  draft.events.push({
    kind: 'trade-order',
    ref,
    customer: first.customer,
    paymentType: paymentType(draft.chance),
    poNumber: `PO-${ref}-${draft.chance.between(10, 99)}`,
    lines: lines.map(({ row, sku, title, quantity, unitPriceMinor }) => ({
      row,
      sku,
      title,
      quantity,
      unitPriceMinor,
    })),
    shippingMinor,
    discountMinor,
  });
}

const titleOf = (row: InputRow): string => (row.description === '' ? row.sku : row.description);

function paymentType(chance: Seeded): PaymentType {
  let left = chance.next();
  for (const [type, share] of PAYMENT_SHARES) {
    left -= share;
    if (left < 0) return type;
  }
  return 'upfrontPayment';
}

const lineKey = (row: InputRow): string =>
  `${row.customer ?? ''}|${row.sku}|${Math.abs(row.quantity)}`;

function rememberLine(draft: Draft, row: InputRow, line: EarlierLine): void {
  const key = lineKey(row);
  const known = draft.earlier.get(key);
  if (known === undefined) draft.earlier.set(key, [line]);
  else known.push(line);
}

function planTakeBack(draft: Draft, row: InputRow): void {
  const earlier = draft.earlier.get(lineKey(row))?.pop();
  if (earlier === undefined) {
    planTill(draft, [row], 'till-return');
    return;
  }
  draft.cancellations += 1;
  draft.fates.set(row.row, `takes back from trade order ${earlier.orderRef}`);
  const store = draft.chance.pick(STORES);
  draft.events.push({ kind: 'take-back', row: row.row, ...earlier, store });
}

function planTill(
  draft: Draft,
  rows: readonly InputRow[],
  kind: 'till-sale' | 'till-return',
): void {
  for (let from = 0; from < rows.length; from += MAX_TILL_LINES) {
    const part = rows.slice(from, from + MAX_TILL_LINES);
    const store: StoreId = draft.chance.pick(STORES);
    for (const row of part) {
      const money = moneyCodeOf(row.sku);
      draft.fates.set(row.row, money === null ? kind : `${money} at the till`);
      if (money !== null) draft.nonStockLines += 1;
      else if (kind === 'till-return') draft.returns += 1;
    }
    if (kind === 'till-sale') draft.tillSales += 1;
    draft.events.push({ kind, store, lines: part.map(tillLine) });
  }
}

function tillLine(row: InputRow): PlannedTillLine {
  return {
    row: row.row,
    sku: moneyCodeOf(row.sku) === null ? row.sku : null,
    title: titleOf(row),
    units: Math.abs(row.quantity),
    priceMinor: row.priceMinor,
  };
}

/** Ordinary online orders on the same shop, spread over the day. */
function addRetailOrders(draft: Draft, seed: number): number {
  const chance = new Seeded(seed, 'retail');
  const skus = draft.offer.baseSkus();
  const count = skus.length === 0 ? 0 : Math.round(draft.b2bOrders * RETAIL_SHARE);
  for (let n = 0; n < count; n += 1) {
    const wanted = new Map<string, number>();
    for (let lines = chance.between(1, 3); lines > 0; lines -= 1) {
      wanted.set(chance.pick(skus), chance.between(1, 3));
    }
    const lines = [...wanted].map(([sku, quantity]) => ({ sku, quantity }));
    draft.events.splice(chance.between(0, draft.events.length), 0, { kind: 'retail-order', lines });
  }
  return count;
}

/** The trade orders of a plan, by reference. */
export function tradeOrdersOf(plan: DayPlan): Map<string, PlannedTradeOrder> {
  const orders = plan.events.filter((e): e is PlannedTradeOrder => e.kind === 'trade-order');
  return new Map(orders.map((order) => [order.ref, order]));
}
