import type { GraphQLResolveInfo } from 'graphql';

import { recordCall } from '../wire/simulated-world.js';
import type { SimulatedWorld } from '../wire/simulated-world.js';
import { quantityOf } from './catalogue-views.js';
import type { ViewContext } from './catalogue-views.js';
import { idempotencyKey, OncePerKey } from './once-per-key.js';

export interface AdjustQuantitiesInput {
  readonly name: string;
  readonly reason: string;
  readonly referenceDocumentUri?: string | null;
  readonly changes: readonly {
    readonly inventoryItemId: string;
    readonly locationId: string;
    readonly delta: number;
    /** Null skips the comparison; leaving it out does not. */
    readonly changeFromQuantity?: number | null;
  }[];
}

interface AdjustUserError {
  readonly __typename: 'InventoryAdjustQuantitiesUserError';
  readonly code: string;
  readonly field: readonly string[];
  readonly message: string;
}

interface AdjustPayload {
  readonly __typename: 'InventoryAdjustQuantitiesPayload';
  readonly userErrors: readonly AdjustUserError[];
}

/** inventoryAdjustQuantities of `available`: by deltas, whole or not at all, once per key. */
export class InventoryAdjust {
  private readonly once = new OncePerKey<AdjustPayload>(() =>
    toPayload([
      refusal('IDEMPOTENCY_KEY_PARAMETER_MISMATCH', [], 'The key was used with other arguments'),
    ]),
  );

  constructor(
    private readonly world: SimulatedWorld,
    private readonly context: ViewContext,
  ) {}

  perform(input: AdjustQuantitiesInput, info: GraphQLResolveInfo): AdjustPayload {
    const key = idempotencyKey(info);
    const { payload, replayed } = this.once.perform(input, key, () => {
      const errors = this.check(input);
      if (errors.length === 0) this.apply(input);
      return toPayload(errors);
    });
    recordCall(this.world, {
      vendor: 'shopify',
      call: 'inventoryAdjustQuantities',
      accepted: payload.userErrors.length === 0,
      detail: { key, replayed, ...input },
    });
    return payload;
  }

  private check({ name, changes }: AdjustQuantitiesInput): AdjustUserError[] {
    if (name !== 'available') {
      return [refusal('INVALID_QUANTITY_NAME', ['name'], 'The quantity name is invalid')];
    }
    return changes.flatMap((change, index) => {
      const error = this.checkChange(change);
      if (error === null) return [];
      return [refusal(error.code, ['changes', String(index), error.field], error.message)];
    });
  }

  private checkChange({
    inventoryItemId,
    locationId,
    changeFromQuantity: from,
  }: AdjustQuantitiesInput['changes'][number]) {
    const { catalogue, stock } = this.context.shop;
    if (catalogue.variantOfItem(inventoryItemId) === undefined) {
      const message = 'The specified inventory item could not be found';
      return { code: 'INVALID_INVENTORY_ITEM', field: 'inventoryItemId', message };
    }
    if (!catalogue.locations.has(locationId)) {
      const message = 'The specified location could not be found';
      return { code: 'INVALID_LOCATION', field: 'locationId', message };
    }
    const held = quantityOf(stock.level(inventoryItemId, locationId), 'available');
    if (from === null || from === held) return null;
    const message = 'The changeFromQuantity value does not match the current quantity';
    return { code: 'CHANGE_FROM_QUANTITY_STALE', field: 'changeFromQuantity', message };
  }

  private apply({ changes }: AdjustQuantitiesInput): void {
    const { stock } = this.context.shop;
    for (const { inventoryItemId, locationId, delta } of changes) {
      stock.adjust(stock.level(inventoryItemId, locationId), delta);
    }
  }
}

function refusal(code: string, path: readonly string[], message: string): AdjustUserError {
  const field = ['input', ...path];
  return { __typename: 'InventoryAdjustQuantitiesUserError', code, field, message };
}

function toPayload(userErrors: readonly AdjustUserError[]): AdjustPayload {
  return { __typename: 'InventoryAdjustQuantitiesPayload', userErrors };
}
