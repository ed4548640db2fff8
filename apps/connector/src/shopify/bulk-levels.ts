import { Failure } from '@tillbridge/contracts';
import type { Logger } from 'pino';

import { readFilePart } from './bulk-file.js';
import type { Level } from './level-reader.js';
import type { Operation } from './operation.js';
import type { BulkOperationAnswer, RunBulkAnswer } from './shopify.answers.js';
import { PATIENT, type ShopifyClient } from './shopify.client.js';

/**
 * What is read in bulk. Each level names its item and its place itself, so that no line of the result
 * needs another: they come in no order.
 */
export const ALL_LEVELS = `{
  inventoryItems {
    edges {
      node {
        id
        inventoryLevels {
          edges {
            node {
              id
              location { id }
              item { id sku }
              quantities(names: ["available"]) { quantity }
            }
          }
        }
      }
    }
  }
}`;

const RUN_BULK: Operation<{ query: string }, RunBulkAnswer> = {
  name: 'RunBulk',
  document: `mutation RunBulk($query: String!) {
    bulkOperationRunQuery(query: $query, groupObjects: false) {
      bulkOperation { id }
      userErrors { code message }
    }
  }`,
  kind: 'mutation',
  cost: () => 12,
};

const BULK_OPERATION: Operation<{ id: string }, BulkOperationAnswer> = {
  name: 'BulkOperation',
  document: `query BulkOperation($id: ID!) {
    bulkOperation(id: $id) { status errorCode url }
  }`,
  kind: 'query',
  cost: () => 1,
};

/** For a spec, which holds each against the published schema. */
export const BULK_OPERATIONS: readonly Operation<never, unknown>[] = [RUN_BULK, BULK_OPERATION];

/** A level as a line of the result has it; items have lines of their own, without a place. */
interface LevelLine {
  readonly location?: { readonly id: string };
  readonly item?: { readonly id: string; readonly sku: string | null };
  readonly quantities?: readonly { readonly quantity: number }[];
}

export type BulkPart =
  | { readonly state: 'preparing' }
  /** Nothing comes of it: read some other way. */
  | { readonly state: 'failed' }
  | { readonly state: 'read'; readonly levels: Level[]; readonly next: number | null };

/**
 * All levels of the shop at next to no cost: the platform writes them into a file, which is read a part
 * at a time. It takes a while, and the platform runs few of them at once.
 */
export class BulkLevels {
  constructor(
    private readonly client: ShopifyClient,
    private readonly logger: Logger,
  ) {}

  /** The platform's id of the reading; null when it begins none now. */
  async begin(): Promise<string | null> {
    try {
      const answer = await this.client.send(RUN_BULK, { query: ALL_LEVELS }, PATIENT);
      const { bulkOperation, userErrors } = answer.bulkOperationRunQuery;
      if (bulkOperation !== null) return bulkOperation.id;
      this.logger.info({ userErrors }, 'no bulk reading now: stock is read by pages');
    } catch (error) {
      if (!(error instanceof Failure) || error.retry !== 'never') throw error;
      this.logger.info({ err: error }, 'no bulk reading here: stock is read by pages');
    }
    return null;
  }

  /**
   * Levels from a byte of the file on.
   *
   * @throws Failure 'never' when the file is not there any more.
   */
  async read(id: string, from: number): Promise<BulkPart> {
    const { bulkOperation } = await this.client.send(BULK_OPERATION, { id }, PATIENT);
    const status = bulkOperation?.status;
    if (status === 'CREATED' || status === 'RUNNING') return { state: 'preparing' };
    if (bulkOperation?.status !== 'COMPLETED') {
      this.logger.warn({ id, bulkOperation }, 'a bulk reading failed: stock is read by pages');
      return { state: 'failed' };
    }
    if (bulkOperation.url === null) return { state: 'read', levels: [], next: null };
    const { lines, next } = await readFilePart(bulkOperation.url, from);
    return { state: 'read', levels: lines.flatMap(toLevels), next };
  }
}

function toLevels(line: string): Level[] {
  const { location, item, quantities } = JSON.parse(line) as LevelLine;
  const figure = quantities?.[0];
  if (location === undefined || !item?.sku || figure === undefined) return [];
  const { id: itemId, sku } = item;
  return [{ itemId, locationId: location.id, sku, availableUnits: figure.quantity }];
}
