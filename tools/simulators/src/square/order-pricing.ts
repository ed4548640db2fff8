import { paidMinor } from './square-order.js';
import type { Money, SquareOrder } from './square-order.js';

/**
 * Works out every amount of an order from its lines, discounts and tenders. A discount on the order
 * is spread over the lines by what they cost, to the cent: the parts sum to the whole.
 */
export function priceOrder(order: SquareOrder, currency: string): void {
  const money = (amount: number): Money => ({ amount, currency });
  const lines = order.line_items ?? [];
  for (const line of lines) {
    const grossMinor = line.base_price_money.amount * Number(line.quantity);
    line.gross_sales_money = money(grossMinor);
    line.total_tax_money = money(0);
    line.total_discount_money = money(0);
    line.total_money = money(grossMinor);
    delete line.applied_discounts;
  }
  for (const discount of order.discounts ?? []) {
    const leftMinor = lines.map((line) => line.total_money.amount);
    const leftSum = leftMinor.reduce((sum, minor) => sum + minor, 0);
    const wholeMinor = Math.min(discount.amount_money.amount, leftSum);
    discount.applied_money = money(wholeMinor);
    spread(wholeMinor, leftMinor).forEach((partMinor, index) => {
      const line = lines[index];
      if (line === undefined || partMinor === 0) return;
      line.total_discount_money.amount += partMinor;
      line.total_money.amount -= partMinor;
      line.applied_discounts = [
        ...(line.applied_discounts ?? []),
        {
          uid: `${line.uid}-${discount.uid}`,
          discount_uid: discount.uid,
          applied_money: money(partMinor),
        },
      ];
    });
  }
  const total = lines.reduce((sum, line) => sum + line.total_money.amount, 0);
  const off = lines.reduce((sum, line) => sum + line.total_discount_money.amount, 0);
  order.total_money = money(total);
  order.total_discount_money = money(off);
  order.total_tax_money = money(0);
  order.total_tip_money = money(0);
  order.total_service_charge_money = money(0);
  order.net_amounts = {
    total_money: money(total),
    tax_money: money(0),
    discount_money: money(off),
    tip_money: money(0),
    service_charge_money: money(0),
  };
  order.net_amount_due_money = money(total - paidMinor(order));
}

/** Splits a whole by weights. Cumulative rounding in integers: no cent is lost or made. */
export function spread(whole: number, weights: readonly number[]): number[] {
  const sum = BigInt(weights.reduce((total, weight) => total + weight, 0));
  if (sum === 0n) return weights.map(() => 0);
  let passed = 0n;
  let given = 0n;
  return weights.map((weight) => {
    passed += BigInt(weight);
    const upToHere = (BigInt(whole) * passed) / sum;
    const part = upToHere - given;
    given = upToHere;
    return Number(part);
  });
}
