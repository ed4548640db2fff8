import { Failure } from '@tillbridge/contracts';
import type { SquareConnection } from '@tillbridge/runtime';
import { Agent, request } from 'undici';
import { Patience } from '../budget/patience.js';
import type { RateBudget } from '../budget/rate-budget.js';
import { hedged } from '../connections/hedged.js';
import type {
  CatalogueObject,
  Customer,
  InventoryChange,
  InventoryCount,
  Order,
  SquareError,
  Subscription,
} from './square-model.js';
import { SQUARE } from './square.capabilities.js';

/**
 * Figures and our orders are read in one serial loop, so that any read of it that had to wait for
 * the acts would keep the figures waiting behind it. What is read aside takes turns with the acts.
 */
const URGENT = 0;
const NORMAL = 1;
/** Comparing: it goes when nothing else wants the budget. */
export const PATIENT = 2;
type CallPriority = typeof URGENT | typeof NORMAL | typeof PATIENT;

interface Call {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  /** The exact bytes. */
  readonly body?: string;
  readonly priority: CallPriority;
}

type Page<K extends string, T> = { readonly [key in K]?: readonly T[] } & {
  readonly cursor?: string;
};

/** Tries of one call before its caller hears of it. Every call here may be repeated as it is. */
const TRIES = 3;
const PATIENCE_MS = 20_000;
const PATIENCE_AT_LEAST_MS = 2_200;
/** What is urgent is only read: without an answer it is asked a second time beside the first. */
const LATE_MS = 4_000;
const LATE_AT_LEAST_MS = 700;
const UNAUTHORISED_MS = 60_000;

/**
 * The calls of Square's API that the hub makes, at the version it was written for. Writes carry
 * their idempotency key in the body, so the same bytes may go again when an answer was lost.
 */
export class SquareClient {
  private readonly agent = new Agent({ keepAliveTimeout: 10_000, connections: 32 });
  private readonly patienceMs: number;
  private readonly patience = new Patience();

  constructor(
    private readonly connection: SquareConnection,
    private readonly budget: RateBudget,
    private readonly timeScale: number,
  ) {
    this.patienceMs = Math.max(PATIENCE_AT_LEAST_MS, PATIENCE_MS / timeScale);
  }

  /** POST with a body that was made beforehand; acts keep theirs. */
  post<A>(path: string, body: object, priority: CallPriority = NORMAL): Promise<A> {
    return this.call<A>({ method: 'POST', path, body: JSON.stringify(body), priority });
  }

  put<A>(path: string, body: object): Promise<A> {
    return this.call<A>({ method: 'PUT', path, body: JSON.stringify(body), priority: NORMAL });
  }

  async order(id: string): Promise<Order> {
    const path = `/v2/orders/${encodeURIComponent(id)}`;
    const { order } = await this.call<{ order: Order }>({ method: 'GET', path, priority: NORMAL });
    return order;
  }

  /** Unknown ids are left out. */
  async orders(ids: readonly string[], priority: CallPriority = URGENT): Promise<Order[]> {
    const found: Order[] = [];
    for (const order_ids of chunksOf([...new Set(ids)], SQUARE.batch.readOrders)) {
      const path = '/v2/orders/batch-retrieve';
      const page = await this.post<{ orders?: readonly Order[] }>(path, { order_ids }, priority);
      found.push(...(page.orders ?? []));
    }
    return found;
  }

  async *searchOrders(search: object): AsyncIterable<readonly Order[]> {
    yield* this.pages<'orders', Order>('orders', '/v2/orders/search', search);
  }

  /** One page of a search, when nothing else is to be called. */
  async ordersPage(
    search: object,
    cursor: string | undefined,
  ): Promise<{ orders: readonly Order[]; cursor: string | undefined }> {
    const page = await this.post<Page<'orders', Order>>(
      '/v2/orders/search',
      cursor === undefined ? search : { ...search, cursor },
      PATIENT,
    );
    return { orders: page.orders ?? [], cursor: page.cursor === '' ? undefined : page.cursor };
  }

  async *counts(filter: object): AsyncIterable<readonly InventoryCount[]> {
    const body = { ...filter, states: ['IN_STOCK'], limit: SQUARE.batch.counts };
    const path = '/v2/inventory/counts/batch-retrieve';
    yield* this.pages<'counts', InventoryCount>('counts', path, body);
  }

  /** One page of counts, when nothing else is to be called. */
  async countsPage(
    filter: object,
    cursor: string | undefined,
  ): Promise<{ counts: readonly InventoryCount[]; cursor: string | undefined }> {
    const body = { ...filter, states: ['IN_STOCK'], limit: SQUARE.batch.counts };
    const page = await this.post<Page<'counts', InventoryCount>>(
      '/v2/inventory/counts/batch-retrieve',
      cursor === undefined ? body : { ...body, cursor },
      PATIENT,
    );
    return { counts: page.counts ?? [], cursor: page.cursor === '' ? undefined : page.cursor };
  }

  async *ledger(filter: object): AsyncIterable<readonly InventoryChange[]> {
    const types = ['PHYSICAL_COUNT', 'ADJUSTMENT'];
    const body = { ...filter, types, limit: SQUARE.batch.ledger };
    const path = '/v2/inventory/changes/batch-retrieve';
    yield* this.pages<'changes', InventoryChange>('changes', path, body);
  }

  async *catalogue(): AsyncIterable<readonly CatalogueObject[]> {
    const query = { types: 'ITEM,ITEM_VARIATION' };
    yield* this.list<'objects', CatalogueObject>('objects', '/v2/catalog/list', query);
  }

  /** Unknown ids are left out. */
  async catalogueObjects(ids: readonly string[]): Promise<CatalogueObject[]> {
    const found: CatalogueObject[] = [];
    for (const object_ids of chunksOf(ids, SQUARE.batch.catalogueObjects)) {
      const path = '/v2/catalog/batch-retrieve';
      const page = await this.post<{ objects?: CatalogueObject[] }>(path, { object_ids }, URGENT);
      found.push(...(page.objects ?? []));
    }
    return found;
  }

  async *customers(): AsyncIterable<readonly Customer[]> {
    const query = { limit: String(SQUARE.batch.customers) };
    yield* this.list<'customers', Customer>('customers', '/v2/customers', query);
  }

  /** Undefined when there is none any more. */
  async customer(id: string): Promise<Customer | undefined> {
    try {
      const path = `/v2/customers/${encodeURIComponent(id)}`;
      const answer = await this.call<{ customer?: Customer }>({
        method: 'GET',
        path,
        priority: NORMAL,
      });
      return answer.customer;
    } catch (error) {
      if (error instanceof Failure && error.code === 'not-found') return undefined;
      throw error;
    }
  }

  async subscriptions(): Promise<Subscription[]> {
    const found: Subscription[] = [];
    const path = '/v2/webhooks/subscriptions';
    const query = { include_disabled: 'true' };
    for await (const page of this.list<'subscriptions', Subscription>(
      'subscriptions',
      path,
      query,
    )) {
      found.push(...page);
    }
    return found;
  }

  callsWaiting(): number {
    return this.budget.callsWaiting();
  }

  /** False while the connector leaves: calls that wait fail at once, those under way come to their end. */
  mayWait(allowed: boolean): void {
    this.patience.mayWait(allowed);
    this.budget.mayWait(allowed);
  }

  private async *pages<K extends string, T>(
    name: K,
    path: string,
    body: object,
  ): AsyncIterable<readonly T[]> {
    let cursor: string | undefined;
    do {
      const asked = cursor === undefined ? body : { ...body, cursor };
      const page: Page<K, T> = await this.post(path, asked, URGENT);
      yield (page[name] as readonly T[] | undefined) ?? [];
      cursor = page.cursor;
    } while (cursor !== undefined && cursor !== '');
  }

  private async *list<K extends string, T>(
    name: K,
    path: string,
    query: Readonly<Record<string, string>>,
  ): AsyncIterable<readonly T[]> {
    let cursor: string | undefined;
    do {
      const asked = new URLSearchParams(cursor === undefined ? query : { ...query, cursor });
      const page: Page<K, T> = await this.call({
        method: 'GET',
        path: `${path}?${asked}`,
        priority: NORMAL,
      });
      yield (page[name] as readonly T[] | undefined) ?? [];
      cursor = page.cursor;
    } while (cursor !== undefined && cursor !== '');
  }

  /** @throws Failure that says whether the same call may succeed later. */
  private async call<A>(call: Call): Promise<A> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.tryOnce<A>(call);
      } catch (error) {
        const again =
          error instanceof Failure &&
          error.retry !== 'never' &&
          error.code !== 'vendor-unauthorised';
        if (!again || attempt === TRIES) throw error;
        // A throttled call waits in the budget; the others wait a moment here.
        if (error.code !== 'vendor-throttled')
          await this.patience.sleep((attempt * 500) / this.timeScale);
      }
    }
  }

  private async tryOnce<A>(call: Call): Promise<A> {
    await this.budget.take(1, call.priority);
    const { status, text, retryAfterMs } = await this.ask(call);
    if (status !== 429) this.budget.succeeded();
    if (status >= 200 && status < 300) return parse<A>(text, call);
    throw this.failureOf(call, { status, text, retryAfterMs });
  }

  private ask(call: Call) {
    const send = () => this.send(call);
    if (call.priority !== URGENT) return send();
    return hedged(Math.max(LATE_AT_LEAST_MS, LATE_MS / this.timeScale), send, async () => {
      await this.budget.take(1, URGENT);
      return send();
    });
  }

  private async send(call: Call) {
    try {
      const response = await request(new URL(call.path, this.connection.baseUrl), {
        method: call.method,
        dispatcher: this.agent,
        headers: {
          authorization: `Bearer ${this.connection.accessToken}`,
          'square-version': this.connection.apiVersion,
          accept: 'application/json',
          ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(call.body === undefined ? {} : { body: call.body }),
        headersTimeout: this.patienceMs,
        bodyTimeout: this.patienceMs,
      });
      const retryAfterMs = retryAfterOf(response.headers['retry-after']);
      return { status: response.statusCode, text: await response.body.text(), retryAfterMs };
    } catch (cause) {
      const reason = (cause as { code?: string }).code ?? (cause as Error).name;
      const what = `${call.method} ${withoutQuery(call.path)} got no answer (${reason})`;
      throw new Failure('vendor-unavailable', { afterMs: 1_000 / this.timeScale }, what, { cause });
    }
  }

  private failureOf(
    call: Call,
    answer: { status: number; text: string; retryAfterMs: number | undefined },
  ): Failure {
    const { status, retryAfterMs } = answer;
    const errors = errorsOf(answer.text);
    const what = `${call.method} ${withoutQuery(call.path)}: ${status} ${wordsOf(errors)}`;
    if (status === 429) {
      this.budget.refused(retryAfterMs);
      return new Failure('vendor-throttled', { afterMs: retryAfterMs ?? 1_000 }, what);
    }
    if (status === 401 || status === 403) {
      return new Failure(
        'vendor-unauthorised',
        { afterMs: UNAUTHORISED_MS / this.timeScale },
        what,
      );
    }
    if (status === 408 || status >= 500) {
      const afterMs = retryAfterMs ?? 1_000 / this.timeScale;
      return new Failure('vendor-unavailable', { afterMs }, what);
    }
    if (status === 404 && call.method === 'GET') return new Failure('not-found', 'never', what);
    const conflict = errors.some((error) => error.code === 'VERSION_MISMATCH');
    return new Failure(conflict ? 'vendor-conflict' : 'vendor-refused', 'never', what);
  }
}

export function chunksOf<T>(all: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let at = 0; at < all.length; at += size) chunks.push(all.slice(at, at + size));
  return chunks;
}

function parse<A>(text: string, call: Call): A {
  try {
    return JSON.parse(text) as A;
  } catch (cause) {
    const what = `${call.method} ${withoutQuery(call.path)} was not answered in JSON`;
    throw new Failure('vendor-unavailable', { afterMs: 5_000 }, what, { cause });
  }
}

function errorsOf(text: string): readonly SquareError[] {
  try {
    return (JSON.parse(text) as { errors?: readonly SquareError[] }).errors ?? [];
  } catch {
    return [];
  }
}

/** Codes, fields and what Square says of them, cut: a detail could repeat what was sent. */
function wordsOf(errors: readonly SquareError[]): string {
  return errors
    .slice(0, 3)
    .map(({ code, field, detail }) =>
      [code, field, detail?.slice(0, 160)].filter(Boolean).join(' '),
    )
    .join('; ');
}

/** Seconds or a date; never more than an hour. */
function retryAfterOf(header: string | string[] | undefined): number | undefined {
  const text = Array.isArray(header) ? header[0] : header;
  if (text === undefined) return undefined;
  const seconds = Number(text);
  const ms = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(text) - Date.now();
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), 3_600_000) : undefined;
}

function withoutQuery(path: string): string {
  return path.split('?')[0] ?? path;
}
