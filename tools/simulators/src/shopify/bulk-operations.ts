import { randomUUID } from 'node:crypto';

import { GraphQLError, parse, validate, type DocumentNode, type GraphQLSchema } from 'graphql';

import type { Answer, Call } from '../wire/server-kit.js';
import { recordCall } from '../wire/simulated-world.js';
import type { SimulatedWorld } from '../wire/simulated-world.js';
import { connectionsIn, runBulkQuery } from './bulk-query.js';
import { toGid } from './gid.js';
import { toTimestamp } from './timestamp.js';

interface Operation {
  readonly id: string;
  readonly query: string;
  readonly document: DocumentNode;
  readonly groupObjects: boolean;
  readonly createdAtMs: number;
  /** The name of its file, which nobody can guess. */
  readonly file: string;
  result?: {
    readonly bytes: Buffer;
    readonly objects: number;
    readonly rootObjects: number;
    readonly completedAtMs: number;
  };
}

export interface BulkOperationsOptions {
  readonly world: SimulatedWorld;
  readonly apiVersion: string;
  readonly schema: GraphQLSchema;
  /** The root of all queries. */
  readonly query: object;
  readonly baseUrl: () => string;
}

const FILES = '/bulk-results';
const MOST_CONNECTIONS = 5;
/** From this version on five may run at once, before it one. */
const FIVE_SINCE = '2026-01';
/** Real time: a client has to look more than once. */
const RUNS_MS = 200;
/** The platform keeps results for a week. */
const KEPT_MS = 7 * 86_400_000;

/** Queries that the platform runs by itself, and whose results it gives as files. */
export class BulkOperations {
  private readonly operations = new Map<string, Operation>();

  constructor(private readonly options: BulkOperationsOptions) {}

  readonly path = `${FILES}/:file`;

  /** Refused while as many are running as the version allows. */
  run({ query, groupObjects }: { query: string; groupObjects: boolean }) {
    const running = [...this.operations.values()].filter(
      (each) => this.statusOf(each) === 'RUNNING',
    );
    const most = this.options.apiVersion >= FIVE_SINCE ? 5 : 1;
    if (running.length >= most) {
      const message = `A bulk query operation for this app and shop is already in progress: ${running[0]?.id}.`;
      return this.refuse(most === 1 ? 'OPERATION_IN_PROGRESS' : 'LIMIT_REACHED', message);
    }
    const document = this.checked(query);
    if (typeof document === 'string') return this.refuse('INVALID', document);
    const id = toGid('BulkOperation', String(this.operations.size + 1));
    const createdAtMs = this.options.world.now();
    const file = `${randomUUID()}.jsonl`;
    const operation = { id, query, document, groupObjects, createdAtMs, file };
    this.operations.set(id, operation);
    this.journal(true, { id });
    return { bulkOperation: this.view(operation), userErrors: [] };
  }

  find(id: string) {
    const operation = this.operations.get(id);
    return operation === undefined ? null : this.view(operation);
  }

  /** A part of a file when one is asked for, as stores of files give it. */
  serve({ params, headers }: Call): Answer {
    const operation = [...this.operations.values()].find(({ file }) => file === params['file']);
    if (operation?.result === undefined || this.statusOf(operation) !== 'COMPLETED') {
      return { status: 403, body: { error: 'AccessDenied' } };
    }
    const { bytes } = operation.result;
    const [, from, to] = /^bytes=(\d+)-(\d+)?$/.exec(headers['range'] ?? '') ?? [];
    const type = { 'content-type': 'application/jsonl' };
    if (from === undefined) return { status: 200, bytes, headers: type };
    const first = Number(from);
    if (first >= bytes.length) {
      return { status: 416, headers: { 'content-range': `bytes */${bytes.length}` } };
    }
    const last = Math.min(to === undefined ? Infinity : Number(to), bytes.length - 1);
    const range = { 'content-range': `bytes ${first}-${last}/${bytes.length}` };
    return { status: 206, bytes: bytes.subarray(first, last + 1), headers: { ...type, ...range } };
  }

  /** Files lie in a store of their own, which does not count in points. */
  busy(): Answer {
    return { status: 503, body: { error: 'SlowDown' } };
  }

  /** The document, or what is wrong with it. */
  private checked(query: string): DocumentNode | string {
    try {
      const document = parse(query);
      const [error] = validate(this.options.schema, document);
      if (error !== undefined) return `Invalid bulk query: ${error.message}`;
      const connections = connectionsIn(this.options.schema, document);
      if (connections === 0) return 'Bulk queries must contain at least one connection.';
      if (connections > MOST_CONNECTIONS) {
        return `Bulk queries cannot contain more than ${MOST_CONNECTIONS} connections.`;
      }
      return document;
    } catch (error) {
      if (error instanceof GraphQLError) return `Invalid bulk query: ${error.message}`;
      throw error;
    }
  }

  /** The result is made when it is first looked for after its time. */
  private statusOf(operation: Operation): 'RUNNING' | 'COMPLETED' | 'EXPIRED' {
    const { world, schema, query } = this.options;
    const now = world.now();
    if (operation.result === undefined) {
      if (now - operation.createdAtMs < RUNS_MS) return 'RUNNING';
      const { document, groupObjects } = operation;
      const { lines, rootObjects } = runBulkQuery(schema, document, query, groupObjects);
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
      operation.result = { bytes, objects: lines.length, rootObjects, completedAtMs: now };
    }
    return now - operation.result.completedAtMs < KEPT_MS ? 'COMPLETED' : 'EXPIRED';
  }

  private view(operation: Operation) {
    const status = this.statusOf(operation);
    const { id, query, createdAtMs, file, result } = operation;
    const found = status === 'COMPLETED' && (result?.objects ?? 0) > 0;
    return {
      ...{ __typename: 'BulkOperation', id, query, status, type: 'QUERY', errorCode: null },
      createdAt: toTimestamp(createdAtMs),
      completedAt: result === undefined ? null : toTimestamp(result.completedAtMs),
      objectCount: String(result?.objects ?? 0),
      rootObjectCount: String(result?.rootObjects ?? 0),
      fileSize: result === undefined ? null : String(result.bytes.length),
      url: found ? `${this.options.baseUrl()}${FILES}/${file}` : null,
      partialDataUrl: null,
    };
  }

  private refuse(code: string, message: string) {
    this.journal(false, { code, message });
    const error = { __typename: 'BulkOperationUserError', code, field: ['query'], message };
    return { bulkOperation: null, userErrors: [error] };
  }

  private journal(accepted: boolean, detail: unknown): void {
    const { world } = this.options;
    recordCall(world, { vendor: 'shopify', call: 'bulkOperationRunQuery', accepted, detail });
  }
}
