import type { PaymentType, PlannedAssembly, PlannedProduct, StoreId } from '../plan/day-plan.js';

/** Units of base SKUs. */
export type Units = ReadonlyMap<string, number>;

/** A trade order as the shop's own books have it at the end. */
export interface TradeEvidence {
  readonly ref: string;
  readonly poNumber: string;
  readonly paymentType: PaymentType;
  /** Null while it is only a draft. */
  readonly shopOrderName: string | null;
  readonly live: boolean;
  /** What the buyer owes for what is left of it. */
  readonly totalMinor: number;
  readonly lines: readonly {
    readonly sku: string | null;
    readonly currentQuantity: number;
    readonly fulfilledQuantity: number;
  }[];
  /** What the shop was told has left and was not called off, each with its base units. */
  readonly reports: readonly { readonly trackingNumber: string | null; readonly units: Units }[];
  /** How far the hub says it is; null when it does not know the order. */
  readonly hubState: string | null;
  /** Whether the hub told people that it was cancelled after goods of it had left. */
  readonly leftToPeople: boolean;
  /** Whether SparkLayer shows the whole order as sent; null when it does not know the order. */
  readonly shownAsSent: boolean | null;
}

/** An order that the hub made in the POS, from the POS's own books. */
export interface PosOrderEvidence {
  readonly id: string;
  /** The hub's own id of what it posted. */
  readonly postingId: string;
  readonly store: StoreId;
  readonly poNumber: string | null;
  /** Whether people can read the PO number on the ticket. */
  readonly poNumberShown: boolean;
  /** '2/3' on the second of three into which the lines of one order were divided, else ''. */
  readonly part: string;
  readonly units: Units;
  readonly totalMinor: number;
  readonly refundedMinor: number;
  readonly reversedUnits: Units;
  readonly tenders: readonly { readonly type: string; readonly source: string | null }[];
  readonly dispatched: boolean;
  readonly trackingNumber: string | null;
  /** Called off in the POS: another may stand for it. */
  readonly cancelled: boolean;
}

/** Goods that left a store as a part of a POS order, and stand as having left. */
export interface ShipmentEvidence {
  readonly poNumber: string;
  readonly posOrderId: string;
  readonly units: Units;
  readonly trackingNumber: string | null;
}

/** A change of truth at a vendor, in base units per store where it has one. */
export interface EffectEvidence {
  readonly atMs: number;
  readonly kind: 'promise' | 'release' | 'store' | 'deduct' | 'retail-adjust' | 'reversal';
  readonly store: StoreId | null;
  /** The trade order, where it has one. */
  readonly ref: string | null;
  /** `promise` and `release` above zero; the rest signed, out is below zero. */
  readonly units: Units;
  /** When somebody outside could first know: a delivered webhook. */
  readonly deliveredAtMs: number | null;
  readonly vendor: 'shopify' | 'square';
}

/** What the simulators' books say, and what the hub answered about money owed. */
export interface Evidence {
  readonly products: readonly PlannedProduct[];
  readonly assemblies: readonly PlannedAssembly[];
  readonly trade: readonly TradeEvidence[];
  /** Base units of retail orders that were sent to buyers. */
  readonly retailSent: Units;
  /** Base units of retail orders that wait to be sent. */
  readonly retailWaiting: Units;
  readonly posOrders: readonly PosOrderEvidence[];
  readonly shipments: readonly ShipmentEvidence[];
  /** How often anybody wrote purchases to SparkLayer, which a connector of its own does here. */
  readonly purchasesWritten: number;
  readonly countOf: (store: StoreId, sku: string) => number;
  readonly availableOf: (sku: string) => number;
  /** In order of time. */
  readonly effects: readonly EffectEvidence[];
  /** When a poll of a vendor's stock or orders was answered, and when it was asked. */
  readonly polls: readonly {
    readonly vendor: 'shopify' | 'square';
    readonly beganMs: number;
    readonly endedMs: number;
  }[];
  /** When nobody could ask a vendor. */
  readonly outages: readonly {
    readonly vendor: 'shopify' | 'square';
    readonly beganMs: number;
    readonly endedMs: number;
  }[];
  readonly receivables: readonly {
    readonly orderName: string;
    readonly amountMinor: number;
    readonly state: string;
  }[];
  /** How each payment type must show in the POS. */
  readonly tenderOf: Readonly<
    Record<PaymentType, { readonly type: string; readonly source: string }>
  >;
}

/** What one of what the shop sells takes off the shelf. */
export class Explosion {
  private readonly made: ReadonlyMap<string, PlannedAssembly>;

  constructor(assemblies: readonly PlannedAssembly[]) {
    this.made = new Map(assemblies.map((assembly) => [assembly.sku, assembly]));
  }

  unitsOf(
    lines: readonly { readonly sku: string | null; readonly quantity: number }[],
  ): Map<string, number> {
    const units = new Map<string, number>();
    for (const { sku, quantity } of lines) {
      if (sku === null) continue;
      for (const part of this.made.get(sku)?.components ?? [{ sku, units: 1 }]) {
        addTo(units, part.sku, part.units * quantity);
      }
    }
    return units;
  }
}

export function addTo(units: Map<string, number>, sku: string, more: number): void {
  units.set(sku, (units.get(sku) ?? 0) + more);
}
