import { Failure } from '@tillbridge/contracts';
import type { ShopifyConnection } from '@tillbridge/runtime';
import { Agent, request } from 'undici';

import { CostBudget, type QueryCost } from '../budget/cost-budget.js';
import { Patience } from '../budget/patience.js';
import { hedged } from '../connections/hedged.js';
import type { Operation } from './operation.js';

/** Goes when nothing else waits for the bucket: see CostBudget. */
export const PATIENT = 2;
const NORMAL = 1;

const TIMEOUT_MS = 10_000;
const TIMEOUT_AT_LEAST_MS = 2_200;
/** A read without an answer is asked a second time beside the first. */
const LATE_MS = 4_000;
const LATE_AT_LEAST_MS = 700;
const THROTTLED_TRIES = 8;
/** A read whose answer was lost is asked again here; a write is for whoever keeps its key. */
const READ_TRIES = 3;
const RETRY_MS = 1_000;
const UNAUTHORISED_RETRY_MS = 60_000;

interface GraphqlError {
  readonly message: string;
  readonly extensions?: { readonly code?: string };
}

interface GraphqlAnswer {
  readonly data?: unknown;
  readonly errors?: readonly GraphqlError[] | string;
  readonly extensions?: { readonly cost?: QueryCost };
}

interface HttpAnswer {
  readonly status: number;
  readonly retryAfterMs: number | undefined;
  readonly body: GraphqlAnswer | undefined;
}

/** The Admin API of one shop, within its cost bucket. */
export class ShopifyClient {
  private readonly budget: CostBudget;
  private readonly patience = new Patience();
  private readonly agent = new Agent({ connections: 16, keepAliveTimeout: 30_000 });
  private readonly url: string;
  private readonly timeoutMs: number;
  /** What the platform asked for a request, of what we had reckoned: its own rule is cheaper. */
  private readonly priceOf = new Map<string, number>();

  constructor(
    private readonly connection: ShopifyConnection,
    private readonly options: { timeScale: number; clock: { now(): number } },
  ) {
    this.timeoutMs = Math.max(TIMEOUT_AT_LEAST_MS, TIMEOUT_MS / options.timeScale);
    this.budget = new CostBudget({ clock: options.clock });
    const base = connection.baseUrl.replace(/\/+$/, '');
    this.url = `${base}/admin/api/${connection.apiVersion}/graphql.json`;
  }

  /**
   * Sends one request and gives its `data`. User errors are in it: they are the caller's to read.
   * @throws Failure `vendor-throttled`, `vendor-unavailable` or `vendor-unauthorised`, to be tried
   * again; `vendor-refused` when the request itself is wrong.
   */
  async send<V extends object, A>(
    operation: Operation<V, A>,
    variables: V,
    priority: number = NORMAL,
  ): Promise<A> {
    const tries = operation.kind === 'query' ? READ_TRIES : 1;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.sendUnthrottled(operation, variables, priority);
      } catch (error) {
        const again = error instanceof Failure && error.code === 'vendor-unavailable';
        if (!again || attempt >= tries) throw error;
        await this.patience.sleep(this.scaled(RETRY_MS) * attempt);
      }
    }
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

  /** A throttled request was not run, so that it may be sent again whatever it is. */
  private async sendUnthrottled<V extends object, A>(
    operation: Operation<V, A>,
    variables: V,
    priority: number,
  ): Promise<A> {
    const reckoned = operation.cost(variables);
    const cost = Math.ceil(reckoned * (this.priceOf.get(operation.name) ?? 1));
    for (let attempt = 1; ; attempt += 1) {
      await this.budget.take(cost, priority);
      const answer = await this.ask(operation, variables, cost);
      const price = answer.body?.extensions?.cost;
      if (price !== undefined) {
        this.budget.learn(price);
        this.priceOf.set(operation.name, price.requestedQueryCost / reckoned);
      }
      if (!isThrottled(answer)) return this.read<A>(operation.name, answer);
      this.budget.throttled(price?.requestedQueryCost ?? cost);
      if (attempt >= THROTTLED_TRIES) throw this.throttledFailure(operation.name);
      await this.patience.sleep(answer.retryAfterMs ?? 0);
    }
  }

  private ask<V extends object, A>(
    { kind, name, document }: Operation<V, A>,
    variables: V,
    cost: number,
  ): Promise<HttpAnswer> {
    const post = (): Promise<HttpAnswer> => this.post(name, document, variables);
    if (kind !== 'query') return post();
    const lateMs = Math.max(LATE_AT_LEAST_MS, LATE_MS / this.options.timeScale);
    return hedged(lateMs, post, async () => {
      await this.budget.take(cost);
      return post();
    });
  }

  private async post(name: string, query: string, variables: object): Promise<HttpAnswer> {
    try {
      const response = await request(this.url, {
        method: 'POST',
        dispatcher: this.agent,
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          'x-shopify-access-token': this.connection.accessToken,
        },
        body: JSON.stringify({ query, variables, operationName: name }),
        signal: AbortSignal.timeout(this.timeoutMs),
      });
      const text = await response.body.text();
      return {
        status: response.statusCode,
        retryAfterMs: secondsToMs(response.headers['retry-after']),
        body: parseJson(text),
      };
    } catch (cause) {
      throw this.unavailable(`${name} got no answer from the platform`, { cause });
    }
  }

  private read<A>(name: string, { status, body }: HttpAnswer): A {
    if (status === 401 || status === 403) throw this.unauthorised(name, `HTTP ${status}`);
    if (status >= 500 || status === 408) {
      throw this.unavailable(`${name} was answered with HTTP ${status}`);
    }
    const errors = errorsOf(body);
    if (errors.length > 0) throw this.failureOf(name, errors);
    if (status !== 200 || body?.data === undefined || body.data === null) {
      throw new Failure('vendor-refused', 'never', `${name} was answered with HTTP ${status}`);
    }
    return body.data as A;
  }

  private failureOf(name: string, errors: readonly GraphqlError[]): Failure {
    const codes = errors.map((error) => error.extensions?.code);
    if (codes.includes('ACCESS_DENIED')) return this.unauthorised(name, 'ACCESS_DENIED');
    const text = errors.map((error) => error.message).join('; ');
    if (codes.some((code) => code === 'INTERNAL_SERVER_ERROR' || code === 'TIMEOUT')) {
      return this.unavailable(`${name} failed at the platform: ${text}`.slice(0, 300));
    }
    return new Failure('vendor-refused', 'never', `${name} was refused: ${text}`.slice(0, 300));
  }

  private throttledFailure(name: string): Failure {
    const afterMs = this.scaled(2 * RETRY_MS);
    return new Failure('vendor-throttled', { afterMs }, `${name} was throttled again and again`);
  }

  private unauthorised(name: string, why: string): Failure {
    const afterMs = this.scaled(UNAUTHORISED_RETRY_MS);
    return new Failure('vendor-unauthorised', { afterMs }, `${name} is not allowed: ${why}`);
  }

  private unavailable(text: string, options?: ErrorOptions): Failure {
    const afterMs = this.scaled(RETRY_MS);
    return new Failure('vendor-unavailable', { afterMs }, text, options);
  }

  private scaled(ms: number): number {
    return Math.max(50, Math.round(ms / this.options.timeScale));
  }
}

function isThrottled({ status, body }: HttpAnswer): boolean {
  if (status === 429) return true;
  return errorsOf(body).some((error) => error.extensions?.code === 'THROTTLED');
}

/** Top-level `errors` is a list, or one text when the request did not get as far as GraphQL. */
function errorsOf(body: GraphqlAnswer | undefined): readonly GraphqlError[] {
  if (typeof body?.errors === 'string') return [{ message: body.errors }];
  return Array.isArray(body?.errors) ? body.errors : [];
}

function parseJson(text: string): GraphqlAnswer | undefined {
  try {
    return JSON.parse(text) as GraphqlAnswer;
  } catch {
    return undefined; // An error page of something in between; the status says enough.
  }
}

function secondsToMs(header: string | string[] | undefined): number | undefined {
  const seconds = Number(Array.isArray(header) ? header[0] : header);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 60) * 1_000 : undefined;
}
