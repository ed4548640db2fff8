import { Explosion } from '../oracle/evidence.js';
import type { PlannedAddedLine } from '../plan/day-plan.js';
import { Seeded } from '../plan/seeded.js';
import type { DayLog, PlacedOrder, Shipment } from './day-log.js';
import { SHOP_LOCATION, type Market } from './market.js';
import type { ShippingClerk } from './shipping-clerk.js';
import { netUnits, openParcels, posOrdersOf, type Parcel } from './pos-books.js';

interface ShopOrder {
  readonly id: string;
  readonly live: boolean;
  readonly isDraft: boolean;
  readonly lines: readonly {
    readonly lineId: string;
    readonly sku: string | null;
    readonly currentQuantity: number;
    readonly fulfilledQuantity: number;
  }[];
}

/** How long staff take, in vendor minutes: shortest and longest. */
const COMPLETE_DRAFT_MINUTES = [1, 4] as const;
const DISPATCH_MINUTES = [3, 8] as const;
const NEXT_PART_MINUTES = [0.5, 2] as const;
const SEND_RETAIL_MINUTES = [2, 6] as const;

/** Staff behind the counter: they complete drafts, pack, dispatch and take lines off again. */
export class Warehouse {
  private readonly explosion: Explosion;
  private readonly due = new Map<string, number>();
  private readonly chance: Seeded;

  constructor(
    private readonly market: Market,
    private readonly log: DayLog,
    private readonly clerk: ShippingClerk,
  ) {
    this.explosion = new Explosion(market.plan.assemblies);
    this.chance = new Seeded(market.plan.seed, 'warehouse');
  }

  /** Does all that is due. Called again and again. Returns how much is still to do. */
  work(): number {
    return this.completeDrafts() + this.dispatch() + this.sendRetail();
  }

  /** Takes units off a line of which nothing has left; false when it is too late. */
  takeOff(placed: PlacedOrder, lineIndex: number, quantity: number): boolean {
    const order = this.openOrder(placed);
    const line = order?.lines[positionOf(placed, lineIndex)];
    if (order === undefined || line === undefined || this.hasBegun(placed, line.sku)) return false;
    if (line.currentQuantity - line.fulfilledQuantity < quantity) return false;
    this.log.amended.add(placed.planned.ref);
    const left = order.lines.reduce((sum, l) => sum + l.currentQuantity, 0) - quantity;
    if (left > 0) this.market.shop.editLine(order.id, line.lineId, line.currentQuantity - quantity);
    else this.end(order);
    return true;
  }

  /** Puts more on a line, as far as the shop has it; false when it is too late. */
  putOn(placed: PlacedOrder, lineIndex: number, quantity: number): boolean {
    const order = this.openOrder(placed);
    const line = order?.lines[positionOf(placed, lineIndex)];
    if (order === undefined || line === undefined || line.sku === null) return false;
    if (line.currentQuantity === 0) return false;
    const more = Math.min(quantity, this.market.shop.available(SHOP_LOCATION, line.sku));
    if (more < 1) return false;
    this.log.amended.add(placed.planned.ref);
    this.market.shop.editLine(order.id, line.lineId, line.currentQuantity + more);
    return true;
  }

  /** Puts something else on the order, as far as the shop has it; false when it is too late. */
  addLine(placed: PlacedOrder, { sku, quantity, unitPriceMinor }: PlannedAddedLine): boolean {
    const order = this.openOrder(placed);
    const some = Math.min(quantity, this.market.shop.available(SHOP_LOCATION, sku));
    if (order === undefined || some < 1) return false;
    this.log.amended.add(placed.planned.ref);
    this.market.shop.addLine(order.id, { sku, quantity: some, unitPriceMinor });
    return true;
  }

  /** Whether the POS has anything of the order that was not called off. */
  isPosted({ planned }: PlacedOrder): boolean {
    return posOrdersOf(this.market, planned.poNumber).some((o) => !o.cancelled);
  }

  /** Calls the whole order off; false when goods of it have left. */
  callOff(placed: PlacedOrder): boolean {
    const order = this.openOrder(placed);
    if (order === undefined || this.shipmentsOf(placed).length > 0) return false;
    this.log.amended.add(placed.planned.ref);
    this.end(order);
    return true;
  }

  private end(order: ShopOrder): void {
    this.log.changes.calledOff += 1;
    if (order.isDraft) this.market.shop.deleteDraft(order.id);
    else this.market.shop.cancelOrder(order.id, { restock: true });
  }

  /**
   * The order as the shop has it, while it can be changed: no store has closed its share of it, and
   * nobody is just saying what leaves.
   */
  private openOrder(placed: PlacedOrder): ShopOrder | undefined {
    const order = this.shopOrder(placed.cartId);
    const isTelling = this.clerk.isTelling(placed.planned.ref);
    if (order === undefined || !order.live || isTelling) return undefined;
    const posted = posOrdersOf(this.market, placed.planned.poNumber);
    return posted.some((pos) => pos.dispatched) ? undefined : order;
  }

  private shipmentsOf({ planned }: PlacedOrder): Shipment[] {
    return [...this.log.shipments.values()].filter((one) => one.ref === planned.ref && one.stands);
  }

  /** Whether goods have left that may be of a line that sells this. */
  private hasBegun(placed: PlacedOrder, sku: string | null): boolean {
    const units = this.explosion.unitsOf([{ sku, quantity: 1 }]);
    return this.shipmentsOf(placed).some((one) => [...units.keys()].some((k) => one.units.has(k)));
  }

  private shopOrder(cartId: string): ShopOrder | undefined {
    const order = this.market.shop.orders().find((o) => o.cartId === cartId);
    if (order !== undefined) {
      return { ...order, live: order.status === 'open', isDraft: false, lines: order.lines };
    }
    const draft = this.market.shop.drafts().find((d) => d.cartId === cartId);
    return draft && { ...draft, live: draft.status === 'open', isDraft: true, lines: draft.lines };
  }

  private completeDrafts(): number {
    const open = this.market.shop.drafts().filter((draft) => draft.status === 'open');
    for (const draft of open) {
      if (this.isDue(draft.id, COMPLETE_DRAFT_MINUTES)) this.market.shop.completeDraft(draft.id);
    }
    return open.length;
  }

  private sendRetail(): number {
    const waiting = this.market.shop
      .orders()
      .filter((o) => o.cartId === null && o.status === 'open')
      .filter((o) => o.lines.some((l) => l.fulfilledQuantity < l.currentQuantity));
    for (const order of waiting) {
      if (this.isDue(order.id, SEND_RETAIL_MINUTES)) this.market.shop.fulfilRemaining(order.id);
    }
    return waiting.length;
  }

  /** A parcel waits while the POS still has units on it that the buyer took off. */
  private dispatch(): number {
    const placedByPo = new Map(
      [...this.log.placed.values()].map((placed) => [placed.planned.poNumber, placed]),
    );
    const holds = new Map<string, boolean>();
    const waiting = openParcels(this.market).filter(({ id, poNumber }) => {
      const placed = placedByPo.get(poNumber);
      const amended = placed !== undefined && this.log.amended.has(placed.planned.ref);
      const hold = holds.get(poNumber) ?? (amended && !this.agrees(poNumber, placed.cartId));
      holds.set(poNumber, hold);
      return hold || !this.clerk.isPutOff(id);
    });
    for (const parcel of waiting) {
      const hold = holds.get(parcel.poNumber) ?? false;
      if (hold || !this.isDue(parcel.id, DISPATCH_MINUTES)) continue;
      this.send(parcel, placedByPo.get(parcel.poNumber)?.planned.ref ?? '');
    }
    return waiting.length;
  }

  private send({ id, poNumber }: Parcel, ref: string): void {
    const parts = this.market.plan.parts.get(ref);
    const order = parts && posOrdersOf(this.market, poNumber).find((each) => each.id === id);
    if (parts === undefined || order === undefined || this.clerk.next(ref, order, parts)) {
      const trackingNumber = `TRK${id.slice(-8)}`;
      this.market.square.dispatch(id, { carrier: 'Parcel Line', trackingNumber });
      return;
    }
    this.due.delete(id);
    this.isDue(id, NEXT_PART_MINUTES);
  }

  private agrees(poNumber: string, cartId: string): boolean {
    const orders = posOrdersOf(this.market, poNumber);
    const shop = this.shopOrder(cartId);
    if (shop === undefined) return false;
    const left = this.explosion.unitsOf(
      shop.lines.map(({ sku, currentQuantity }) => ({ sku, quantity: currentQuantity })),
    );
    for (const [sku, units] of netUnits(orders)) left.set(sku, (left.get(sku) ?? 0) - units);
    return [...left.values()].every((units) => units === 0);
  }

  /** Each thing gets its moment when it is first seen. */
  private isDue(id: string, [min, max]: readonly [number, number]): boolean {
    const now = this.market.world.now();
    let due = this.due.get(id);
    if (due === undefined) {
      const minutes = min + this.chance.next() * (max - min);
      due = now + (minutes * 60_000) / this.market.world.timeScale;
      this.due.set(id, due);
    }
    return due <= now;
  }
}

/** Lines that the shop could not sell are not on the order. */
function positionOf({ bought }: PlacedOrder, lineIndex: number): number {
  return [...bought.keys()].sort((a, b) => a - b).indexOf(lineIndex);
}
