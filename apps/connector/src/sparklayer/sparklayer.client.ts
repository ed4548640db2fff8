import { Failure } from '@tillbridge/contracts';
import type { SparkLayerConnection } from '@tillbridge/runtime';
import { Agent, request } from 'undici';

import { Patience } from '../budget/patience.js';
import { RateBudget } from '../budget/rate-budget.js';
import type { Purchase } from './purchase.js';
import {
  ASSUMED_TOKEN_LIFE_S,
  LIST_KEYS,
  LIST_PARAMETERS,
  PAGE_LIMIT,
} from './sparklayer.assumptions.js';

const TIMEOUT_MS = 10_000;
const TRIES = 4;
const BACKOFF_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
const UNAUTHORISED_RETRY_MS = 60_000;
/** A token is changed for a new one so long before it ends, or at half of a shorter life. */
const RENEW_BEFORE_MS = 60_000;
const IN_FLIGHT = 2;
const NORMAL = 1;
/** Comparing figures: it goes when nothing else wants the budget. */
export const PATIENT = 2;
type CallPriority = typeof NORMAL | typeof PATIENT;
/** They ask callers to name themselves, to be able to help. */
const USER_AGENT = 'Tillbridge/1 (stock and order sync)';

interface Token {
  readonly value: string;
  readonly renewAtMs: number;
}

interface HttpAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

export interface PurchaseQuery {
  readonly type: string;
  readonly changedSince: string;
  readonly offset: number;
}

export interface StockLocation {
  readonly id: string;
  readonly name: string;
  readonly external_id: string;
}

export interface StockLevelsOfSku {
  readonly sku: string;
  readonly stock_levels: readonly {
    readonly stock_location_id: string;
    readonly stock_level: number;
    readonly restock_date?: string | null;
    /** How far below zero buyers may order. */
    readonly min_stock_level?: number | null;
  }[];
}

export interface StockLevelUpdate {
  readonly stock_location_external_id: string;
  readonly sku: string;
  readonly stock_level: number;
  readonly restock_date?: string;
  readonly min_stock_level?: number;
}

/** The HTTP API of one trade shop. */
export class SparkLayerClient {
  private readonly agent = new Agent({ connections: IN_FLIGHT, keepAliveTimeout: 30_000 });
  private readonly budget: RateBudget;
  private readonly patience = new Patience();
  private readonly base: string;
  private token: Token | undefined;
  private renewal: Promise<Token> | undefined;

  constructor(
    private readonly connection: SparkLayerConnection,
    private readonly options: { timeScale: number; clock: { now(): number } },
  ) {
    this.base = connection.baseUrl.replace(/\/+$/, '');
    this.budget = new RateBudget({
      perSecond: connection.requestsPerSecond,
      burst: connection.requestsPerSecond,
      clock: options.clock,
    });
  }

  /** One page of purchases, up to 500. */
  async listPurchases({ type, changedSince, offset }: PurchaseQuery): Promise<Purchase[]> {
    const query = new URLSearchParams({
      [LIST_PARAMETERS.type]: type,
      [LIST_PARAMETERS.changedSince]: changedSince,
      [LIST_PARAMETERS.limit]: String(PAGE_LIMIT),
      [LIST_PARAMETERS.offset]: String(offset),
    });
    return listOf(await this.get(`/api/v1/purchases?${query}`));
  }

  /** One purchase by its cart id; undefined when there is none. */
  async readPurchase(cartId: string): Promise<Purchase | undefined> {
    const path = `/api/v1/purchases/sparklayer/${encodeURIComponent(cartId)}`;
    return (await this.get(path)) as Purchase | undefined;
  }

  /** Its own stock locations: there are few, and all come at once. */
  async listStockLocations(): Promise<StockLocation[]> {
    return ((await this.get('/api/v1/stock-locations')) ?? []) as StockLocation[];
  }

  /** Levels of these SKUs at these locations, by the locations' own ids; those without one are left out. */
  async fetchStock(
    skus: readonly string[],
    locationIds: readonly string[],
    priority: CallPriority = NORMAL,
  ): Promise<StockLevelsOfSku[]> {
    const filter = { stock_location_ids: locationIds };
    const body = { skus, filter };
    const levels = await this.send('POST', '/api/v1/batch-fetch-stock', { body, priority });
    return (levels ?? []) as StockLevelsOfSku[];
  }

  /** Overwrites levels, all of them or none. They are absolute, so a repeat does no harm. */
  async updateStock(levels: readonly StockLevelUpdate[]): Promise<void> {
    await this.send('POST', '/api/v1/batch-update-stock', { body: levels });
  }

  /** Asks for a token if there is none: wrong credentials show here. */
  async authenticate(): Promise<void> {
    await this.currentToken();
  }

  callsWaiting(): number {
    return this.budget.callsWaiting();
  }

  /** False while the connector leaves: calls that wait fail at once, those under way come to their end. */
  mayWait(allowed: boolean): void {
    this.patience.mayWait(allowed);
    this.budget.mayWait(allowed);
  }

  close(): Promise<void> {
    return this.agent.close();
  }

  /** Undefined when it does not exist. */
  private get(path: string): Promise<unknown> {
    return this.send('GET', path);
  }

  /**
   * Only for what may be repeated.
   *
   * @throws Failure, to be tried again unless the request itself is wrong.
   */
  private async send(
    method: 'GET' | 'POST',
    path: string,
    { body, priority = NORMAL }: { body?: object; priority?: CallPriority } = {},
  ): Promise<unknown> {
    let renewed = false;
    for (let attempt = 1; ; attempt += 1) {
      const token = await this.currentToken();
      const call = () => this.call(method, path, token, body);
      const answer = await this.tryCall(call, attempt, priority);
      if (answer === undefined) continue;
      if (answer.status === 401 && !renewed) {
        // Once only: a second refusal is no matter of an old token.
        renewed = true;
        if (this.token === token) this.token = undefined;
        continue;
      }
      if (answer.status === 404 && method === 'GET') return undefined;
      if (answer.status < 300) return parseJson(answer.text);
      throw this.failureOf(`${method} ${withoutQuery(path)}`, answer);
    }
  }

  /** Undefined when it is worth another try, after the wait that it was given. */
  private async tryCall(
    call: () => Promise<HttpAnswer>,
    attempt: number,
    priority: CallPriority = NORMAL,
  ): Promise<HttpAnswer | undefined> {
    await this.budget.take(1, priority);
    try {
      const answer = await call();
      const asked = retryAfterMs(answer.retryAfter, this.options.clock.now());
      if (answer.status === 429) this.budget.refused(asked ?? this.backoffMs(attempt));
      else this.budget.succeeded();
      const passing = answer.status === 429 || answer.status >= 500;
      if (!passing || attempt >= TRIES) return answer;
      // After a 429 the budget itself waits.
      if (answer.status !== 429) await this.patience.sleep(asked ?? this.backoffMs(attempt));
      return undefined;
    } catch (cause) {
      if (attempt >= TRIES) throw this.unavailable('the trade shop gave no answer', { cause });
      await this.patience.sleep(this.backoffMs(attempt));
      return undefined;
    }
  }

  private async currentToken(): Promise<Token> {
    if (this.token !== undefined && this.options.clock.now() < this.token.renewAtMs) {
      return this.token;
    }
    // All who need one wait for the same answer.
    this.renewal ??= this.requestToken().finally(() => {
      this.renewal = undefined;
    });
    this.token = await this.renewal;
    return this.token;
  }

  private async requestToken(): Promise<Token> {
    for (let attempt = 1; ; attempt += 1) {
      const askedAtMs = this.options.clock.now();
      const answer = await this.tryCall(() => this.callToken(), attempt);
      if (answer === undefined) continue;
      if (answer.status >= 300) throw this.failureOf('the token request', answer);
      const body = parseJson(answer.text) as { access_token?: string; expires_in?: number };
      if (typeof body?.access_token !== 'string') {
        throw this.unavailable('the token request was answered without a token');
      }
      const lifeMs = (body.expires_in ?? ASSUMED_TOKEN_LIFE_S) * 1_000;
      const renewAtMs = askedAtMs + lifeMs - Math.min(RENEW_BEFORE_MS, lifeMs / 2);
      return { value: body.access_token, renewAtMs };
    }
  }

  private callToken(): Promise<HttpAnswer> {
    const { clientId, clientSecret } = this.connection;
    return this.call('POST', '/api/auth/token', undefined, {
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
    });
  }

  private async call(
    method: 'GET' | 'POST',
    path: string,
    token: Token | undefined,
    body?: object,
  ): Promise<HttpAnswer> {
    const response = await request(`${this.base}${path}`, {
      method,
      dispatcher: this.agent,
      headers: {
        'site-id': this.connection.siteId,
        'user-agent': USER_AGENT,
        accept: 'application/json, application/problem+json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token.value}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const retryAfter = response.headers['retry-after'];
    return {
      status: response.statusCode,
      retryAfter: Array.isArray(retryAfter) ? retryAfter[0] : retryAfter,
      text: await response.body.text(),
    };
  }

  private failureOf(what: string, answer: HttpAnswer): Failure {
    const { status } = answer;
    const text = `${what} was answered with HTTP ${status}${problemOf(answer.text)}`;
    if (status === 401 || status === 403) {
      const afterMs = this.scaled(UNAUTHORISED_RETRY_MS);
      return new Failure('vendor-unauthorised', { afterMs }, text);
    }
    if (status === 429) {
      return new Failure('vendor-throttled', { afterMs: this.backoffMs(TRIES) }, text);
    }
    if (status >= 500) return this.unavailable(text);
    return new Failure('vendor-refused', 'never', text);
  }

  private unavailable(text: string, options?: ErrorOptions): Failure {
    const afterMs = this.backoffMs(TRIES);
    return new Failure('vendor-unavailable', { afterMs }, text, options);
  }

  private backoffMs(attempt: number): number {
    return this.scaled(BACKOFF_MS * 2 ** (attempt - 1));
  }

  private scaled(ms: number): number {
    return Math.max(50, Math.round(ms / this.options.timeScale));
  }
}

/** Seconds or an HTTP date: both forms are allowed, and which is sent is not documented. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined || header.trim() === '') return undefined;
  const seconds = Number(header);
  const waitMs = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(header) - nowMs;
  if (Number.isNaN(waitMs)) return undefined;
  return Math.min(LONGEST_WAIT_MS, Math.max(0, waitMs));
}

/** Codes and title of a problem body; some errors have no body at all. Details may hold data. */
function problemOf(text: string): string {
  const body = parseJson(text) as {
    title?: unknown;
    code?: unknown;
    errors?: { code?: unknown; property?: unknown }[];
  } | null;
  if (typeof body !== 'object' || body === null) return '';
  const nested = Array.isArray(body.errors) ? body.errors : [];
  const words = [body.title, body.code, ...nested.flatMap((error) => [error.code, error.property])];
  const said = words.filter((word) => typeof word === 'string');
  return said.length === 0 ? '' : `: ${said.join(', ')}`.slice(0, 200);
}

function listOf(body: unknown): Purchase[] {
  if (Array.isArray(body)) return body as Purchase[];
  for (const key of LIST_KEYS) {
    const held = (body as Record<string, unknown> | undefined)?.[key];
    if (Array.isArray(held)) return held as Purchase[];
  }
  throw new Failure('vendor-refused', 'never', 'the list of purchases has an unknown shape');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function withoutQuery(path: string): string {
  return path.split('?')[0] ?? path;
}
