import { PosCustomerObserved, PosFulfilmentObserved, StockCounted } from '@tillbridge/contracts';
import type { PosDispatch, StockCause } from '@tillbridge/contracts';
import type { Observation } from '../vendor.js';
import type { Customer, Order } from './square-model.js';
import { fulfilmentOf, ourOrderOf, toClock, toUnits } from './square.translate.js';

/** A figure and the causes that are new with it. */
export interface Counted {
  readonly vendorLocationId: string;
  readonly variationId: string;
  readonly locationId: string;
  readonly sku: string;
  readonly quantity: string;
  readonly calculatedAt: string;
  readonly causes: readonly StockCause[];
}

export function countKeyOf(vendorLocationId: string, variationId: string): string {
  return `${vendorLocationId}|${variationId}`;
}

export function observeCount(connectionId: string, counted: Counted): Observation {
  const content = {
    locationId: counted.locationId,
    sku: counted.sku,
    onHandUnits: toUnits(counted.quantity),
    countedAt: toClock(counted.calculatedAt),
    causes: counted.causes.map((cause) => ({ ...cause })),
  };
  return {
    key: { kind: 'count', id: countKeyOf(counted.vendorLocationId, counted.variationId) },
    content,
    ordered: true,
    toMessage: (revision) =>
      Object.assign(new StockCounted(), {
        ...content,
        causes: counted.causes,
        connectionId,
        vendorLocationId: counted.vendorLocationId,
        revision,
      }),
  };
}

/** Null when the order is not one that we posted. */
export function observeOrder(
  connectionId: string,
  order: Order,
  dispatch: PosDispatch | null,
): Observation | null {
  const our = ourOrderOf(order);
  if (our === null) return null;
  const left = dispatch === null ? {} : { dispatch };
  const content = { ...our, posOrderId: order.id, ...fulfilmentOf(order), ...left };
  return {
    key: { kind: 'order', id: order.id },
    content,
    toMessage: (revision) =>
      Object.assign(new PosFulfilmentObserved(), { ...content, connectionId, revision }),
  };
}

/** Null when the customer carries no reference to a platform customer. */
export function observeCustomer(connectionId: string, customer: Customer): Observation | null {
  const { id: posCustomerId, reference_id: reference } = customer;
  if (reference === undefined || reference === '') return null;
  const content = { posCustomerId, reference };
  return {
    key: { kind: 'customer', id: posCustomerId },
    content,
    toMessage: () => Object.assign(new PosCustomerObserved(), { ...content, connectionId }),
  };
}
