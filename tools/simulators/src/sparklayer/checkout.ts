import { randomUUID } from 'node:crypto';

import type { Attribute, SaleTerms } from '../shopify/order-record.js';
import type { ShopifySim } from '../shopify/shopify-sim.js';
import { toDecimal } from '../shopify/money.js';
import type { OrderedLine } from '../shopify/shop.js';
import { randomSequence } from '../wire/fault-dice.js';
import type { SimulatedWorld } from '../wire/simulated-world.js';

export type SparkPaymentType = 'paymentOnAccount' | 'paymentByInvoice' | 'upfrontPayment';

export interface CheckoutInput {
  /** The platform customer's number. */
  readonly customerId: string;
  readonly locationId: string;
  readonly paymentType: SparkPaymentType;
  readonly poNumber: string;
  readonly note?: string;
  /** A line without SKU is a manual line: money, no stock. */
  readonly lines: readonly {
    readonly sku: string | null;
    readonly title: string;
    readonly quantity: number;
    readonly unitPriceMinor: number;
  }[];
  readonly shippingMinor?: number;
  readonly discountMinor?: number;
}

export interface CheckoutResult {
  readonly cartId: string;
  readonly draftId?: string;
  readonly orderId?: string;
  readonly accepted: { readonly index: number; readonly quantity: number }[];
}

/** Share of buyers' PO numbers that the trade shop writes into the note alone. */
const ONLY_IN_NOTE = 1 / 3;
const NET_DAYS = 30;

/** Turns a trade cart into what the platform gets: a paid order, or a draft to be paid later. */
export class Checkout {
  private readonly random: () => number;

  constructor(
    private readonly world: SimulatedWorld,
    private readonly platform: ShopifySim,
    private readonly autoCompleteDrafts: boolean,
  ) {
    this.random = randomSequence(world.seed ^ 0x5ca1ab1e);
  }

  /**
   * Availability is asked of the platform at the moment of checkout. The trade shop's product feed
   * may be minutes old, but the platform itself does not sell what it does not show; what an old
   * feed lets into a cart is cut here. Null when the cart asked for stock and none was left.
   */
  perform(input: CheckoutInput): CheckoutResult | null {
    const indexed = input.lines.map((line, index) => ({ ...line, index }));
    const stocked = indexed.flatMap((line) =>
      line.sku === null ? [] : [{ ...line, sku: line.sku }],
    );
    const taken = this.platform.takeAvailable(input.locationId, stocked);
    if (stocked.length > 0 && taken.length === 0) return null;
    const lines = [...taken, ...indexed.filter((line) => line.sku === null)];
    lines.sort((a, b) => a.index - b.index);
    const cartId = randomUUID();
    const sale = { ...this.toTerms(input, cartId), lines: lines.map((line) => this.toLine(line)) };
    const accepted = lines.map(({ index, quantity }) => ({ index, quantity }));
    if (input.paymentType === 'upfrontPayment') {
      const order = this.platform.shop.placeOrder(sale, { sourceName: 'web', paid: true });
      return { cartId, orderId: order.id, accepted };
    }
    const draft = this.platform.shop.placeDraft(sale);
    if (!this.autoCompleteDrafts) return { cartId, draftId: draft.id, accepted };
    const order = this.platform.shop.completeDraft(draft, { paid: false });
    return { cartId, draftId: draft.id, orderId: order.id, accepted };
  }

  private toTerms(input: CheckoutInput, cartId: string): SaleTerms {
    const { shop } = this.platform;
    const onlyInNote = this.random() < ONLY_IN_NOTE;
    const isOnAccount = input.paymentType === 'paymentOnAccount';
    return {
      locationId: input.locationId,
      customer: shop.customer(input.customerId),
      shippingMinor: input.shippingMinor ?? null,
      discountMinor: input.discountMinor ?? 0,
      attributes: [
        { key: 'sparkCartId', value: cartId },
        { key: 'sparkPaymentType', value: input.paymentType },
      ],
      note: toNote(input, onlyInNote),
      poNumber: onlyInNote ? null : input.poNumber,
      tags: ['b2b'],
      paymentTerms: isOnAccount ? shop.netTerms(NET_DAYS) : null,
    };
  }

  private toLine(line: CheckoutInput['lines'][number]): OrderedLine {
    const { sku, title, quantity, unitPriceMinor } = line;
    const variant = sku === null ? null : this.platform.shop.catalogue.variantOfSku(sku);
    const charged = toDecimal(unitPriceMinor, this.world.currency);
    const attributes: Attribute[] =
      variant === null ? [] : [{ key: 'Charged Price', value: charged }];
    return { variant, title, quantity, unitPriceMinor, attributes };
  }
}

/** The PO number stands in a line of its own before the buyer's words: 'PO: 88213'. */
function toNote(input: CheckoutInput, withPoNumber: boolean): string | null {
  const parts = [withPoNumber ? `PO: ${input.poNumber}` : '', input.note ?? ''];
  const note = parts.filter((part) => part !== '').join('\n');
  return note === '' ? null : note;
}
