export type PurchaseType = 'cart' | 'quote' | 'awaiting_approval' | 'order_unconfirmed' | 'order';

export interface PurchaseIdentifiers {
  /** The cart id; never changes. */
  readonly sparklayer: string;
  /** The shop's order number. */
  readonly platform?: string;
  readonly internal?: string;
  readonly visible?: string;
}

export interface MoneyAmount {
  readonly number: string;
  readonly currency: string;
}

/** A purchase as the API shows it, without what is computed. */
export interface PurchaseRecord {
  type: PurchaseType;
  purchase_identifiers: PurchaseIdentifiers;
  customer_identifiers: Readonly<Record<string, string>>;
  payment_method?: string;
  customer_reference?: string;
  currency_code?: string;
  billing_address?: unknown;
  packages: readonly PurchasePackage[];
  accounting_files: readonly unknown[];
  custom_fields: readonly unknown[];
  metadata: readonly unknown[];
  dates: PurchaseDates;
}

export interface PurchaseDates {
  readonly created_at: string;
  readonly updated_at: string;
  readonly placed_at: string | null;
}

export interface PurchasePackage {
  readonly type: string;
  readonly line_items: readonly PurchaseLine[];
  readonly shipping_method?: {
    readonly name?: string;
    readonly line_total?: { readonly total_net?: MoneyAmount };
  } | null;
  readonly [key: string]: unknown;
}

export interface PurchaseLine {
  readonly quantity: number;
  readonly line_total?: { readonly total_net?: MoneyAmount };
  readonly [key: string]: unknown;
}

/** Shows a purchase; lists leave the packages out. */
export function toPurchaseBody(purchase: PurchaseRecord, withPackages: boolean) {
  const { packages, ...rest } = purchase;
  return {
    ...rest,
    ...(withPackages ? { packages } : {}),
    calculated_total: calculatedTotal(purchase),
    calculated_fulfilment_status: calculatedFulfilmentStatus(purchase),
  };
}

export function calculatedTotal(purchase: PurchaseRecord): MoneyAmount {
  const currency = purchase.currency_code ?? 'GBP';
  const amounts = purchase.packages.flatMap((each) => [
    ...each.line_items.map((line) => line.line_total?.total_net),
    each.shipping_method?.line_total?.total_net,
  ]);
  const hundredths = amounts.reduce((sum, money) => sum + toHundredths(money), 0);
  return { number: fromHundredths(hundredths), currency };
}

/** One status for all packages: part_shipped when some are on their way and some are not. */
export function calculatedFulfilmentStatus(purchase: PurchaseRecord): string {
  const types = new Set(purchase.packages.map((each) => each.type));
  const [only] = types;
  if (types.size <= 1) return only ?? 'incoming';
  return types.has('shipped') || types.has('complete') ? 'part_shipped' : 'processing';
}

export function fromHundredths(hundredths: number): string {
  const digits = String(Math.abs(hundredths)).padStart(3, '0');
  return `${hundredths < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

function toHundredths(money: MoneyAmount | undefined): number {
  return money === undefined ? 0 : Math.round(Number(money.number) * 100);
}
