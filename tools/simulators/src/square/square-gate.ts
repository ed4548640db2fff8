import { recordCall } from '../wire/simulated-world.js';
import type { SimulatedWorld } from '../wire/simulated-world.js';
import type { Answer, Call, Method } from '../wire/server-kit.js';
import { TokenBucket, type BucketUse } from '../wire/token-bucket.js';
import { IdempotencyStore } from './idempotency-store.js';
import type { Check } from './request-shape.js';
import { internalError, invalid, rateLimited, SquareError } from './square-error.js';

export const SQUARE_VERSION = '2025-08-20';

export interface SquareRequest<B = unknown> {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: B;
}

/** One endpoint of the API: what it takes and what it does. */
export interface Endpoint {
  readonly method: Method;
  readonly path: string;
  /** As in the journal: `read:…` for reads. */
  readonly call: string;
  /** Query parameters that exist. */
  readonly query?: readonly string[];
  /** Shape of the body; without it the endpoint takes none. */
  readonly body?: Check;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the shape has checked the body
  run(request: SquareRequest<any>): object;
}

export interface SquareGateOptions {
  readonly world: SimulatedWorld;
  readonly accessToken: string;
  readonly requestsPerSecond: number;
  readonly burst: number;
  readonly ignoreIdempotencyKeys: boolean;
}

/** What every call passes: rate limit, token, version, shape, idempotency key, journal. */
export class SquareGate {
  private readonly bucket: TokenBucket;
  private readonly kept: IdempotencyStore;

  constructor(private readonly options: SquareGateOptions) {
    const { world, burst, requestsPerSecond } = options;
    this.bucket = new TokenBucket(burst, requestsPerSecond, () => world.now());
    this.kept = new IdempotencyStore(options.ignoreIdempotencyKeys);
  }

  /** What callers made of the rate limit. Refusals that the faults' dice threw are not in it. */
  budget(): BucketUse {
    return this.bucket.use();
  }

  answer(endpoint: Endpoint, call: Call): Answer {
    const headers = { 'square-version': SQUARE_VERSION };
    let body: unknown;
    try {
      this.admit(call);
      assertQuery(endpoint, call);
      body = readBody(endpoint, call);
      const request = { params: call.params, query: call.query, body };
      const { answer, replayed } = this.runOnce(endpoint, request);
      this.record(endpoint, true, { ...about(call, body), replayed, ...outcome(endpoint, answer) });
      return { status: 200, body: answer, headers };
    } catch (error) {
      const refusal = error instanceof SquareError ? error : internalError();
      const { status, code, message } = refusal;
      this.record(endpoint, false, { ...about(call, body), status, code, message });
      // A bug of the simulator is thrown on, so that it is printed.
      if (refusal !== error) throw error;
      return { ...refusal.toAnswer(), headers };
    }
  }

  private admit(call: Call): void {
    if (!this.bucket.take()) throw rateLimited();
    if (call.headers.authorization !== `Bearer ${this.options.accessToken}`) {
      const detail = 'This request could not be authorized.';
      throw new SquareError(401, 'UNAUTHORIZED', detail, undefined, 'AUTHENTICATION_ERROR');
    }
    const version = call.headers['square-version'];
    if (version !== SQUARE_VERSION) {
      const detail = `Only Square-Version ${SQUARE_VERSION} is simulated, not '${version ?? ''}'.`;
      throw invalid('API_VERSION_INCOMPATIBLE', detail);
    }
  }

  private runOnce(
    endpoint: Endpoint,
    request: SquareRequest,
  ): { answer: unknown; replayed: boolean } {
    const run = (): unknown => endpoint.run(request);
    const isRead = endpoint.call.startsWith('read:');
    const key = isRead ? undefined : (request.body as { idempotency_key?: string } | undefined);
    // Voiding a payment names the key of another request; it is no key of its own.
    if (endpoint.call === 'payments.cancel') return { answer: run(), replayed: false };
    const name = Object.values(request.params).reduce((so, id) => `${so}/${id}`, endpoint.call);
    return this.kept.once(name, key?.idempotency_key, request.body, run);
  }

  private record(endpoint: Endpoint, accepted: boolean, detail: object): void {
    const { world } = this.options;
    recordCall(world, { vendor: 'square', call: endpoint.call, accepted, detail });
  }
}

function assertQuery(endpoint: Endpoint, call: Call): void {
  for (const name of Object.keys(call.query)) {
    if (endpoint.query?.includes(name) !== true) {
      throw invalid('UNKNOWN_QUERY_PARAMETER', `Unknown query parameter \`${name}\`.`, name);
    }
  }
}

function readBody(endpoint: Endpoint, call: Call): unknown {
  if (endpoint.body === undefined) return undefined;
  let body: unknown;
  try {
    body = JSON.parse(call.rawBody.toString('utf8')) as unknown;
  } catch {
    throw invalid('EXPECTED_JSON_BODY', 'Expected a JSON body.');
  }
  endpoint.body(body, '');
  return withoutNulls(body);
}

/** Null means absent. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, held]) =>
      held === null ? [] : [[name, withoutNulls(held)]],
    ),
  );
}

function about(call: Call, body: unknown): object {
  return { url: call.url, request: body };
}

/** Answers to writes are kept whole; of reads only how much they gave, and whether that was all. */
function outcome(endpoint: Endpoint, answer: unknown): object {
  if (!endpoint.call.startsWith('read:')) return { answer: structuredClone(answer) };
  const rows = Object.values(answer as object).find((held) => Array.isArray(held));
  const { cursor } = answer as { cursor?: string };
  return { rows: Array.isArray(rows) ? rows.length : 1, last: cursor === undefined };
}
