import {
  addTo,
  Explosion,
  type EffectEvidence,
  type Evidence,
  type TradeEvidence,
} from '../oracle/evidence.js';
import type { ShopifyOrderBook, StockEffect } from '@tillbridge/simulators';
import { DAY_TENDERS } from '../hub/day-configuration.js';
import type { DayLog, PlacedOrder } from './day-log.js';
import { pollsOf } from './polls.js';
import type { OutageSpan } from './pos-outage.js';
import { SHOP_LOCATION, STORE_LOCATIONS, type Market } from './market.js';
import { posOrders, putBackFor, storeOf, type PosOrder } from './pos-books.js';

/** What only the hub can say. */
export interface HubAnswers {
  readonly receivables: Evidence['receivables'];
  /** How far the trade order with this PO number is. */
  stateOf(poNumber: string): string | null;
  /** Whether it told people that this order was cancelled after goods of it had left. */
  isLeftToPeople(poNumber: string): boolean;
}

/** Reads the simulators' books once and puts them into the oracle's words. */
export function gatherEvidence(
  market: Market,
  log: DayLog,
  answers: HubAnswers,
  outages: readonly OutageSpan[],
): Evidence {
  const explosion = new Explosion(market.plan.assemblies);
  const orders = posOrders(market);
  const [onAccount, invoice, card] = DAY_TENDERS;
  const tender = (rule: (typeof DAY_TENDERS)[number]) => ({ type: rule.kind, source: rule.name });
  return {
    products: market.plan.products,
    assemblies: market.plan.assemblies,
    trade: tradeOf(market, log, answers, explosion),
    ...retailOf(market, explosion),
    posOrders: orders,
    shipments: shipmentsOf(log),
    purchasesWritten: market.world.journal.filter(
      ({ call, accepted }) => accepted && call === 'putPurchase',
    ).length,
    countOf: (store, sku) => market.square.count(STORE_LOCATIONS[store], sku),
    availableOf: (sku) => market.shop.available(SHOP_LOCATION, sku),
    effects: effectsOf(market, log, orders, explosion),
    polls: pollsOf(market.world.journal),
    outages,
    receivables: answers.receivables,
    tenderOf: {
      paymentOnAccount: tender(onAccount),
      paymentByInvoice: tender(invoice),
      upfrontPayment: tender(card),
    },
  };
}

const SENT = ['shipped', 'fulfilled', 'complete'];

function shipmentsOf(log: DayLog): Evidence['shipments'] {
  return [...log.shipments.values()]
    .filter(({ stands }) => stands)
    .map(({ ref, posOrderId, units, trackingNumber }) => {
      const poNumber = log.placed.get(ref)?.planned.poNumber ?? '';
      return { poNumber, posOrderId, units, trackingNumber };
    });
}

function tradeOf(
  market: Market,
  log: DayLog,
  answers: HubAnswers,
  explosion: Explosion,
): TradeEvidence[] {
  const orders = new Map(market.shop.orders().map((order) => [order.cartId, order]));
  const drafts = new Map(market.shop.drafts().map((draft) => [draft.cartId, draft]));
  const purchases = new Map(market.spark.purchases().map((p) => [p.cartId, p]));
  return [...log.placed.values()].map(({ planned, cartId }: PlacedOrder) => {
    const order = orders.get(cartId);
    const book = order ?? drafts.get(cartId);
    const purchase = purchases.get(cartId);
    const gone =
      order?.status === 'cancelled' || (order === undefined && book?.status === 'deleted');
    return {
      ref: planned.ref,
      poNumber: planned.poNumber,
      paymentType: planned.paymentType,
      shopOrderName: order?.name ?? null,
      live: !gone,
      totalMinor: gone ? 0 : (book?.totalMinor ?? 0),
      lines: (book?.lines ?? []).map((line) => ({
        sku: line.sku,
        currentQuantity: gone ? 0 : line.currentQuantity,
        fulfilledQuantity: line.fulfilledQuantity,
      })),
      reports: order === undefined ? [] : reportsOf(order, explosion),
      hubState: answers.stateOf(planned.poNumber),
      leftToPeople: answers.isLeftToPeople(planned.poNumber),
      shownAsSent: purchase === undefined ? null : SENT.includes(purchase.fulfilmentStatus ?? ''),
    };
  });
}

function reportsOf(
  { lines, fulfilments }: ShopifyOrderBook,
  explosion: Explosion,
): TradeEvidence['reports'] {
  const skuOf = new Map(lines.map(({ lineId, sku }) => [lineId, sku]));
  return fulfilments
    .filter(({ cancelled }) => !cancelled)
    .map(({ trackingNumber, lines: sent }) => ({
      trackingNumber,
      units: explosion.unitsOf(
        sent.map(({ lineId, quantity }) => ({ sku: skuOf.get(lineId) ?? null, quantity })),
      ),
    }));
}

function retailOf(
  market: Market,
  explosion: Explosion,
): Pick<Evidence, 'retailSent' | 'retailWaiting'> {
  const retailSent = new Map<string, number>();
  const retailWaiting = new Map<string, number>();
  for (const order of market.shop.orders()) {
    if (order.cartId !== null || order.status === 'cancelled') continue;
    for (const { sku, currentQuantity, fulfilledQuantity } of order.lines) {
      for (const [base, units] of explosion.unitsOf([{ sku, quantity: fulfilledQuantity }])) {
        addTo(retailSent, base, units);
      }
      const waiting = currentQuantity - fulfilledQuantity;
      for (const [base, units] of explosion.unitsOf([{ sku, quantity: waiting }])) {
        addTo(retailWaiting, base, units);
      }
    }
  }
  return { retailSent, retailWaiting };
}

const KINDS: Readonly<Record<StockEffect['kind'], EffectEvidence['kind'] | null>> = {
  'till-sale': 'store',
  'till-return': 'store',
  receipt: 'store',
  waste: 'store',
  count: 'store',
  deduct: 'deduct',
  adjust: null, // By its reference: see below.
  'order-placed': 'promise',
  'draft-placed': 'promise',
  'order-cancelled': 'release',
  'order-edited': 'release',
  'draft-deleted': 'release',
  'draft-completed': null, // The promise was made with the draft.
  'fulfilment-cancelled': null,
  fulfilled: null,
  refunded: null,
};

function kindOf(effect: StockEffect): EffectEvidence['kind'] | null {
  if (effect.kind !== 'adjust') return KINDS[effect.kind];
  if (putBackFor(effect.ref) !== undefined) return 'reversal';
  return effect.ref?.includes('retail:') === true ? 'retail-adjust' : null;
}

function effectsOf(
  market: Market,
  log: DayLog,
  orders: readonly PosOrder[],
  explosion: Explosion,
): EffectEvidence[] {
  const refOfCart = new Map([...log.placed].map(([ref, { cartId }]) => [cartId, ref]));
  const refOf = new Map<string, string>();
  for (const book of [...market.shop.drafts(), ...market.shop.orders()]) {
    const ref = refOfCart.get(book.cartId ?? '');
    if (ref !== undefined) refOf.set(book.id, ref);
  }
  const refOfPo = new Map([...log.placed].map(([ref, p]) => [p.planned.poNumber, ref]));
  for (const order of orders) {
    const ref = refOfPo.get(order.poNumber ?? '');
    if (ref !== undefined) refOf.set(order.id, ref);
  }
  return market.world.effects.flatMap((effect) => {
    const kind = kindOf(effect);
    if (kind === null) return [];
    const fromShop = effect.vendor === 'shopify';
    const evidence = {
      atMs: effect.atMs,
      kind,
      store: fromShop ? null : storeOf(effect.locationId ?? ''),
      ref: refOf.get(effect.ref ?? '') ?? null,
      deliveredAtMs: effect.deliveredAtMs,
      vendor: effect.vendor,
    };
    if (!fromShop) {
      return [{ ...evidence, units: new Map(effect.lines.map((line) => [line.sku, line.units])) }];
    }
    // A line is a promise of its own: the shop checks each alone, also those of one order that
    // share a component.
    return effect.lines.map(({ sku, units: quantity }) => ({
      ...evidence,
      // An edit that adds units releases less than nothing: it is a promise.
      kind: kind === 'release' && quantity < 0 ? ('promise' as const) : kind,
      units: explosion.unitsOf([{ sku, quantity: Math.abs(quantity) }]),
    }));
  });
}
