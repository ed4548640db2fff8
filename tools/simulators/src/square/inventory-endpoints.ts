import type { LedgerEntry, NewChange } from './inventory-book.js';
import { toInventoryChange, toInventoryCount } from './inventory-wire.js';
import { cutPage } from './page-cursor.js';
import type { SquareAccount } from './square-account.js';
import { toSortable } from './square-clock.js';
import { invalid, notFound } from './square-error.js';
import type { Endpoint, SquareRequest } from './square-gate.js';
import {
  changesBatchCreate,
  changesBatchRetrieve,
  countsBatchRetrieve,
} from './square-requests.js';

interface Filters {
  catalog_object_ids?: string[];
  location_ids?: string[];
  states?: string[];
  types?: string[];
  updated_after?: string;
  updated_before?: string;
  cursor?: string;
  limit?: number;
}

interface ChangedThing {
  reference_id?: string;
  catalog_object_id: string;
  location_id: string;
  quantity: string;
  occurred_at: string;
}

interface WantedChange {
  type: 'ADJUSTMENT' | 'PHYSICAL_COUNT';
  adjustment?: ChangedThing & { from_state: string; to_state: string };
  physical_count?: ChangedThing;
}

const PAGE = 100;
const OLDEST_MS = 24 * 60 * 60_000;
/** Clocks of one machine differ by less; a vendor forgives as much. */
const AHEAD_MS = 1_000;
const WRITABLE = [
  ['NONE', 'IN_STOCK'],
  ['IN_STOCK', 'SOLD'],
  ['IN_STOCK', 'WASTE'],
  ['UNLINKED_RETURN', 'IN_STOCK'],
] as const;

export function inventoryEndpoints(account: SquareAccount): Endpoint[] {
  return [
    {
      method: 'POST',
      path: '/v2/inventory/counts/batch-retrieve',
      call: 'read:counts',
      body: countsBatchRetrieve,
      run: ({ body }: SquareRequest<Filters>) => readCounts(account, body),
    },
    {
      method: 'POST',
      path: '/v2/inventory/changes/batch-retrieve',
      call: 'read:changes',
      body: changesBatchRetrieve,
      run: ({ body }: SquareRequest<Filters>) => readChanges(account, body),
    },
    {
      method: 'POST',
      path: '/v2/inventory/changes/batch-create',
      call: 'inventory.change',
      body: changesBatchCreate,
      run: ({
        body,
      }: SquareRequest<{ changes: WantedChange[]; ignore_unchanged_counts?: boolean }>) =>
        change(account, body.changes, body.ignore_unchanged_counts !== false),
    },
  ];
}

/** Newest `calculated_at` first. */
function readCounts(account: SquareAccount, filters: Filters): object {
  const { cursor: given, limit, ...query } = filters;
  const after = query.updated_after === undefined ? '' : toSortable(query.updated_after);
  const { variations, locations, states } = sets(query);
  const rows = account.inventory
    .levels()
    .filter(
      (level) =>
        level.calculatedAt > after &&
        (variations?.has(level.variationId) ?? true) &&
        (locations?.has(level.locationId) ?? true) &&
        (states?.has(level.state) ?? true),
    )
    .map((level) => ({ key: level.calculatedAt, row: level }))
    .toSorted((a, b) => (a.key > b.key ? -1 : 1));
  const page = cutPage(rows, 'DESC', {
    limit: limit ?? PAGE,
    cursor: given,
    query,
    nowMs: account.clock.now(),
  });
  return { counts: page.rows.map(toInventoryCount), cursor: page.cursor };
}

/**
 * Oldest `occurred_at` first, but filtered by when the entry arrived: a sale that was rung up offline
 * comes among new entries with an old time.
 */
function readChanges(account: SquareAccount, filters: Filters): object {
  const { cursor: given, limit, ...query } = filters;
  const after = query.updated_after === undefined ? '' : toSortable(query.updated_after);
  const before = query.updated_before === undefined ? undefined : toSortable(query.updated_before);
  const { variations, locations, states } = sets(query);
  const types = query.types === undefined ? undefined : new Set(query.types);
  const rows = account.inventory
    .arrivedBetween(after, before)
    .filter(
      (entry) =>
        (variations?.has(entry.variationId) ?? true) &&
        (locations?.has(entry.locationId) ?? true) &&
        (types?.has(entry.type) ?? true) &&
        (states === null || statesOf(entry).some((state) => states.has(state))),
    )
    .map((entry) => ({ key: `${entry.occurredAt}|${entry.createdAt}`, row: entry }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const page = cutPage(rows, 'ASC', {
    limit: limit ?? PAGE,
    cursor: given,
    query,
    nowMs: account.clock.now(),
  });
  return {
    changes: page.rows.map((entry) => toInventoryChange(entry, account.applicationId)),
    cursor: page.cursor,
  };
}

/** All of the changes or none. */
function change(
  account: SquareAccount,
  wanted: readonly WantedChange[],
  ignoreSame: boolean,
): object {
  const changes = wanted
    .map((one, index) => toChange(account, one, `changes[${index}]`))
    .filter((one) => !(ignoreSame && countsTheSame(account, one)));
  const adjustments = changes.filter(({ type }) => type === 'ADJUSTMENT');
  const counts = changes.filter(({ type }) => type === 'PHYSICAL_COUNT');
  const moved = [account.stock.move('adjust', adjustments), account.stock.move('count', counts)];
  const levels = new Set(moved.flatMap((one) => one.levels));
  return {
    counts: [...levels].map(toInventoryCount),
    changes: moved
      .flatMap((one) => one.entries)
      .map((entry) => toInventoryChange(entry, account.applicationId)),
  };
}

function toChange(account: SquareAccount, wanted: WantedChange, field: string): NewChange {
  const kind = wanted.type === 'ADJUSTMENT' ? 'adjustment' : 'physical_count';
  const thing = wanted[kind];
  if (thing === undefined) {
    throw invalid('MISSING_REQUIRED_PARAMETER', `Missing ${kind}.`, `${field}.${kind}`);
  }
  if (wanted.adjustment !== undefined && wanted.physical_count !== undefined) {
    throw invalid('CONFLICTING_PARAMETERS', 'A change is one thing or the other.', field);
  }
  account.catalogue.variation(thing.catalog_object_id, `${field}.${kind}.catalog_object_id`);
  if (!account.hasLocation(thing.location_id)) {
    throw notFound('Location', thing.location_id, `${field}.${kind}.location_id`);
  }
  assertRecent(account, thing.occurred_at, `${field}.${kind}.occurred_at`);
  const origin = {
    variationId: thing.catalog_object_id,
    locationId: thing.location_id,
    units: Number(thing.quantity),
    occurredAt: toSortable(thing.occurred_at),
    product: 'EXTERNAL_API' as const,
    referenceId: thing.reference_id,
  };
  if (wanted.adjustment === undefined) return { type: 'PHYSICAL_COUNT', ...origin };
  const { from_state: from, to_state: to } = wanted.adjustment;
  const allowed = WRITABLE.find((pair) => pair[0] === from && pair[1] === to);
  if (allowed === undefined) {
    const detail = `An application may not move stock from ${from} to ${to}.`;
    throw invalid('INVALID_VALUE', detail, `${field}.adjustment`);
  }
  if (origin.units === 0) {
    throw invalid('VALUE_TOO_LOW', 'Nothing is moved.', `${field}.adjustment.quantity`);
  }
  return { type: 'ADJUSTMENT', from: allowed[0], to: allowed[1], ...origin };
}

function assertRecent(account: SquareAccount, occurredAt: string, field: string): void {
  const atMs = Date.parse(occurredAt);
  const nowMs = account.clock.now();
  if (atMs > nowMs + AHEAD_MS) throw invalid('INVALID_TIME', 'The time is in the future.', field);
  if (atMs < nowMs - OLDEST_MS) {
    throw invalid('INVALID_TIME', 'The time is more than 24 hours ago.', field);
  }
}

function countsTheSame(account: SquareAccount, wanted: NewChange): boolean {
  if (wanted.type !== 'PHYSICAL_COUNT') return false;
  return account.inventory.count(wanted.variationId, wanted.locationId) === wanted.units;
}

function statesOf(entry: LedgerEntry): string[] {
  return entry.type === 'ADJUSTMENT' ? [entry.from, entry.to] : ['IN_STOCK'];
}

function sets(filters: Filters): Record<'variations' | 'locations' | 'states', Set<string> | null> {
  const toSet = (held: string[] | undefined): Set<string> | null =>
    held === undefined || held.length === 0 ? null : new Set(held);
  return {
    variations: toSet(filters.catalog_object_ids),
    locations: toSet(filters.location_ids),
    states: toSet(filters.states),
  };
}
