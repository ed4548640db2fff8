import { Failure, type UnitChange } from '@tillbridge/contracts';
import type { ActRun } from '../vendor.js';
import type { NewAdjustment } from './square-model.js';
import type { SquareLocations } from './square-locations.js';
import type { SquareRefs } from './square-refs.js';
import { SQUARE } from './square.capabilities.js';
import { chunksOf, type SquareClient } from './square.client.js';
import { toClock } from './square.translate.js';

export interface StockChangeRequest {
  /** Prefix of the idempotency keys: derived from the command, the same for ever. */
  readonly key: string;
  /** `reference_id` on each entry: the ledger then tells whose it is. */
  readonly mark: string;
  readonly locationId: string;
  readonly changes: readonly UnitChange[];
  /** When it happened, ISO 8601; now where it is left out, or where Square would find it too old. */
  readonly happenedAt?: string | undefined;
}

interface Batch {
  /** When its changes happened, as Square is told. */
  readonly datedMs: number;
  readonly adjustments: readonly NewAdjustment[];
}

/** Square takes a change for a day after it happened; a batch older than this is dated anew. */
const FRESH_MS = (SQUARE.oldestChangeMs * 5) / 6;
/** A date ahead of Square's clock is refused; clocks differ a little. */
const SKEW_MS = 1_000;

/** Writes changes into Square's inventory ledger, each of them once. */
export class StockChanges {
  constructor(
    private readonly client: SquareClient,
    private readonly refs: SquareRefs,
    private readonly locations: SquareLocations,
    private readonly clock: { now(): number },
  ) {}

  /** @throws Failure 'never' when a SKU or the location is unknown, before anything is written. */
  async apply(run: ActRun, request: StockChangeRequest): Promise<void> {
    const all = await run.fixed('adjustments', () => this.toAdjustments(request));
    for (const [index, part] of chunksOf(all, SQUARE.batch.stockChanges).entries()) {
      await this.applyPart(run, `${request.key}-${index}`, part, request.happenedAt);
    }
  }

  /**
   * The same bytes go again for as long as Square takes their date. After an outage of a day the
   * ledger is asked whether they arrived before they are dated anew.
   */
  private async applyPart(
    run: ActRun,
    key: string,
    part: readonly Omit<NewAdjustment, 'occurred_at'>[],
    happenedAt: string | undefined,
  ): Promise<void> {
    for (let edition = 0; ; edition += 1) {
      const batch = await run.fixed(`${key}-${edition}`, () => this.toBatch(part, happenedAt));
      const done = `${key}-done`;
      if (this.clock.now() - batch.datedMs < FRESH_MS) {
        await run.step(done, () => this.write(`${key}-${edition}`, batch));
        return;
      }
      const known = await run.step(`${key}-${edition}-known`, () => this.isInLedger(batch));
      if (known) return;
    }
  }

  private async write(key: string, batch: Batch): Promise<boolean> {
    await this.client.post('/v2/inventory/changes/batch-create', {
      idempotency_key: key,
      changes: batch.adjustments.map((adjustment) => ({ type: 'ADJUSTMENT', adjustment })),
      ignore_unchanged_counts: true,
    });
    return true;
  }

  /** A batch is written whole or not at all, so that one of its entries speaks for all. */
  private async isInLedger(batch: Batch): Promise<boolean> {
    const [first] = batch.adjustments;
    if (first === undefined) return true;
    const filter = {
      catalog_object_ids: [first.catalog_object_id],
      location_ids: [first.location_id],
      updated_after: new Date(Date.parse(first.occurred_at) - SKEW_MS).toISOString(),
    };
    for await (const changes of this.client.ledger(filter)) {
      const found = changes.some(
        ({ adjustment }) =>
          adjustment?.reference_id === first.reference_id &&
          toClock(adjustment.occurred_at) === toClock(first.occurred_at),
      );
      if (found) return true;
    }
    return false;
  }

  /** Dated as it happened, so that Square leaves it out of the figure of a later count. */
  private toBatch(
    part: readonly Omit<NewAdjustment, 'occurred_at'>[],
    happenedAt: string | undefined,
  ): Batch {
    const nowMs = this.clock.now();
    const happenedMs = happenedAt === undefined ? nowMs : Date.parse(happenedAt);
    const datedMs = nowMs - happenedMs < FRESH_MS ? Math.min(nowMs, happenedMs) : nowMs;
    const occurred_at = new Date(datedMs - SKEW_MS).toISOString();
    return { datedMs, adjustments: part.map((each) => ({ ...each, occurred_at })) };
  }

  private async toAdjustments(
    request: StockChangeRequest,
  ): Promise<Omit<NewAdjustment, 'occurred_at'>[]> {
    const location_id = this.locations.vendorId(request.locationId);
    if (location_id === undefined) {
      const what = `location '${request.locationId}' is no location of this connection`;
      throw new Failure('configuration', 'never', what);
    }
    const changes = request.changes.filter(({ units }) => units !== 0);
    const variations = await this.refs.variations(changes.map(({ sku }) => sku));
    return changes.map(({ sku, units }) => {
      const catalog_object_id = variations.get(sku);
      if (catalog_object_id === undefined) {
        throw new Failure('not-found', 'never', `the Square catalogue has no SKU ${sku}`);
      }
      return {
        reference_id: request.mark,
        catalog_object_id,
        location_id,
        from_state: units < 0 ? 'IN_STOCK' : 'NONE',
        to_state: units < 0 ? 'SOLD' : 'IN_STOCK',
        quantity: String(Math.abs(units)),
      };
    });
  }
}
