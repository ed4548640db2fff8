import type { Dice } from '../../chance/dice.js';
import type { LifeCourse } from './life-course.js';
import { Office } from './office.js';
import { ShopOrder } from './shop-order.js';
import type { ShopDocument } from './shop-document.js';
import { Stockroom } from './stockroom.js';
import { Till, type TillOrder } from './till.js';
import { SOLD_SKUS, type TradeMerchant } from './trade-merchant.js';

/** The truth of one life: the platform, the trade shop, the stores and the office. */
export class TradeWorld {
  readonly orders: ShopOrder[] = [];
  readonly till: Till;
  readonly stockroom: Stockroom;
  readonly office: Office;

  constructor(
    readonly merchant: TradeMerchant,
    readonly course: LifeCourse,
  ) {
    this.till = new Till(course);
    this.stockroom = new Stockroom(merchant, course);
    this.office = new Office(merchant, course);
    for (const locationId of merchant.locationIds) {
      for (const sku of SOLD_SKUS) {
        for (const part of merchant.partsOf(sku)) {
          const plenty = this.dice.chance(0.6);
          const units = part.units * this.dice.between(0, plenty ? 40 : 4);
          this.stockroom.receive(locationId, part.sku, units);
        }
      }
    }
  }

  get dice(): Dice {
    return this.course.dice;
  }

  /** Everything that vendors hold and the connector reads. */
  get readables(): (ShopDocument | TillOrder)[] {
    return [...this.orders.flatMap(({ documents }) => documents), ...this.till.orders.values()];
  }

  newOrder(cartId: string): ShopOrder {
    const order = new ShopOrder(this.course.newId('o'), cartId);
    this.orders.push(order);
    return order;
  }
}
