import { Seeded } from '../plan/seeded.js';
import type { InputRow, TradeInput } from './input-row.js';
import { seededProducts } from './seeded-products.js';
import type { SeededProduct } from './seeded-products.js';

const PRODUCTS = 420;
const OPENS_AT_MINUTE = 8 * 60;
const OPEN_MINUTES = 9 * 60;
const HOME = 'United Kingdom';
const ABROAD = ['Ireland', 'France', 'Norway', 'Belgium'];

/** A row before it has its line and its time. */
type Draft = Omit<InputRow, 'row' | 'at'>;

/** Trade lines of the morning, which somebody may take back. */
type Sold = Draft & { readonly customer: string };

/**
 * A trading day that nobody has had, in the shape of a trade file: wholesale invoices, sales over
 * the counter, cancellations, returns, deliveries, breakages, postage, discounts and lines typed in
 * by hand. The same seed makes the same day.
 */
export function seededDay(seed: number, options: { orders: number }): TradeInput {
  const maker = new DayMaker(seed, options.orders);
  const invoices = maker.invoices();
  const rows: InputRow[] = [];
  invoices.forEach((drafts, index) => {
    const minute = OPENS_AT_MINUTE + Math.floor((index * OPEN_MINUTES) / invoices.length);
    const two = (part: number): string => String(part).padStart(2, '0');
    const at = `2026-03-02T${two(Math.floor(minute / 60))}:${two(minute % 60)}:00`;
    // The header of a file would be line 1.
    for (const draft of drafts) rows.push({ ...draft, row: rows.length + 2, at });
  });
  return { rows, rejected: [] };
}

class DayMaker {
  private readonly chance: Seeded;
  private readonly products: readonly SeededProduct[];
  private readonly sold: Sold[] = [];
  private number = 700_000;

  constructor(
    seed: number,
    private readonly orders: number,
  ) {
    this.chance = new Seeded(seed, 'seeded-day');
    this.products = seededProducts(this.chance, PRODUCTS);
  }

  /** All invoices of the day in order; what else happens comes between the trade orders. */
  invoices(): Draft[][] {
    const { chance } = this;
    const invoices: Draft[][] = [];
    for (let order = 0; order < this.orders; order += 1) {
      invoices.push(this.tradeInvoice(order));
      if (chance.chance(0.2)) invoices.push(this.tillInvoice(chance.between(1, 8)));
      if (chance.chance(0.08)) invoices.push(this.stockRow(chance.chance(0.6)));
      if (chance.chance(0.06)) invoices.push(this.cancellation());
      if (chance.chance(0.03)) invoices.push(this.unknownReturn());
      if (chance.chance(0.03)) invoices.push(this.tillReturn());
    }
    invoices.push(this.tillInvoice(40), this.stockRow(true), this.stockRow(false));
    invoices.push(this.cancellation(), this.unknownReturn(), this.tillReturn());
    invoices.push([this.contradiction()]);
    return invoices;
  }

  private tradeInvoice(order: number): Draft[] {
    const { chance } = this;
    const customer = String(41_000 + chance.between(0, Math.ceil(this.orders / 3)));
    const country = chance.chance(0.08) ? chance.pick(ABROAD) : HOME;
    const about = { invoice: this.nextInvoice(), customer, country };
    // Most invoices are short, a few are long, and one a day is very long.
    const long = order === Math.floor(this.orders / 2) ? 120 : 28;
    const lines = Math.max(1, Math.floor(chance.next() ** 2 * long), long > 28 ? long : 1);
    const rows: Draft[] = [];
    for (let line = 0; line < lines; line += 1) {
      const again = rows.length > 0 && chance.chance(0.04);
      const product = again ? this.productOf(chance.pick(rows).sku) : this.anyProduct();
      const row = { ...about, ...this.stockLine(product, this.tradeQuantity(product)) };
      this.sold.push(row);
      rows.push(row);
    }
    return [...rows, ...this.moneyLines(about, rows)];
  }

  private moneyLines(about: Omit<Draft, keyof MoneyLine>, rows: readonly Draft[]): Draft[] {
    const { chance } = this;
    const lines: Draft[] = [];
    if (about.country !== HOME) {
      lines.push({ ...about, ...moneyLine('POST', 'Postage', chance.between(1, 3), 1_800) });
    }
    if (chance.chance(0.03)) {
      const priceMinor = chance.between(50, 900);
      lines.push({ ...about, ...moneyLine('M', 'Manual', 1, priceMinor) });
    }
    if (rows.length >= 6 && chance.chance(0.06)) {
      const sumMinor = rows.reduce((sum, row) => sum + row.quantity * row.priceMinor, 0);
      const offMinor = Math.max(1, Math.floor((sumMinor * chance.between(1, 4)) / 100));
      lines.push({ ...about, ...moneyLine('D', 'Discount', 1, offMinor) });
    }
    return lines;
  }

  /** Some of the counter's sales pay for postage or for something without a code. */
  private tillInvoice(lines: number): Draft[] {
    const { chance } = this;
    const about = { invoice: this.nextInvoice(), customer: null, country: HOME };
    const rows: Draft[] = Array.from({ length: lines }, () => ({
      ...about,
      ...this.stockLine(this.anyProduct(), chance.between(1, 4)),
    }));
    if (chance.chance(0.05)) {
      rows.push({
        ...about,
        ...moneyLine('DOT', 'Postage of web sale', 1, chance.between(300, 900)),
      });
    }
    return rows;
  }

  /** A delivery, or breakages below zero: without a price and a customer. */
  private stockRow(comesIn: boolean): Draft[] {
    const product = this.anyProduct();
    const units = comesIn ? this.chance.between(6, 96) : -this.chance.between(1, 8);
    return [
      {
        invoice: this.nextInvoice(),
        customer: null,
        country: HOME,
        ...this.stockLine(product, units),
        description: comesIn ? product.description : 'damaged',
        priceMinor: 0,
      },
    ];
  }

  /** Takes back a line of a trade invoice, whole; each line once. */
  private cancellation(): Draft[] {
    const [line] = this.sold.splice(this.chance.between(0, this.sold.length - 1), 1);
    if (line === undefined) return [];
    return [{ ...line, invoice: `C${this.nextInvoice()}`, quantity: -line.quantity }];
  }

  /** A trade customer brings back what was bought on a day we know nothing of. */
  private unknownReturn(): Draft[] {
    const customer = String(49_000 + this.chance.between(0, 99));
    const line = this.stockLine(this.anyProduct(), -this.chance.between(1, 6));
    return [{ invoice: `C${this.nextInvoice()}`, customer, country: HOME, ...line }];
  }

  private tillReturn(): Draft[] {
    const line = this.stockLine(this.anyProduct(), -this.chance.between(1, 2));
    return [{ invoice: `C${this.nextInvoice()}`, customer: null, country: HOME, ...line }];
  }

  /** Below zero and yet no cancellation: nobody can say what it means. */
  private contradiction(): Draft {
    const line = this.stockLine(this.anyProduct(), -2);
    return { invoice: this.nextInvoice(), customer: '41000', country: HOME, ...line };
  }

  private tradeQuantity(product: SeededProduct): number {
    const { chance } = this;
    if (product.inDozens) return 12 * chance.between(1, 4);
    return chance.pick([1, 2, 3, 4, 6, 8, 10, 16, 25]);
  }

  /** Few products are asked for often, and many now and then. */
  private anyProduct(): SeededProduct {
    const place = Math.floor(this.chance.next() ** 1.7 * this.products.length);
    return this.products[place] ?? this.chance.pick(this.products);
  }

  private productOf(sku: string): SeededProduct {
    return this.products.find((product) => product.sku === sku) ?? this.anyProduct();
  }

  private stockLine(product: SeededProduct, quantity: number): MoneyLine {
    const { sku, description, priceMinor } = product;
    return { sku, description, quantity, priceMinor };
  }

  private nextInvoice(): string {
    this.number += 1;
    return String(this.number);
  }
}

type MoneyLine = Pick<Draft, 'sku' | 'description' | 'quantity' | 'priceMinor'>;

function moneyLine(
  sku: string,
  description: string,
  quantity: number,
  priceMinor: number,
): MoneyLine {
  return { sku, description, quantity, priceMinor };
}
