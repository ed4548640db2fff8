import type {
  OrderSummary,
  OrderTrace,
  RaisedException,
  TracedOrder,
  TracedPlace,
  TracedStep,
} from '@tillbridge/contracts';
import { tableLines, tableSection, type Column } from '../table-lines.js';

/** Each order in every system, what is wrong with it, and how it came there. */
export function traceLines({ matches, orders }: OrderTrace): string[] {
  const more = matches - orders.length;
  return [
    ...orders.flatMap((order, at) => [...(at === 0 ? [] : ['']), ...orderLines(order)]),
    ...(more > 0 ? ['', `${more} older orders are named so too: --orders shows more`] : []),
  ];
}

/** A table of orders, with how many there are. */
export function listLines(orders: readonly OrderSummary[]): string[] {
  if (orders.length === 0) return ['no orders'];
  return [...tableLines(ORDERS, orders), '', `${orders.length} orders`];
}

function orderLines(order: TracedOrder): string[] {
  const { currency, places, exceptions, timeline, creditedMinor } = order;
  const credited = creditedMinor > 0 ? `, ${moneyWords(creditedMinor, currency)} credited` : '';
  const po = order.poNumber === null ? '' : `, PO ${order.poNumber}`;
  const total = order.totalMinor === null ? '' : `, ${moneyWords(order.totalMinor, currency)}`;
  return [
    `${order.name || '(not told yet)'} is ${order.state ?? 'not an order yet'}${total}${credited}${po}`,
    ...(order.why === '' ? [] : [order.why]),
    `order ${order.orderId}, found by ${order.foundBy.join(', ')}`,
    ...tableSection('in each system', placeColumns(currency), places),
    ...tableSection('open exceptions', EXCEPTIONS, exceptions),
    ...tableSection('how it came there', stepColumns(currency), timeline),
  ];
}

function placeColumns(currency: string | null): Column<TracedPlace>[] {
  return [
    { heading: 'system', of: ({ system }) => system || '(not configured)' },
    { heading: 'has', of: ({ kind }) => kind },
    { heading: 'called', of: ({ vendorId }) => vendorId ?? '' },
    { heading: 'state', of: ({ state }) => state },
    { heading: 'revision', of: ({ revision }) => revision ?? '' },
    { heading: 'location', of: ({ locationId }) => locationId ?? '' },
    { heading: 'amount', of: ({ amountMinor }) => moneyWords(amountMinor, currency) },
    { heading: 'PO number', of: ({ poNumber }) => poNumber ?? '', widest: 40 },
    { heading: 'our id', of: ({ actId }) => actId ?? '' },
  ];
}

const EXCEPTIONS: readonly Column<RaisedException>[] = [
  { heading: 'since', of: ({ raisedAt }) => raisedAt },
  { heading: 'code', of: ({ code }) => code },
  { heading: 'team', of: ({ team }) => team },
  { heading: 'system', of: ({ system }) => system },
  { heading: 'cause', of: ({ cause }) => cause },
  { heading: 'do', of: ({ action }) => action },
];

function stepColumns(currency: string | null): Column<TracedStep>[] {
  return [
    { heading: 'when', of: ({ at }) => at },
    { heading: 'what', of: ({ kind }) => kind },
    { heading: 'who', of: ({ system }) => system ?? '' },
    { heading: 'took', of: ({ tookMs }) => durationWords(tookMs) },
    { heading: 'words', of: ({ what }) => what },
    { heading: 'amount', of: ({ amountMinor }) => moneyWords(amountMinor, currency) },
    { heading: 'happened', of: ({ happenedAt }) => happenedAt ?? '' },
    { heading: 'message or act', of: ({ messageId, actId }) => messageId ?? actId ?? '' },
  ];
}

const ORDERS: readonly Column<OrderSummary>[] = [
  { heading: 'order', of: ({ name }) => name },
  { heading: 'state', of: ({ state }) => state },
  { heading: 'stage', of: ({ draft }) => (draft ? 'draft' : 'order') },
  { heading: 'PO number', of: ({ poNumber }) => poNumber ?? '', widest: 40 },
  { heading: 'in the POS', of: ({ postings }) => postings.map(posWords).join(', ') },
  { heading: 'our id', of: ({ orderId }) => orderId },
];

function posWords({ locationId, posOrderId, state }: OrderSummary['postings'][number]): string {
  return `${locationId} ${posOrderId ?? state}`;
}

function moneyWords(minor: number | null | undefined, currency: string | null): string {
  if (minor === null || minor === undefined || currency === null) return '';
  return new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'code' })
    .format(minor / 10 ** decimalsOf(currency))
    .replaceAll('\u00a0', ' ');
}

function decimalsOf(currency: string): number {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.resolvedOptions().maximumFractionDigits ?? 2;
}

const UNITS: readonly (readonly [string, number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
];

/** In the largest unit of which there is a whole one, with one decimal below ten. */
function durationWords(ms: number | undefined): string {
  if (ms === undefined) return '';
  const found = UNITS.find(([, size]) => ms >= size);
  if (found === undefined) return `${ms} ms`;
  const [unit, size] = found;
  const value = ms / size;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}
