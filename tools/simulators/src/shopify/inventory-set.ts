import { GraphQLError } from 'graphql';
import type { GraphQLResolveInfo } from 'graphql';

import { recordCall } from '../wire/simulated-world.js';
import type { SimulatedWorld } from '../wire/simulated-world.js';
import { InventoryItemView, LocationView, quantityOf } from './catalogue-views.js';
import type { ViewContext } from './catalogue-views.js';
import { IdSequence } from './gid.js';
import { idempotencyKey, OncePerKey } from './once-per-key.js';
import type { StockLevel } from './stock-book.js';
import { toTimestamp } from './timestamp.js';

interface QuantityInput {
  readonly inventoryItemId: string;
  readonly locationId: string;
  readonly quantity: number;
  /** Null skips the comparison; leaving it out does not. */
  readonly changeFromQuantity?: number | null;
}

export interface SetQuantitiesInput {
  readonly name: string;
  readonly reason: string;
  readonly referenceDocumentUri?: string | null;
  readonly quantities: readonly QuantityInput[];
}

interface SetUserError {
  readonly __typename: 'InventorySetQuantitiesUserError';
  readonly code: string;
  readonly field: readonly string[];
  readonly message: string;
}

interface SetPayload {
  readonly __typename: 'InventorySetQuantitiesPayload';
  readonly inventoryAdjustmentGroup: unknown;
  readonly userErrors: readonly SetUserError[];
}

const MOST_ITEMS = 250;
const HIGHEST_QUANTITY = 1_000_000_000;
const REASONS = new Set([
  ...['correction', 'cycle_count_available', 'damaged', 'movement_canceled', 'movement_created'],
  ...['movement_received', 'movement_updated', 'other', 'promotion', 'quality_control', 'received'],
  ...['reservation_created', 'reservation_deleted', 'reservation_updated', 'restock'],
  ...['safety_stock', 'shrinkage'],
]);

/** inventorySetQuantities: compare-and-set, whole or not at all, once per idempotency key. */
export class InventorySet {
  private readonly once = new OncePerKey<SetPayload>(mismatch);
  private readonly groups = new IdSequence('InventoryAdjustmentGroup', 95_000_000);

  constructor(
    private readonly world: SimulatedWorld,
    private readonly context: ViewContext,
  ) {}

  perform(input: SetQuantitiesInput, info: GraphQLResolveInfo): SetPayload {
    const key = idempotencyKey(info);
    const { payload, replayed } = this.once.perform(input, key, () => this.answer(input));
    this.journal(input, payload, { key, replayed });
    return payload;
  }

  private answer(input: SetQuantitiesInput): SetPayload {
    if (input.quantities.length > MOST_ITEMS) throw tooManyItems(input.quantities.length);
    const userErrors = this.check(input);
    return userErrors.length > 0 ? toPayload(null, userErrors) : toPayload(this.apply(input), []);
  }

  private check(input: SetQuantitiesInput): SetUserError[] {
    const errors: SetUserError[] = [];
    if (input.name !== 'available' && input.name !== 'on_hand') {
      errors.push(
        refusal('INVALID_NAME', ['name'], 'The quantity name must be available or on_hand'),
      );
      return errors;
    }
    if (!REASONS.has(input.reason)) {
      errors.push(refusal('INVALID_REASON', ['reason'], 'The specified reason is invalid'));
    }
    if (input.referenceDocumentUri != null && !URL.canParse(input.referenceDocumentUri)) {
      const text = 'The specified reference document is invalid';
      errors.push(refusal('INVALID_REFERENCE_DOCUMENT', ['referenceDocumentUri'], text));
    }
    const seen = new Set<string>();
    input.quantities.forEach((wanted, i) => {
      const error = this.checkQuantity(input.name, wanted, i, seen);
      if (error !== null) errors.push(error);
    });
    return errors;
  }

  private checkQuantity(
    name: string,
    wanted: QuantityInput,
    index: number,
    seen: Set<string>,
  ): SetUserError | null {
    const { catalogue, stock } = this.context.shop;
    const at = (field: string) => ['quantities', String(index), field];
    if (catalogue.variantOfItem(wanted.inventoryItemId) === undefined) {
      const text = 'The specified inventory item could not be found';
      return refusal('INVALID_INVENTORY_ITEM', at('inventoryItemId'), text);
    }
    if (!catalogue.locations.has(wanted.locationId)) {
      const text = 'The specified location could not be found';
      return refusal('INVALID_LOCATION', at('locationId'), text);
    }
    const pair = `${wanted.inventoryItemId} ${wanted.locationId}`;
    if (seen.has(pair)) {
      const text = 'The combination of inventoryItemId and locationId must be unique';
      const code = 'NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR';
      return refusal(code, ['quantities', String(index)], text);
    }
    seen.add(pair);
    if (wanted.quantity < 0) {
      const text = "The quantity can't be negative";
      return refusal('INVALID_QUANTITY_NEGATIVE', at('quantity'), text);
    }
    if (wanted.quantity > HIGHEST_QUANTITY) {
      const text = "The quantity can't be higher than 1,000,000,000";
      return refusal('INVALID_QUANTITY_TOO_HIGH', at('quantity'), text);
    }
    if (wanted.changeFromQuantity === undefined) {
      const text = 'changeFromQuantity is required; null skips the comparison';
      return refusal('COMPARE_QUANTITY_REQUIRED', at('changeFromQuantity'), text);
    }
    const held = quantityOf(stock.level(wanted.inventoryItemId, wanted.locationId), name);
    if (wanted.changeFromQuantity !== null && wanted.changeFromQuantity !== held) {
      const text = 'The changeFromQuantity value does not match the current quantity';
      return refusal('CHANGE_FROM_QUANTITY_STALE', at('changeFromQuantity'), text);
    }
    return null;
  }

  private apply(input: SetQuantitiesInput): unknown {
    const { stock } = this.context.shop;
    const changes = input.quantities.flatMap((wanted) => {
      const level = stock.level(wanted.inventoryItemId, wanted.locationId);
      const delta = wanted.quantity - (quantityOf(level, input.name) ?? 0);
      if (delta === 0) return [];
      stock.adjust(level, delta);
      return ['available', 'on_hand'].map((name) => this.toChange(level, name, delta));
    });
    return {
      __typename: 'InventoryAdjustmentGroup',
      id: this.groups.next(),
      createdAt: toTimestamp(this.world.now()),
      reason: input.reason,
      referenceDocumentUri: input.referenceDocumentUri ?? null,
      changes: (args: { quantityNames?: readonly string[] | null }) =>
        changes.filter((change) => args.quantityNames?.includes(change.name) ?? true),
    };
  }

  private toChange(level: StockLevel, name: string, delta: number) {
    const { catalogue } = this.context.shop;
    const variant = catalogue.variantOfItem(level.inventoryItemId);
    const location = catalogue.locations.get(level.locationId);
    return {
      __typename: 'InventoryChange',
      ...{ name, delta, quantityAfterChange: quantityOf(level, name), ledgerDocumentUri: null },
      item: variant === undefined ? null : new InventoryItemView(variant, this.context),
      location: location === undefined ? null : new LocationView(location, this.context),
    };
  }

  private journal(
    input: SetQuantitiesInput,
    payload: SetPayload,
    how: { key: string; replayed: boolean },
  ): void {
    const { catalogue } = this.context.shop;
    recordCall(this.world, {
      vendor: 'shopify',
      call: 'inventorySetQuantities',
      accepted: payload.userErrors.length === 0,
      detail: {
        ...how,
        codes: payload.userErrors.map((error) => error.code),
        quantities: input.quantities.map((wanted) => ({
          sku: catalogue.variantOfItem(wanted.inventoryItemId)?.sku ?? null,
          locationId: wanted.locationId,
          from: wanted.changeFromQuantity ?? null,
          to: wanted.quantity,
        })),
      },
    });
  }
}

function tooManyItems(count: number): GraphQLError {
  return new GraphQLError(
    `The input array size of ${count} is greater than the maximum allowed of ${MOST_ITEMS}.`,
    { extensions: { code: 'MAX_INPUT_SIZE_EXCEEDED' } },
  );
}

function mismatch(): SetPayload {
  const text = 'The idempotency key was used before with other arguments';
  const code = 'IDEMPOTENCY_KEY_PARAMETER_MISMATCH';
  return toPayload(null, [{ ...refusal(code, [], text), field: [] }]);
}

function refusal(code: string, path: readonly string[], message: string): SetUserError {
  const field = ['input', ...path];
  return { __typename: 'InventorySetQuantitiesUserError', code, field, message };
}

function toPayload(group: unknown, userErrors: readonly SetUserError[]): SetPayload {
  return {
    __typename: 'InventorySetQuantitiesPayload',
    inventoryAdjustmentGroup: group,
    userErrors,
  };
}
