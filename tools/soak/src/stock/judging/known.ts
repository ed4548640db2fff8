import {
  shelfKey,
  type FactOf,
  type MasterCause,
  type OrderSighting,
  type StockFact,
} from '@tillbridge/domain';
import type { SoakMerchant } from '../world/soak-merchant.js';
import { takenByOrder, type LeftGoods, type Taken } from '../world/taken.js';

export interface KnownShelf {
  readonly onHandUnits: number;
  readonly countedAt: string;
  readonly revision: number;
}

interface Left extends LeftGoods {
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
  /** What left each shelf, by posting. */
  private readonly left = new Map<string, Map<string, Left>>();
  private readonly owed = new Map<string, ReadonlyMap<string, number>>();

  constructor(private readonly merchant: SoakMerchant) {}

  take(facts: readonly StockFact[]): void {
    for (const fact of facts) {
      if (fact.kind === 'stock-counted') this.count(fact);
      else if (fact.kind === 'order-observed') this.see(fact);
      else if (fact.kind === 'dispatched') this.dispatch(fact);
    }
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

  private dispatch({ data }: FactOf<'dispatched'>): void {
    const { postingId, orderId, revision, locationId, at } = data;
    for (const { sku, units } of data.units) {
      const key = shelfKey({ locationId, sku });
      const left = this.left.get(key) ?? new Map<string, Left>();
      this.left.set(key, left);
      if ((left.get(postingId)?.revision ?? 0) >= revision) continue;
      left.set(postingId, { orderId, units, at, revision });
      this.takeAnew(key, locationId);
    }
  }

  private takeAnew(key: string, locationId: string): void {
    const shelf = this.shelves.get(key);
    if (shelf === undefined) return;
    const causes = [...(this.causes.get(key)?.values() ?? [])];
    const inFigure = causes.filter(({ at }) => at <= shelf.countedAt);
    const left = this.left.get(key)?.values() ?? [];
    this.taken.set(key, takenByOrder(inFigure, left, this.merchant.setsAside(locationId)));
  }

  private see({ data }: FactOf<'order-observed'>): void {
    const held = this.orders.get(data.orderId) ?? {};
    if ((held[data.stage]?.revision ?? 0) >= data.revision) return;
    const seen = { ...held, [data.stage]: data };
    this.orders.set(data.orderId, seen);
    this.owed.set(data.orderId, this.wantedBy(seen.order ?? (seen.draft as OrderSighting)));
  }

  private wantedBy(seen: OrderSighting): ReadonlyMap<string, number> {
    const wanted = new Map<string, number>();
    if (seen.status === 'cancelled' || seen.status === 'deleted') return wanted;
    const retail = this.merchant.retailOrdersOf(seen.connectionId);
    if (!seen.trade && retail === 'separate-location') return wanted;
    const leavesByOthers = !seen.trade && retail === 'other-connector';
    for (const line of seen.lines) {
      const gone = line.cancelledQuantity + (leavesByOthers ? line.fulfilledQuantity : 0);
      const quantity = Math.max(0, line.orderedQuantity - gone);
      for (const [sku, units] of this.merchant.partsOf(line.sku as string)) {
        wanted.set(sku, (wanted.get(sku) ?? 0) + units * quantity);
      }
    }
    return wanted;
  }
}
