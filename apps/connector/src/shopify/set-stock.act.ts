import { Failure, SetStock, StockSet, type StockSetResult } from '@tillbridge/contracts';
import { randomUUID } from 'node:crypto';

import type { Act, ActResult, ActRun, Observation } from '../vendor.js';
import type { Level, LevelReader } from './level-reader.js';
import { SHOPIFY } from './shopify.capabilities.js';
import type { UserError } from './shopify.answers.js';
import type { ShopifyClient } from './shopify.client.js';
import { SET_QUANTITIES } from './shopify.documents.js';
import { levelKey, toGid } from './shopify.identity.js';
import type { VariantBook } from './variant-book.js';

/** The platform takes so many figures in one call. */
const ITEMS_AT_ONCE = SHOPIFY.listInput;
/** One stale figure fails the whole call: the others go again, without it, but not for ever. */
const ROUNDS = 4;
const IN_PROGRESS_RETRY_MS = 1_000;

/** One figure to set, with the platform's id of the thing. */
interface Target {
  readonly itemId: string;
  readonly locationId: string;
  readonly sku: string;
  readonly fromUnits: number;
  readonly toUnits: number;
}

type Outcome =
  | { readonly kind: 'set'; readonly units: number }
  | { readonly kind: 'stale'; readonly units: number }
  | { readonly kind: 'refused'; readonly reason: string };

/** What one call came to. When it failed, nothing was set. */
interface CallResult {
  readonly kind: 'set' | 'failed';
  /** Places of the figures that were not what we believed. */
  readonly stale: readonly number[];
  /** Some were not, and nothing says which. */
  readonly unnamed: boolean;
  readonly refusals: readonly { readonly index: number; readonly reason: string }[];
}

export interface SetStockParts {
  readonly client: ShopifyClient;
  readonly variants: VariantBook;
  readonly levels: LevelReader;
  readonly timeScale: number;
}

/** Sets figures by compare-and-set: one that has moved meanwhile is told, not overwritten. */
export class SetStockAct implements Act<SetStock> {
  readonly command = SetStock;

  constructor(private readonly parts: SetStockParts) {}

  async perform(command: SetStock, run: ActRun): Promise<ActResult> {
    const targets = await run.fixed('targets', () => this.toTargets(command));
    const outcomes = new Map<string, Outcome>();
    for (let at = 0; at < targets.length; at += ITEMS_AT_ONCE) {
      const few = targets.slice(at, at + ITEMS_AT_ONCE);
      await this.setFew(`${command.batchId}-${at}`, few, { run, outcomes });
    }
    const known = new Map(targets.map((target) => [placeOf(target), target]));
    return {
      observations: targets.flatMap((target) => this.toObservation(target, outcomes)),
      messages: (revisions) => [
        toStockSet(
          command,
          command.items.map((item) => {
            const target = known.get(placeOf({ ...item, locationId: item.channelLocationId }));
            if (target === undefined) return { ...placed(item), ...UNKNOWN_SKU };
            return toResult(item, outcomes.get(keyOf(target)), revisions.get(levelOf(target)));
          }),
        ),
      ],
    };
  }

  refused(command: SetStock, failure: Failure): object[] {
    const reason = failure.message;
    return [
      toStockSet(
        command,
        command.items.map((item) => refusal(item, reason)),
      ),
    ];
  }

  notSent(command: SetStock): object[] {
    const results = command.items.map((item) => ({
      ...placed(item),
      outcome: 'not-sent' as const,
    }));
    return [toStockSet(command, results)];
  }

  private async toTargets(command: SetStock): Promise<Target[]> {
    const itemIds = await this.parts.variants.itemsOf(command.items.map(({ sku }) => sku));
    return command.items.flatMap(({ sku, channelLocationId, fromUnits, toUnits }) => {
      const itemId = itemIds.get(sku);
      if (itemId === undefined) return [];
      const locationId = toGid('Location', channelLocationId);
      return [{ itemId, locationId, sku, fromUnits, toUnits }];
    });
  }

  /**
   * Each round is one call with its own key; a lost answer asks again with the same one. Figures that
   * had moved are left out of the next round and read at the end, so that the others do not wait.
   */
  private async setFew(
    name: string,
    targets: readonly Target[],
    { run, outcomes }: { run: ActRun; outcomes: Map<string, Outcome> },
  ): Promise<void> {
    let open = targets;
    const moved: Target[] = [];
    for (let round = 0; round < ROUNDS && open.length > 0; round += 1) {
      const step = `${name}-${round}`;
      const key = await run.fixed(`key-${step}`, () => randomUUID());
      const sending = open;
      const called = await run.step(`set-${step}`, () => this.send(name, sending, key));
      if (called.kind === 'set') {
        this.noteSet(sending, outcomes);
        open = [];
        break;
      }
      for (const { index, reason } of called.refusals) {
        const target = sending[index];
        if (target) outcomes.set(keyOf(target), { kind: 'refused', reason });
      }
      const stale = new Set(called.stale.map((index) => sending[index]));
      moved.push(...sending.filter((target) => stale.has(target)));
      open = sending.filter((target) => !stale.has(target) && !outcomes.has(keyOf(target)));
      if (!called.unnamed) continue;
      const figures = await run.step(`read-${step}`, () => this.parts.levels.read(sending));
      open = settleMoved(open, figures, outcomes);
    }
    if (moved.length > 0) {
      const figures = await run.step(`read-${name}`, () => this.parts.levels.read(moved));
      open = [...open, ...settleMoved(moved, figures, outcomes)];
    }
    for (const target of open) {
      outcomes.set(keyOf(target), { kind: 'stale', units: target.fromUnits });
    }
  }

  private noteSet(targets: readonly Target[], outcomes: Map<string, Outcome>): void {
    for (const target of targets) {
      outcomes.set(keyOf(target), setTo(target));
      this.parts.levels.noteSet({ ...target, availableUnits: target.toUnits });
    }
  }

  private async send(name: string, targets: readonly Target[], key: string): Promise<CallResult> {
    const input = {
      name: 'available',
      reason: 'correction',
      referenceDocumentUri: `gid://tillbridge/SetStock/${name}`,
      quantities: targets.map((target) => ({
        inventoryItemId: target.itemId,
        locationId: target.locationId,
        quantity: target.toUnits,
        changeFromQuantity: target.fromUnits,
      })),
    };
    const answer = await this.parts.client.send(SET_QUANTITIES, { input, key });
    const errors = answer.inventorySetQuantities?.userErrors ?? [];
    if (errors.some(({ code }) => code === 'IDEMPOTENCY_CONCURRENT_REQUEST')) {
      const afterMs = Math.max(50, Math.round(IN_PROGRESS_RETRY_MS / this.parts.timeScale));
      throw new Failure('vendor-conflict', { afterMs }, 'the same call is still under way');
    }
    return errors.length === 0
      ? { kind: 'set', stale: [], unnamed: false, refusals: [] }
      : readErrors(errors, targets.length);
  }

  private toObservation(target: Target, outcomes: ReadonlyMap<string, Outcome>): Observation[] {
    const outcome = outcomes.get(keyOf(target));
    if (outcome === undefined || outcome.kind === 'refused') return [];
    const { itemId, locationId, sku } = target;
    const level: Level = { itemId, locationId, sku, availableUnits: outcome.units };
    return [this.parts.levels.toObservation(level)];
  }
}

const UNKNOWN_SKU = { outcome: 'refused', reason: 'the platform has no such SKU' } as const;
const STALE_CODES = ['CHANGE_FROM_QUANTITY_STALE', 'COMPARE_QUANTITY_STALE'];
const NEW_KEY_CODE = 'IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED';

/** Errors name an item by its place; one of an unknown kind that names none refuses all. */
function readErrors(errors: readonly UserError[], count: number): CallResult {
  const refusals = new Map<number, string>();
  const stale: number[] = [];
  let unnamed = false;
  for (const { code, field, message } of errors) {
    if (code === NEW_KEY_CODE) continue;
    const index = field?.map(Number).find(Number.isInteger);
    if (STALE_CODES.includes(code ?? '')) {
      if (index === undefined) unnamed = true;
      else stale.push(index);
      continue;
    }
    const reason = `${code ?? 'refused'}: ${message}`;
    const all = Array.from({ length: count }, (_, at) => at);
    for (const at of index === undefined ? all : [index]) refusals.set(at, reason);
  }
  return {
    kind: 'failed',
    stale,
    unnamed,
    refusals: [...refusals].map(([index, reason]) => ({ index, reason })),
  };
}

/** Gives back those that are as we believed and only suffered from the others. */
function settleMoved(
  open: readonly Target[],
  figures: readonly Level[],
  outcomes: Map<string, Outcome>,
): Target[] {
  const units = new Map(figures.map((level) => [keyOf(level), level.availableUnits]));
  return open.filter((target) => {
    const now = units.get(keyOf(target));
    if (now === target.fromUnits && now !== target.toUnits) return true;
    if (now === undefined) {
      outcomes.set(keyOf(target), { kind: 'refused', reason: 'not stocked at this location' });
    } else if (now === target.toUnits) outcomes.set(keyOf(target), setTo(target));
    else outcomes.set(keyOf(target), { kind: 'stale', units: now });
    return false;
  });
}

function setTo(target: Target): Outcome {
  return { kind: 'set', units: target.toUnits };
}

function toResult(
  item: SetStock['items'][number],
  outcome: Outcome | undefined,
  revision: number | undefined,
): StockSetResult {
  if (outcome === undefined) return refusal(item, 'no answer for this item');
  if (outcome.kind === 'refused') return refusal(item, outcome.reason);
  const { kind, units } = outcome;
  return { ...placed(item), outcome: kind, availableUnits: units, revision };
}

function refusal(item: SetStock['items'][number], reason: string): StockSetResult {
  return { ...placed(item), outcome: 'refused', reason };
}

function placed({ channelLocationId, sku }: SetStock['items'][number]) {
  return { channelLocationId, sku };
}

function toStockSet(command: SetStock, results: StockSetResult[]): StockSet {
  const { batchId, connectionId } = command;
  return Object.assign(new StockSet(), { batchId, connectionId, results });
}

function keyOf({ itemId, locationId }: { itemId: string; locationId: string }): string {
  return levelKey(itemId, locationId);
}

function levelOf(target: Target): string {
  return `level|${keyOf(target)}`;
}

function placeOf({ sku, locationId }: { sku: string; locationId: string }): string {
  return `${toGid('Location', locationId)}|${sku}`;
}
