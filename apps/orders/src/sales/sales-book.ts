import { Injectable } from '@nestjs/common';
import { AskPosCustomers, type PosCustomers, type SaleObserved } from '@tillbridge/contracts';
import { Asker } from '@tillbridge/messaging';
import { Database, type Transaction } from '@tillbridge/postgres';
import { OrderPolicies } from '../orders/order-policies.js';

/** A customer as one channel knows it. */
export interface ChannelCustomer {
  readonly connectionId: string;
  readonly customerId: string;
}

/** Which sales are meant; what is left out is no condition. */
export interface SalesFilter {
  readonly customers?: readonly ChannelCustomer[];
  readonly connectionId?: string;
  readonly locationId?: string;
  /** Moments; the second is not within. */
  readonly from?: string;
  readonly until?: string;
}

/** Where a page ends. The moment has its microseconds. */
export interface SalesPlace {
  readonly at: string;
  readonly saleId: string;
  readonly locationId: string;
}

export interface StoredSale extends SalesPlace {
  readonly kind: 'trade' | 'till';
  readonly connectionId: string;
  readonly customerId: string | null;
  readonly name: string | null;
  readonly currency: string;
  readonly totalMinor: number;
  readonly lines: readonly {
    readonly sku: string | null;
    readonly title: string;
    readonly units: number;
    readonly totalMinor: number;
  }[];
  readonly returnOf: string | null;
}

/** The SQL of the sales: of trade orders it reads what the order book wrote. */
@Injectable()
export class SalesBook {
  constructor(
    private readonly database: Database,
    private readonly asker: Asker,
    private readonly policies: OrderPolicies,
  ) {}

  /** Keeps till sales, each as it was told last. */
  async save(tx: Transaction, sales: readonly SaleObserved[]): Promise<void> {
    const newest = new Map<string, SaleObserved>();
    for (const sale of sales) {
      const key = `${sale.connectionId} ${sale.saleId}`;
      if ((newest.get(key)?.revision ?? 0) < sale.revision) newest.set(key, sale);
    }
    if (newest.size === 0) return;
    await tx.query(SAVE, [JSON.stringify([...newest.values()])]);
  }

  /**
   * The account's customers in every channel: itself, and who is linked to it in each POS.
   *
   * @throws Failure `query-timeout` when it cannot be asked who is who.
   */
  async customersOf(account: ChannelCustomer): Promise<ChannelCustomer[]> {
    const { connectionId: storefrontConnectionId, customerId } = account;
    const linked = await Promise.all(
      this.policies.posConnections().map(async (posConnectionId) => {
        const customers = [{ storefrontConnectionId, customerId }];
        const about = Object.assign(new AskPosCustomers(), { customers, posConnectionId });
        const { posCustomerIds } = await this.asker.ask<PosCustomers>(about);
        const [posCustomerId = null] = posCustomerIds;
        return posCustomerId === null
          ? []
          : [{ connectionId: posConnectionId, customerId: posCustomerId }];
      }),
    );
    return [account, ...linked.flat()];
  }

  /** Sales after a place, the latest first. */
  find(filter: SalesFilter, after: SalesPlace | undefined, limit: number): Promise<StoredSale[]> {
    const { where, values } = conditionsOf(filter, after);
    return this.database.query<StoredSale>(
      `SELECT kind, sale_id AS "saleId", connection_id AS "connectionId",
              location_id AS "locationId", customer_id AS "customerId", name, currency,
              to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at,
              total_minor::float8 AS "totalMinor", lines, return_of AS "returnOf"
         FROM sale WHERE ${where}
        ORDER BY sale.at DESC, sale_id DESC, location_id DESC LIMIT ${Math.trunc(limit)}`,
      values,
    );
  }

  /** What all of them come to, by currency. */
  totals(filter: SalesFilter): Promise<{ currency: string; sales: number; totalMinor: number }[]> {
    const { where, values } = conditionsOf(filter);
    return this.database.query(
      `SELECT currency, count(*)::int AS sales, sum(total_minor)::float8 AS "totalMinor"
         FROM sale WHERE ${where} GROUP BY currency ORDER BY currency`,
      values,
    );
  }
}

const SAVE = `
  INSERT INTO till_sale (connection_id, sale_id, revision, location_id, at, customer_id, currency,
      total_minor, tax_minor, tenders, lines, return_of)
  SELECT "connectionId", "saleId", revision, "locationId", at, "customerId", currency, "totalMinor",
         "taxMinor", tenders, lines, "returnOf"
    FROM jsonb_to_recordset($1::jsonb) AS s ("connectionId" text, "saleId" text, revision integer,
      "locationId" text, at timestamptz, "customerId" text, currency char(3), "totalMinor" bigint,
      "taxMinor" bigint, tenders jsonb, lines jsonb, "returnOf" text)
   ORDER BY "connectionId", "saleId"
  ON CONFLICT (connection_id, sale_id) DO UPDATE SET revision = excluded.revision,
      location_id = excluded.location_id, at = excluded.at, customer_id = excluded.customer_id,
      currency = excluded.currency, total_minor = excluded.total_minor,
      tax_minor = excluded.tax_minor, tenders = excluded.tenders, lines = excluded.lines,
      return_of = excluded.return_of
    WHERE till_sale.revision < excluded.revision`;

/** Only what is asked for is a condition: each of them can then be found by its index. */
function conditionsOf(
  { customers, connectionId, locationId, from, until }: SalesFilter,
  after?: SalesPlace,
): { readonly where: string; readonly values: readonly unknown[] } {
  const values: unknown[] = [];
  const at = (value: unknown): string => `$${values.push(value)}`;
  const conditions: string[] = ['true'];
  if (customers !== undefined) {
    const each = customers.map(
      (customer) =>
        `(connection_id = ${at(customer.connectionId)} AND customer_id = ${at(customer.customerId)})`,
    );
    conditions.push(`(${each.join(' OR ')})`);
  }
  if (connectionId !== undefined) conditions.push(`connection_id = ${at(connectionId)}`);
  if (locationId !== undefined) conditions.push(`location_id = ${at(locationId)}`);
  if (from !== undefined) conditions.push(`sale.at >= ${at(from)}`);
  if (until !== undefined) conditions.push(`sale.at < ${at(until)}`);
  if (after !== undefined) {
    const place = [after.at, after.saleId, after.locationId].map(at).join(', ');
    conditions.push(`(sale.at, sale_id, location_id) < (${place})`);
  }
  return { where: conditions.join(' AND '), values };
}
