import { CustomerView, toAddress } from './catalogue-views.js';
import type { ViewContext } from './catalogue-views.js';
import { toListConnection } from './connection.js';
import type { PageArguments } from './connection.js';
import { numberOf } from './gid.js';
import { toMoney, toMoneyBag } from './money.js';
import { totalsOf } from './order-record.js';
import { toTimestamp } from './timestamp.js';
import type { LineRecord, OrderTotals, PaymentTerms, SaleTerms } from './order-record.js';

/** What an order and a draft show alike. */
export abstract class SaleView<
  R extends SaleTerms & { readonly id: string; readonly lines: readonly LineRecord[] },
> {
  readonly purchasingEntity = null;
  readonly taxExempt = false;
  readonly taxesIncluded = false;
  readonly taxLines = [];
  readonly phone = null;

  constructor(
    protected readonly record: R,
    protected readonly context: ViewContext,
  ) {}

  get id() {
    return this.record.id;
  }
  get legacyResourceId() {
    return String(numberOf(this.record.id));
  }
  get currencyCode() {
    return this.context.currency;
  }
  get presentmentCurrencyCode() {
    return this.context.currency;
  }
  get customAttributes() {
    return this.record.attributes;
  }
  get customer() {
    const { customer } = this.record;
    return customer === null ? null : new CustomerView(customer);
  }
  get email() {
    return this.record.customer?.email ?? null;
  }
  get poNumber() {
    return this.record.poNumber;
  }
  get tags() {
    return this.record.tags;
  }
  get shippingAddress() {
    return this.record.customer === null ? null : toAddress(this.record.customer);
  }
  get billingAddress() {
    return this.shippingAddress;
  }
  get paymentTerms() {
    const { paymentTerms } = this.record;
    if (paymentTerms === null) return null;
    return toTermsView(paymentTerms, this.issuedAtMs, (list, args) =>
      this.list(list, args, (each) => each),
    );
  }
  /** From when terms run; null while there is no order to pay for. */
  protected get issuedAtMs(): number | null {
    return null;
  }
  get shippingLine() {
    const { shippingMinor } = this.record;
    if (shippingMinor === null) return null;
    const bag = this.bag(shippingMinor);
    return {
      __typename: 'ShippingLine',
      id: `gid://shopify/ShippingLine/${this.legacyResourceId}`,
      ...{ title: 'Delivery', code: 'delivery', source: 'sparklayer', custom: true },
      ...{ isRemoved: false, discountAllocations: [], taxLines: [] },
      ...{ originalPriceSet: bag, discountedPriceSet: bag, currentDiscountedPriceSet: bag },
    };
  }
  get totalPriceSet() {
    return this.bag(this.original.totalMinor);
  }
  get subtotalPriceSet() {
    return this.bag(this.original.linesMinor - this.original.cartDiscountMinor);
  }
  get totalDiscountsSet() {
    return this.bag(this.original.lineDiscountsMinor + this.original.cartDiscountMinor);
  }
  get totalShippingPriceSet() {
    return this.bag(this.original.shippingMinor);
  }
  get totalTaxSet() {
    return this.bag(0);
  }

  protected get original(): OrderTotals {
    return totalsOf(this.record, 'original');
  }

  protected bag(minor: number) {
    return toMoneyBag(minor, this.context.currency);
  }

  protected money(minor: number) {
    return toMoney(minor, this.context.currency);
  }

  protected list<T, V>(records: readonly T[], args: PageArguments, toView: (record: T) => V) {
    return toListConnection(records, args, toView);
  }
}

const DAY_MS = 86_400_000;

function toTermsView(
  terms: PaymentTerms,
  issuedAtMs: number | null,
  toPage: <T>(records: readonly T[], args: PageArguments) => unknown,
) {
  const dueAtMs =
    issuedAtMs === null || terms.dueInDays === null ? null : issuedAtMs + terms.dueInDays * DAY_MS;
  const schedule = {
    __typename: 'PaymentSchedule',
    id: terms.id.replace('PaymentTerms', 'PaymentSchedule'),
    issuedAt: issuedAtMs === null ? null : toTimestamp(issuedAtMs),
    dueAt: dueAtMs === null ? null : toTimestamp(dueAtMs),
    ...{ completedAt: null, due: false },
  };
  return {
    __typename: 'PaymentTerms',
    id: terms.id,
    dueInDays: terms.dueInDays,
    ...{ due: false, overdue: false },
    ...{ paymentTermsName: terms.name, translatedName: terms.name, paymentTermsType: terms.type },
    paymentSchedules: (args: PageArguments) => toPage([schedule], args),
  };
}
