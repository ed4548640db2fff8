import { Explosion } from '../oracle/evidence.js';
import { Seeded } from '../plan/seeded.js';
import type {
  PlannedEvent,
  PlannedOrderEdit,
  PlannedTakeBack,
  PlannedTillReturn,
  PlannedTillSale,
  PlannedTradeOrder,
} from '../plan/day-plan.js';
import type { DayLog, PlacedOrder } from './day-log.js';
import { SHOP_LOCATION, STORE_LOCATIONS, type Market } from './market.js';
import type { Warehouse } from './warehouse.js';

/** Buyers, shop visitors and till staff: they do what the plan says, as far as the world lets them. */
export class People {
  private readonly explosion: Explosion;
  private readonly chance: Seeded;

  constructor(
    private readonly market: Market,
    private readonly log: DayLog,
    private readonly warehouse: Warehouse,
  ) {
    this.explosion = new Explosion(market.plan.assemblies);
    this.chance = new Seeded(market.plan.seed, 'people');
  }

  /** Lets one planned event happen. */
  act(event: PlannedEvent): void {
    switch (event.kind) {
      case 'trade-order':
        return this.buyTrade(event);
      case 'retail-order':
        return this.buyRetail(event.lines);
      case 'till-sale':
        return this.sellAtTill(event);
      case 'till-return':
        return this.returnAtTill(event);
      case 'take-back':
        return this.takeBack(event);
      case 'order-edit':
        return this.changeMind('edited', event.orderRef, (placed) => this.edit(placed, event));
      case 'order-add-line':
        return this.changeMind('linesAdded', event.orderRef, (placed) =>
          this.warehouse.addLine(placed, event),
        );
      case 'order-cancel':
        return this.changeMind(null, event.orderRef, (placed) => this.warehouse.callOff(placed));
      case 'receipt':
        return this.market.square.receive(STORE_LOCATIONS[event.store], event.sku, event.units);
      case 'waste':
        return this.market.square.waste(STORE_LOCATIONS[event.store], event.sku, event.units);
    }
  }

  private buyTrade(planned: PlannedTradeOrder): void {
    const result = this.market.spark.checkout({
      customerId: this.market.customerId(planned.customer),
      locationId: SHOP_LOCATION,
      paymentType: planned.paymentType,
      poNumber: planned.poNumber,
      ...(this.chance.chance(0.3) ? { note: 'Please deliver to the back door before noon.' } : {}),
      lines: planned.lines.map(({ sku, title, quantity, unitPriceMinor }) => ({
        sku,
        title,
        quantity,
        unitPriceMinor,
      })),
      shippingMinor: planned.shippingMinor,
      discountMinor: planned.discountMinor,
    });
    if (result === null) {
      this.log.turnedAway.push(planned.ref);
      return;
    }
    const bought = new Map(result.accepted.map(({ index, quantity }) => [index, quantity]));
    this.log.placed.set(planned.ref, { planned, cartId: result.cartId, bought });
  }

  private buyRetail(lines: readonly { sku: string; quantity: number }[]): void {
    const placed = this.market.shop.placeRetailOrder({
      locationId: SHOP_LOCATION,
      lines: lines.map(({ sku, quantity }) => ({ sku, quantity })),
    });
    if (placed !== null) this.log.retailPlaced += 1;
  }

  /** Nobody buys at the counter what is not on the shelf. */
  private sellAtTill(sale: PlannedTillSale): void {
    const location = STORE_LOCATIONS[sale.store];
    const left = new Map<string, number>();
    const lines = sale.lines.flatMap(({ row, sku, title, units, priceMinor }) => {
      if (sku === null) return { sku, title, units, priceMinor };
      const onShelf = left.get(sku) ?? Math.max(0, this.market.square.count(location, sku));
      const sold = Math.min(units, onShelf);
      left.set(sku, onShelf - sold);
      if (sold < units) this.log.notOnShelf.set(row, units - sold);
      return sold === 0 ? [] : { sku, title, units: sold, priceMinor };
    });
    if (lines.length > 0) this.market.square.tillSale(location, lines);
  }

  private returnAtTill(event: PlannedTillReturn): void {
    const lines = event.lines.map(({ sku, title, units, priceMinor }) => ({
      sku,
      title,
      units,
      priceMinor,
    }));
    this.market.square.tillReturn(STORE_LOCATIONS[event.store], lines);
  }

  private changeMind(
    kind: 'edited' | 'linesAdded' | null,
    orderRef: string,
    change: (placed: PlacedOrder) => boolean,
  ): void {
    const placed = this.log.placed.get(orderRef);
    const posted = placed !== undefined && this.warehouse.isPosted(placed);
    const made = placed !== undefined && change(placed);
    if (!made) this.log.changes.tooLate += 1;
    else if (kind !== null) this.log.changes[kind] += 1;
    if (made && posted && kind !== null) this.log.changes.editedAfterPosting += 1;
  }

  private edit(placed: PlacedOrder, { lineIndex, change }: PlannedOrderEdit): boolean {
    const bought = placed.bought.get(lineIndex) ?? 0;
    if (bought === 0) return false;
    return change > 0
      ? this.warehouse.putOn(placed, lineIndex, change)
      : this.warehouse.takeOff(placed, lineIndex, Math.min(bought, -change));
  }

  /** Off the order while it is in the house, over the counter when it has left. */
  private takeBack(event: PlannedTakeBack): void {
    const placed = this.log.placed.get(event.orderRef);
    const line = placed?.planned.lines[event.lineIndex];
    const bought = placed?.bought.get(event.lineIndex) ?? 0;
    if (placed === undefined || line === undefined || bought === 0) {
      this.log.takeBacks.set(event.row, 'nothing-bought');
      return;
    }
    const quantity = Math.min(event.quantity, bought);
    const taken = this.warehouse.takeOff(placed, event.lineIndex, quantity);
    this.log.takeBacks.set(event.row, taken ? 'off-the-order' : 'over-the-counter');
    if (taken) return;
    const units = this.explosion.unitsOf([{ sku: line.sku, quantity }]);
    const price = line.unitPriceMinor;
    this.market.square.tillReturn(
      STORE_LOCATIONS[event.store],
      [...units].map(([sku, count]) => ({
        sku,
        title: line.title,
        units: count,
        priceMinor: price,
      })),
    );
  }
}
