import { execute, getOperationAST, GraphQLError, Kind, parse, validate } from 'graphql';
import type {
  DocumentNode,
  ExecutionResult,
  GraphQLSchema,
  OperationDefinitionNode,
} from 'graphql';

import type { Answer } from '../wire/server-kit.js';
import { recordCall } from '../wire/simulated-world.js';
import type { SimulatedWorld } from '../wire/simulated-world.js';
import { TokenBucket, type BucketUse } from '../wire/token-bucket.js';
import { loadAdminSchema, readField, readType } from './admin-schema.js';
import type { MutationRoot } from './mutation-root.js';
import { actualCost, requestedCost } from './query-cost.js';
import type { QueryRoot } from './query-root.js';

interface GraphqlRequest {
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: Readonly<Record<string, unknown>> | null;
}

/** A document that is right, or what is wrong with it; each is checked once. */
type Checked =
  | { readonly document: DocumentNode; readonly errors?: undefined }
  | { readonly document?: undefined; readonly errors: readonly GraphQLError[] };

interface Prepared {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

const HIGHEST_COST = 1000;
const MOST_DOCUMENTS = 500;
const COSTS_PAGE = 'https://shopify.dev/api/usage/rate-limits';

/** The Admin API's one door: checks against the platform's schema, charges, executes. */
export class GraphqlEndpoint {
  private readonly schema: GraphQLSchema;
  private readonly spent = new Map<string, { calls: number; points: number }>();
  private bucket: TokenBucket;
  private readonly checked = new Map<string, Checked>();

  constructor(
    private readonly options: {
      readonly world: SimulatedWorld;
      readonly apiVersion: string;
      readonly restoreRate: number;
      readonly maximumAvailable: number;
      readonly query: QueryRoot;
      readonly mutation: MutationRoot;
    },
  ) {
    this.schema = loadAdminSchema(options.apiVersion);
    this.bucket = this.bucketOf(options);
  }

  /** Another allowance from now on; what is made of it is counted anew. */
  allow(points: { restoreRate: number; maximumAvailable: number }): void {
    this.bucket = this.bucketOf(points);
  }

  /** Calls and points so far, by operation: shows what a client spends its budget on. */
  spending(): ReadonlyMap<string, { readonly calls: number; readonly points: number }> {
    return this.spent;
  }

  /** What callers made of the rate limit. Refusals that the faults' dice threw are not in it. */
  budget(): BucketUse {
    return this.bucket.use();
  }

  private bucketOf(points: { restoreRate: number; maximumAvailable: number }): TokenBucket {
    const { world } = this.options;
    return new TokenBucket(points.maximumAvailable, points.restoreRate, () => world.now());
  }

  private countSpending(operation: string, points: number): void {
    const before = this.spent.get(operation) ?? { calls: 0, points: 0 };
    this.spent.set(operation, { calls: before.calls + 1, points: before.points + points });
  }

  answer(rawBody: Buffer): Answer {
    const prepared = this.prepare(rawBody);
    if ('refused' in prepared) return prepared.refused;
    const cost = this.costOf(prepared);
    if (cost > HIGHEST_COST) return this.tooDear(cost);
    if (!this.bucket.take(cost)) return this.throttled(cost);
    const result = this.execute(prepared);
    const { document, operation, variables } = prepared;
    const spent =
      result.data == null
        ? cost
        : Math.min(cost, actualCost(this.schema, document, operation, variables, result.data));
    this.bucket.giveBack(cost - spent);
    this.countSpending(operation.name?.value ?? 'unnamed', spent);
    this.journalReads(prepared, result);
    return ok({
      ...(result.data === undefined ? {} : { data: result.data }),
      ...(result.errors === undefined ? {} : { errors: result.errors }),
      extensions: this.costBlock(cost, spent),
    });
  }

  /** Too many calls: an ordinary answer with an error and no data. */
  throttle(rawBody: Buffer): Answer {
    const prepared = this.prepare(rawBody);
    return 'refused' in prepared ? prepared.refused : this.throttled(this.costOf(prepared));
  }

  private prepare(rawBody: Buffer): Prepared | { refused: Answer } {
    const request = readRequest(rawBody);
    if (request === null) {
      return {
        refused: {
          status: 400,
          body: { errors: { query: 'Required parameter missing or invalid' } },
        },
      };
    }
    const { document, errors } = this.check(request.query);
    if (errors !== undefined) return { refused: this.refuse(errors) };
    const operation = getOperationAST(document, request.operationName ?? undefined);
    if (operation == null) {
      return { refused: this.refuse([new GraphQLError('No operation of that name was sent.')]) };
    }
    return { document, operation, variables: request.variables ?? {} };
  }

  private check(query: string): Checked {
    let checked = this.checked.get(query);
    if (checked === undefined) {
      checked = parseAndValidate(this.schema, query);
      // A client that writes values into its queries must not fill the memory.
      if (this.checked.size >= MOST_DOCUMENTS) this.checked.clear();
      this.checked.set(query, checked);
    }
    return checked;
  }

  private costOf({ document, operation, variables }: Prepared): number {
    return requestedCost(this.schema, document, operation, variables);
  }

  private execute({ document, operation, variables }: Prepared): ExecutionResult {
    const isMutation = operation.operation === 'mutation';
    const result = execute({
      schema: this.schema,
      document,
      operationName: operation.name?.value,
      variableValues: variables,
      rootValue: isMutation ? this.options.mutation : this.options.query,
      fieldResolver: readField,
      typeResolver: readType,
    });
    if (result instanceof Promise) throw new Error('A resolver is asynchronous.');
    if (result.errors !== undefined) this.journalErrors(result.errors);
    return result;
  }

  private refuse(errors: readonly GraphQLError[]): Answer {
    this.journalErrors(errors);
    return ok({ errors });
  }

  private tooDear(cost: number): Answer {
    const error = new GraphQLError(
      `Query cost is ${cost}, which exceeds the single query max cost limit (${HIGHEST_COST}).`,
      {
        extensions: {
          ...{ code: 'MAX_COST_EXCEEDED', cost, maxCost: HIGHEST_COST },
          documentation: COSTS_PAGE,
        },
      },
    );
    this.journalErrors([error]);
    return ok({ errors: [error], extensions: this.costBlock(cost, null) });
  }

  private throttled(cost: number): Answer {
    recordCall(this.options.world, {
      ...{ vendor: 'shopify', call: 'throttled', accepted: false, detail: { cost } },
    });
    const error = new GraphQLError('Throttled', {
      extensions: { code: 'THROTTLED', documentation: COSTS_PAGE },
    });
    return ok({ errors: [error], extensions: this.costBlock(cost, null) });
  }

  private costBlock(requestedQueryCost: number, actualQueryCost: number | null) {
    const { capacity: maximumAvailable, perSecond: restoreRate } = this.bucket;
    const currentlyAvailable = Math.floor(this.bucket.available());
    const throttleStatus = { maximumAvailable, currentlyAvailable, restoreRate };
    return { cost: { requestedQueryCost, actualQueryCost, throttleStatus } };
  }

  private journalErrors(errors: readonly GraphQLError[]): void {
    recordCall(this.options.world, {
      ...{ vendor: 'shopify', call: 'graphql', accepted: false },
      detail: { errors: errors.map((error) => error.message) },
    });
  }

  /** Tells the oracle which feeds were read, and whether that page was the last. */
  private journalReads({ operation, variables }: Prepared, { data }: ExecutionResult): void {
    if (operation.operation !== 'query' || data == null) return;
    for (const selection of operation.selectionSet.selections) {
      if (selection.kind !== Kind.FIELD) continue;
      const value = data[selection.alias?.value ?? selection.name.value];
      const pageInfo = (value as { pageInfo?: { hasNextPage?: boolean } } | null)?.pageInfo;
      recordCall(this.options.world, {
        ...{ vendor: 'shopify', call: `read:${selection.name.value}`, accepted: true },
        detail: { variables, hasNextPage: pageInfo?.hasNextPage ?? null },
      });
    }
  }
}

function parseAndValidate(schema: GraphQLSchema, query: string): Checked {
  try {
    const document = parse(query);
    const errors = validate(schema, document);
    return errors.length > 0 ? { errors } : { document };
  } catch (error) {
    if (error instanceof GraphQLError) return { errors: [error] };
    throw error;
  }
}

function readRequest(rawBody: Buffer): GraphqlRequest | null {
  try {
    const request = JSON.parse(rawBody.toString()) as Partial<GraphqlRequest> | null;
    return typeof request?.query === 'string' ? (request as GraphqlRequest) : null;
  } catch {
    return null;
  }
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}
