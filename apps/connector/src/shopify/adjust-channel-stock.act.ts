import {
  AdjustChannelStock,
  Failure,
  StockAdjusted,
  type StockCause,
  type UnitChange,
} from '@tillbridge/contracts';
import type { Act, ActResult, ActRun, Observation } from '../vendor.js';
import type { Level, LevelReader } from './level-reader.js';
import type { OwnPlaces } from './own-places.js';
import type { ShopifyClient } from './shopify.client.js';
import { ADJUST_QUANTITIES } from './shopify.documents.js';
import type { VariantBook } from './variant-book.js';

const IN_PROGRESS_RETRY_MS = 1_000;
const IN_PROGRESS_CODE = 'IDEMPOTENCY_CONCURRENT_REQUEST';

/** A change with the platform's id of the thing. */
interface Target extends UnitChange {
  readonly itemId: string;
  readonly locationId: string;
}

export interface AdjustChannelStockParts {
  readonly client: ShopifyClient;
  readonly variants: VariantBook;
  readonly levels: LevelReader;
  readonly places: OwnPlaces;
  readonly timeScale: number;
}

/**
 * Takes the units of sold packs out of a place that the platform counts itself. The platform's ledger
 * cannot be read, so the figure that contains the change is read after it and told with it as its cause.
 */
export class AdjustChannelStockAct implements Act<AdjustChannelStock> {
  readonly command = AdjustChannelStock;

  constructor(
    private readonly connectionId: string,
    private readonly parts: AdjustChannelStockParts,
  ) {}

  async perform(command: AdjustChannelStock, run: ActRun): Promise<ActResult> {
    const targets = await run.fixed('targets', () => this.toTargets(command));
    await run.step('adjust', () => this.adjust(command, targets));
    const levels = await this.parts.levels.read(targets);
    return {
      observations: levels.map((level) => this.toObservation(command, level, targets)),
      messages: () => [this.toAdjusted(command, 'done')],
    };
  }

  refused(command: AdjustChannelStock, failure: Failure): object[] {
    return [this.toAdjusted(command, 'refused', failure.message)];
  }

  notSent(command: AdjustChannelStock): object[] {
    return [this.toAdjusted(command, 'not-sent', 'the connection only observes')];
  }

  private async toTargets({ locationId, changes }: AdjustChannelStock): Promise<Target[]> {
    const placeId = this.parts.places.placeOf(locationId);
    if (placeId === undefined) {
      const what = `location '${locationId}' is no place of this connection's own`;
      throw new Failure('configuration', 'never', what);
    }
    const items = await this.parts.variants.itemsOf(changes.map(({ sku }) => sku));
    return changes.map(({ sku, units }) => {
      const itemId = items.get(sku);
      if (itemId === undefined) {
        throw new Failure('not-found', 'never', `the platform has no SKU ${sku}`);
      }
      return { sku, units, itemId, locationId: placeId };
    });
  }

  /** The id of the adjustment is the key: a call whose answer was lost is answered as it was. */
  private async adjust(
    { adjustmentId }: AdjustChannelStock,
    targets: readonly Target[],
  ): Promise<true> {
    const input = {
      name: 'available',
      reason: 'other',
      referenceDocumentUri: `gid://tillbridge/StockAdjustment/${adjustmentId}`,
      changes: targets.map(({ itemId: inventoryItemId, locationId, units: delta }) => {
        // Whatever is there by now: it is a change, and not a figure that could be stale.
        return { inventoryItemId, locationId, delta, changeFromQuantity: null };
      }),
    };
    const answer = await this.parts.client.send(ADJUST_QUANTITIES, { input, key: adjustmentId });
    const errors = answer.inventoryAdjustQuantities?.userErrors ?? [];
    if (errors.some(({ code }) => code === IN_PROGRESS_CODE)) {
      const afterMs = Math.max(50, Math.round(IN_PROGRESS_RETRY_MS / this.parts.timeScale));
      throw new Failure('vendor-conflict', { afterMs }, 'the same call is still under way');
    }
    if (errors.length === 0) return true;
    const reasons = errors.map(({ code, message }) => `${code ?? 'refused'}: ${message}`);
    throw new Failure('vendor-refused', 'never', reasons.join('; '));
  }

  private toObservation(
    { adjustmentId, orderId }: AdjustChannelStock,
    level: Level,
    targets: readonly Target[],
  ): Observation {
    const units = targets.find(({ sku }) => sku === level.sku)?.units ?? 0;
    const cause: Omit<StockCause, 'at'> = {
      causeId: adjustmentId,
      kind: 'retail-dispatch',
      orderId,
      units,
    };
    return this.parts.levels.toObservation(level, [cause]);
  }

  private toAdjusted(
    { adjustmentId, orderId }: AdjustChannelStock,
    outcome: StockAdjusted['outcome'],
    reason?: string,
  ): StockAdjusted {
    const { connectionId } = this;
    const about = { adjustmentId, connectionId, orderId, outcome };
    return Object.assign(new StockAdjusted(), {
      ...about,
      ...(reason === undefined ? {} : { reason }),
    });
  }
}
