import {
  shelfKey,
  type FactOf,
  type MasterCause,
  type OrderSighting,
  type StockFact,
} from '@tillbridge/domain';
import type { SoakMerchant } from '../world/soak-merchant.js';
import type { Part } from '../world/soak-products.js';
import { takenByOrder, type LeftGoods, type Taken } from '../world/taken.js';

export interface KnownShelf {
  readonly onHandUnits: number;
  readonly countedAt: string;
  readonly revision: number;
}

const NOTHING: ReadonlyMap<string, never> = new Map<string, never>();

/**
 * What the facts that the hub has taken mean, told without the hub's rules and in the plainest way:
 * the newest count, the sum of the named causes up to its clock, the newest version of each order.
 */
export class Known {
  readonly shelves = new Map<string, KnownShelf>();
  readonly orders = new Map<string, { draft?: OrderSighting; order?: OrderSighting }>();
  private readonly causes = new Map<string, Map<string, MasterCause>>();
  private readonly taken = new Map<string, ReadonlyMap<string, Taken>>();
  /** What left each shelf, by posting and shipment. */
  private readonly left = new Map<string, Map<string, LeftGoods>>();
  /** What each of them said last. */
  private readonly told = new Map<string, FactOf<'dispatched' | 'shipped'>['data']>();
  private readonly owed = new Map<string, ReadonlyMap<string, number>>();
  /** What a line is made of since it was first promised, by order and SKU. */
  private readonly captured = new Map<string, readonly Part[]>();

  constructor(public merchant: SoakMerchant) {}

  take(facts: readonly StockFact[]): void {
    const changed = new Set<string>();
    for (const fact of facts) {
      if (fact.kind === 'stock-counted') this.count(fact);
      else if (fact.kind === 'order-observed' && this.see(fact)) changed.add(fact.data.orderId);
      else if (fact.kind === 'dispatched' || fact.kind === 'shipped') this.leave(fact);
    }
    for (const orderId of changed) {
      const { draft, order } = this.orders.get(orderId) ?? {};
      this.owed.set(orderId, this.wantedBy(order ?? (draft as OrderSighting)));
    }
  }

  /** A line stays made of what it was made of when it was first promised. */
  partsOf(orderId: string, sku: string): readonly Part[] {
    return this.captured.get(`${orderId} ${sku}`) ?? this.merchant.partsOf(sku);
  }

  /** Units that the shelf's figure contains of each order. */
  takenFrom(key: string): ReadonlyMap<string, Taken> {
    return this.taken.get(key) ?? NOTHING;
  }

  /** Base units that an order wants, by SKU. */
  owedTo(orderId: string): ReadonlyMap<string, number> {
    return this.owed.get(orderId) ?? NOTHING;
  }

  /** True when the hub has seen this version of the order itself, or a later one. */
  knowsOrder(orderId: string, version: number): boolean {
    return (this.orders.get(orderId)?.order?.revision ?? 0) >= version;
  }

  private count({ data }: FactOf<'stock-counted'>): void {
    const key = shelfKey(data);
    const held = this.shelves.get(key);
    const later =
      held === undefined ||
      data.countedAt > held.countedAt ||
      (data.countedAt === held.countedAt && data.revision > held.revision);
    if (later) this.shelves.set(key, data);
    const causes = this.causes.get(key) ?? new Map<string, MasterCause>();
    this.causes.set(key, causes);
    for (const cause of data.causes) causes.set(cause.causeId, cause);
    this.takeAnew(key, data.locationId);
  }

  private leave({ data }: FactOf<'dispatched' | 'shipped'>): void {
    const { postingId, locationId } = data;
    const teller = 'shipmentId' in data ? `${postingId} ${data.shipmentId}` : postingId;
    const before = this.told.get(teller);
    if (before !== undefined && before.revision >= data.revision) return;
    this.told.set(teller, data);
    const touched = new Set<string>();
    const leftOf = (sku: string): Map<string, LeftGoods> => {
      const key = shelfKey({ locationId, sku });
      touched.add(key);
      const left = this.left.get(key) ?? new Map<string, LeftGoods>();
      this.left.set(key, left);
      return left;
    };
    for (const { sku } of before?.units ?? []) leftOf(sku).delete(teller);
    for (const { sku, units } of data.units) leftOf(sku).set(teller, { ...data, units });
    for (const key of touched) this.takeAnew(key, locationId);
  }

  private takeAnew(key: string, locationId: string): void {
    const shelf = this.shelves.get(key);
    if (shelf === undefined) return;
    const causes = [...(this.causes.get(key)?.values() ?? [])];
    const inFigure = causes.filter(({ at }) => at <= shelf.countedAt);
    const left = this.left.get(key)?.values() ?? [];
    this.taken.set(key, takenByOrder(inFigure, left, this.merchant.setsAside(locationId)));
  }

  private see({ data }: FactOf<'order-observed'>): boolean {
    const held = this.orders.get(data.orderId) ?? {};
    if ((held[data.stage]?.revision ?? 0) >= data.revision) return false;
    this.orders.set(data.orderId, { ...held, [data.stage]: data });
    return true;
  }

  private wantedBy(seen: OrderSighting): ReadonlyMap<string, number> {
    const wanted = new Map<string, number>();
    for (const line of seen.lines) {
      const sku = line.sku as string;
      const quantity = this.quantityOf(seen, line);
      const key = `${seen.orderId} ${sku}`;
      if (quantity <= 0) {
        this.captured.delete(key);
        continue;
      }
      const parts = this.partsOf(seen.orderId, sku);
      this.captured.set(key, parts);
      for (const [part, units] of parts) {
        wanted.set(part, (wanted.get(part) ?? 0) + units * quantity);
      }
    }
    return wanted;
  }

  private quantityOf(seen: OrderSighting, line: OrderSighting['lines'][number]): number {
    if (seen.status === 'cancelled' || seen.status === 'deleted') return 0;
    const placeId = line.channelLocationId ?? undefined;
    const retail = this.merchant.retailOrdersOf(seen.connectionId);
    if (placeId !== undefined) {
      if (this.merchant.isCountedThere(placeId, line.sku as string)) return 0;
    } else if (!seen.trade && retail === 'separate-location') return 0;
    const leavesByOthers = !seen.trade && placeId === undefined && retail === 'other-connector';
    const gone = line.cancelledQuantity + (leavesByOthers ? line.fulfilledQuantity : 0);
    return line.orderedQuantity - gone;
  }
}
