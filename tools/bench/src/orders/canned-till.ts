import { CannedVendor, type CannedAnswer } from './canned-vendor.js';
import { CUSTOMERS, skuOf, SKUS } from './made-orders.js';

export const TILL_LOCATION = 'L1';
const PAGE = 1_000;
const OPENING_UNITS = 10_000_000;
const COUNTED_AT = '2026-11-01T08:00:00Z';

/** An order as the till has taken it. */
export interface TillOrder {
  readonly id: string;
  readonly name: string;
  readonly totalMinor: number;
  /** By SKU. */
  readonly units: ReadonlyMap<string, number>;
  payment: { readonly id: string; readonly minor: number; readonly atMs: number } | undefined;
}

/** Calls that take from an account's limit. */
export interface CallCount {
  readonly accepted: number;
  readonly refused: number;
}

interface Limit {
  readonly perSecond: number;
  readonly burst: number;
}

interface NewOrder {
  readonly idempotency_key: string;
  readonly order: {
    readonly metadata: { readonly order_name: string };
    readonly line_items: readonly {
      readonly catalog_object_id: string;
      readonly quantity: string;
      readonly base_price_money: { readonly amount: number };
    }[];
  };
}

interface NewPayment {
  readonly idempotency_key: string;
  readonly order_id: string;
  readonly amount_money: { readonly amount: number };
}

/** A till that keeps orders and payments by their idempotency keys, and may be away or in a hurry. */
export class CannedTill {
  readonly vendor = new CannedVendor((method, path, body) => this.take(method, path, body));
  /** In the order in which they came. */
  readonly orders: TillOrder[] = [];
  private readonly byId = new Map<string, TillOrder>();
  private readonly answers = new Map<string, object>();
  private away = false;
  private bucket: { readonly limit: Limit; tokens: number; asOfMs: number } | undefined;
  private counted = { accepted: 0, refused: 0 };

  /** Answers nothing but that it is away. */
  leave(): void {
    this.away = true;
  }

  /** It is back; more calls than this are refused. Calls are counted from here. */
  comeBack(limit: Limit): void {
    this.away = false;
    this.counted = { accepted: 0, refused: 0 };
    this.bucket = { limit, tokens: limit.burst, asOfMs: performance.now() };
  }

  get calls(): CallCount {
    return { ...this.counted };
  }

  get paid(): number {
    return this.orders.filter(({ payment }) => payment !== undefined).length;
  }

  private take(method: string, path: string, body: unknown): CannedAnswer {
    if (this.away) return failure(503, 'SERVICE_UNAVAILABLE');
    if (!this.mayCall()) return failure(429, 'RATE_LIMITED');
    const found = this.find(method, path, body);
    return found === undefined ? failure(404, 'NOT_FOUND') : { status: 200, body: found };
  }

  private mayCall(): boolean {
    const { bucket } = this;
    if (bucket !== undefined) {
      const now = performance.now();
      const restored = ((now - bucket.asOfMs) / 1_000) * bucket.limit.perSecond;
      bucket.tokens = Math.min(bucket.limit.burst, bucket.tokens + restored);
      bucket.asOfMs = now;
      if (bucket.tokens < 1) {
        this.counted.refused += 1;
        return false;
      }
      bucket.tokens -= 1;
    }
    this.counted.accepted += 1;
    return true;
  }

  private find(method: string, path: string, body: unknown): object | undefined {
    const { pathname, searchParams } = new URL(path, 'http://till');
    switch (`${method} ${pathname}`) {
      case 'POST /v2/orders':
        return this.once(body as NewOrder, (order) => this.create(order));
      case 'POST /v2/payments':
        return this.once(body as NewPayment, (payment) => this.pay(payment));
      case 'GET /v2/catalog/list':
        return pageOf('objects', searchParams.get('cursor'), catalogueObject);
      case 'POST /v2/inventory/counts/batch-retrieve':
        return pageOf('counts', (body as { cursor?: string }).cursor ?? null, count);
      case 'GET /v2/customers':
        return { customers: Array.from({ length: CUSTOMERS }, (_, at) => customer(at)) };
      case 'GET /v2/webhooks/subscriptions':
      case 'POST /v2/webhooks/subscriptions':
      case 'POST /v2/inventory/changes/batch-retrieve':
      case 'POST /v2/orders/search':
        return {};
      default:
        return undefined;
    }
  }

  /** A repeat of a key gets the answer of the first call. */
  private once<B extends { readonly idempotency_key: string }>(
    body: B,
    make: (body: B) => object | undefined,
  ): object | undefined {
    const known = this.answers.get(body.idempotency_key);
    if (known !== undefined) return known;
    const made = make(body);
    if (made !== undefined) this.answers.set(body.idempotency_key, made);
    return made;
  }

  private create({ order }: NewOrder): object {
    const id = `ORDER-${this.orders.length}`;
    let totalMinor = 0;
    const units = new Map<string, number>();
    for (const { catalog_object_id: variation, quantity, base_price_money } of order.line_items) {
      totalMinor += Number(quantity) * base_price_money.amount;
      const sku = variation.slice('VAR-'.length);
      units.set(sku, (units.get(sku) ?? 0) + Number(quantity));
    }
    const { order_name: name } = order.metadata;
    const made: TillOrder = { id, name, totalMinor, units, payment: undefined };
    this.orders.push(made);
    this.byId.set(id, made);
    return { order: { id, state: 'OPEN', version: 1, total_money: money(totalMinor) } };
  }

  private pay({ order_id, amount_money: { amount } }: NewPayment): object | undefined {
    const order = this.byId.get(order_id);
    if (order === undefined) return undefined;
    order.payment = { id: `PAYMENT-${order_id}`, minor: amount, atMs: performance.now() };
    return { payment: { id: order.payment.id, amount_money: money(amount) } };
  }
}

function pageOf(name: string, cursor: string | null, make: (good: number) => object): object {
  const from = Number(cursor ?? 0);
  const to = Math.min(SKUS, from + PAGE);
  const page = Array.from({ length: to - from }, (_, at) => make(from + at));
  return { [name]: page, ...(to < SKUS ? { cursor: String(to) } : {}) };
}

function catalogueObject(good: number): object {
  const sku = skuOf(good);
  return { type: 'ITEM_VARIATION', id: `VAR-${sku}`, item_variation_data: { sku } };
}

function count(good: number): object {
  return {
    catalog_object_id: `VAR-${skuOf(good)}`,
    state: 'IN_STOCK',
    location_id: TILL_LOCATION,
    quantity: String(OPENING_UNITS),
    calculated_at: COUNTED_AT,
  };
}

function customer(at: number): object {
  return { id: `CUSTOMER-${at}`, reference_id: `shop/${at}` };
}

function money(amount: number) {
  return { amount, currency: 'GBP' };
}

function failure(status: number, code: string): CannedAnswer {
  return { status, body: { errors: [{ category: 'API_ERROR', code }] } };
}
