import { Injectable } from '@nestjs/common';
import { CustomerLinked, type PosCustomerObserved } from '@tillbridge/contracts';
import { Database, type Transaction } from '@tillbridge/postgres';
import { CustomerReferences, type CustomerKey } from './customer-references.js';

/** A customer's candidate in one POS: the first of those that carry the reference. */
interface Candidate extends CustomerKey {
  readonly posConnectionId: string;
  readonly posCustomerId: string;
  readonly carriers: number;
}

/** The SQL of the links. Locks are always taken in the same order: POS customers, then customers. */
@Injectable()
export class CustomerLinks {
  constructor(
    private readonly database: Database,
    private readonly references: CustomerReferences,
  ) {}

  /** Keeps what POS customers refer to. Returns the customers concerned, old references and new. */
  async saveReferences(
    tx: Transaction,
    observed: readonly PosCustomerObserved[],
  ): Promise<CustomerKey[]> {
    const newest = new Map(
      observed.map((one) => [`${one.connectionId} ${one.posCustomerId}`, one] as const),
    );
    const rows = [...newest]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, one]) => ({ ...one, key: this.references.read(one.reference) }));
    const ids = [
      rows.map(({ connectionId }) => connectionId),
      rows.map(({ posCustomerId }) => posCustomerId),
    ];
    const before = await tx.query<{ storefront: string | null; customer: string | null }>(
      `SELECT storefront_connection_id AS storefront, customer_id AS customer FROM pos_customer
         JOIN unnest($1::text[], $2::text[]) AS p (pos_connection_id, pos_customer_id)
           USING (pos_connection_id, pos_customer_id)
        ORDER BY pos_connection_id, pos_customer_id FOR UPDATE OF pos_customer`,
      ids,
    );
    await tx.query(
      `INSERT INTO pos_customer
         (pos_connection_id, pos_customer_id, storefront_connection_id, customer_id)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
       ON CONFLICT (pos_connection_id, pos_customer_id) DO UPDATE
         SET storefront_connection_id = excluded.storefront_connection_id,
             customer_id = excluded.customer_id`,
      [
        ...ids,
        rows.map(({ key }) => key?.storefrontConnectionId ?? null),
        rows.map(({ key }) => key?.customerId ?? null),
      ],
    );
    const old = before.flatMap(({ storefront, customer }) =>
      storefront === null || customer === null
        ? []
        : [{ storefrontConnectionId: storefront, customerId: customer }],
    );
    return [...old, ...rows.flatMap(({ key }) => (key === null ? [] : [key]))];
  }

  /** Those of the customers whose first order this is. */
  async neverOrdered(tx: Transaction, keys: readonly CustomerKey[]): Promise<CustomerKey[]> {
    if (keys.length === 0) return [];
    const rows = await tx.query<CustomerRow>(
      `SELECT DISTINCT storefront AS storefront_connection_id, customer AS customer_id
         FROM unnest($1::text[], $2::text[]) AS c (storefront, customer)
        WHERE NOT EXISTS (
          SELECT 1 FROM customer WHERE storefront_connection_id = c.storefront
             AND customer_id = c.customer AND ordered)`,
      columnsOf(keys),
    );
    return rows.map(fromRow);
  }

  /** Settles links and exceptions of customers, from what the POS customers refer to now. */
  async settle(tx: Transaction, keys: readonly CustomerKey[], ordered: boolean): Promise<void> {
    const customers = await lockCustomers(tx, keys, ordered);
    const candidates = await readCandidates(tx, customers);
    await replaceLinks(tx, customers, candidates);
    const twice = new Map(
      candidates.filter(({ carriers }) => carriers > 1).map((one) => [subjectOf(one), one]),
    );
    const unlinked = customers
      .filter((customer) => customer.ordered)
      .map((customer) => ({ customer, missing: this.missingPos(customer, candidates) }))
      .filter(({ missing }) => missing.length > 0);
    await tx.raise([
      ...[...twice].map(([subject, { posConnectionId, posCustomerId, carriers }]) => ({
        code: 'customer-linked-twice' as const,
        subject,
        system: posConnectionId,
        cause: `${carriers} POS customers refer to ${subject}; orders go to ${posCustomerId}.`,
      })),
      ...unlinked.map(({ customer, missing }) => ({
        code: 'customer-unlinked' as const,
        subject: subjectOf(customer),
        system: missing[0] ?? 'tillbridge',
        cause: `${subjectOf(customer)} has ordered, and no customer of ${missing.join(', ')} refers to it.`,
      })),
    ]);
    const open = new Set(unlinked.map(({ customer }) => subjectOf(customer)));
    const subjects = customers.map(subjectOf);
    await tx.clear([
      ...subjects
        .filter((subject) => !twice.has(subject))
        .map((subject) => ({ code: 'customer-linked-twice' as const, subject })),
      ...subjects
        .filter((subject) => !open.has(subject))
        .map((subject) => ({ code: 'customer-unlinked' as const, subject })),
    ]);
  }

  /** The POS customers to put on orders of these, in their order; null where there is none. */
  async posCustomersOf(
    keys: readonly CustomerKey[],
    posConnectionId: string,
  ): Promise<(string | null)[]> {
    const rows = await this.database.query<CustomerRow & { pos_customer_id: string }>(
      `SELECT storefront_connection_id, customer_id, pos_customer_id FROM customer_link
         JOIN unnest($1::text[], $2::text[]) AS c (storefront_connection_id, customer_id)
           USING (storefront_connection_id, customer_id)
        WHERE pos_connection_id = $3`,
      [...columnsOf(keys), posConnectionId],
    );
    const linked = new Map(rows.map((row) => [subjectOf(fromRow(row)), row.pos_customer_id]));
    return keys.map((key) => linked.get(subjectOf(key)) ?? null);
  }

  private missingPos(customer: CustomerKey, candidates: readonly Candidate[]): string[] {
    const linked = new Set(
      candidates
        .filter((candidate) => subjectOf(candidate) === subjectOf(customer))
        .map(({ posConnectionId }) => posConnectionId),
    );
    const wanted = this.references.posConnectionsOf(customer.storefrontConnectionId);
    return wanted.filter((posConnectionId) => !linked.has(posConnectionId));
  }
}

/** `<connection>/<customer>`: what exceptions about a customer name. */
function subjectOf({ storefrontConnectionId, customerId }: CustomerKey): string {
  return `${storefrontConnectionId}/${customerId}`;
}

/** Makes the rows that are missing, then locks all in order of key. */
async function lockCustomers(
  tx: Transaction,
  keys: readonly CustomerKey[],
  ordered: boolean,
): Promise<(CustomerKey & { readonly ordered: boolean })[]> {
  const single = [...new Map(keys.map((key) => [subjectOf(key), key])).values()];
  const columns = columnsOf(single);
  await tx.query(
    `INSERT INTO customer (storefront_connection_id, customer_id)
     SELECT storefront, customer FROM unnest($1::text[], $2::text[]) AS c (storefront, customer)
      ORDER BY storefront COLLATE "C", customer COLLATE "C" ON CONFLICT DO NOTHING`,
    columns,
  );
  const rows = await tx.query<CustomerRow & { ordered: boolean }>(
    `SELECT storefront_connection_id, customer_id, ordered FROM customer
       JOIN unnest($1::text[], $2::text[]) AS c (storefront_connection_id, customer_id)
         USING (storefront_connection_id, customer_id)
      ORDER BY storefront_connection_id, customer_id FOR UPDATE OF customer`,
    columns,
  );
  const customers = rows.map((row) => ({ ...fromRow(row), ordered: row.ordered || ordered }));
  const news = rows.filter((row) => ordered && !row.ordered).map(fromRow);
  if (news.length > 0) {
    await tx.query(
      `UPDATE customer SET ordered = true
         FROM unnest($1::text[], $2::text[]) AS c (storefront, customer)
        WHERE storefront_connection_id = c.storefront AND customer_id = c.customer`,
      columnsOf(news),
    );
  }
  return customers;
}

async function readCandidates(
  tx: Transaction,
  customers: readonly CustomerKey[],
): Promise<Candidate[]> {
  const rows = await tx.query<LinkRow & { carriers: number }>(
    `SELECT storefront_connection_id, customer_id, pos_connection_id,
            min(pos_customer_id) AS pos_customer_id, count(*)::int AS carriers
       FROM pos_customer
       JOIN unnest($1::text[], $2::text[]) AS c (storefront_connection_id, customer_id)
         USING (storefront_connection_id, customer_id)
      GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
    columnsOf(customers),
  );
  return rows.map((row) => ({
    ...fromRow(row),
    posConnectionId: row.pos_connection_id,
    posCustomerId: row.pos_customer_id,
    carriers: row.carriers,
  }));
}

/** Stores the links, tells of those that are new or changed, and drops those that nobody carries. */
async function replaceLinks(
  tx: Transaction,
  customers: readonly CustomerKey[],
  candidates: readonly Candidate[],
): Promise<void> {
  const columns = [
    candidates.map((one) => one.storefrontConnectionId),
    candidates.map((one) => one.customerId),
    candidates.map((one) => one.posConnectionId),
    candidates.map((one) => one.posCustomerId),
  ];
  await tx.query(
    `DELETE FROM customer_link USING unnest($1::text[], $2::text[]) AS c (storefront, customer)
      WHERE storefront_connection_id = c.storefront AND customer_id = c.customer
        AND NOT EXISTS (
          SELECT 1 FROM unnest($3::text[], $4::text[], $5::text[]) AS k (storefront, customer, pos)
           WHERE k.storefront = customer_link.storefront_connection_id
             AND k.customer = customer_link.customer_id AND k.pos = pos_connection_id)`,
    [...columnsOf(customers), ...columns.slice(0, 3)],
  );
  const changed = await tx.query<LinkRow>(
    `INSERT INTO customer_link
       (storefront_connection_id, customer_id, pos_connection_id, pos_customer_id)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
     ON CONFLICT (storefront_connection_id, customer_id, pos_connection_id) DO UPDATE
       SET pos_customer_id = excluded.pos_customer_id, linked_at = now()
       WHERE customer_link.pos_customer_id <> excluded.pos_customer_id
     RETURNING storefront_connection_id, customer_id, pos_connection_id, pos_customer_id`,
    columns,
  );
  tx.send(
    changed.map((row) =>
      Object.assign(new CustomerLinked(), {
        ...fromRow(row),
        posConnectionId: row.pos_connection_id,
        posCustomerId: row.pos_customer_id,
      }),
    ),
  );
}

interface CustomerRow {
  readonly storefront_connection_id: string;
  readonly customer_id: string;
}

interface LinkRow extends CustomerRow {
  readonly pos_connection_id: string;
  readonly pos_customer_id: string;
}

function fromRow(row: CustomerRow): CustomerKey {
  return { storefrontConnectionId: row.storefront_connection_id, customerId: row.customer_id };
}

function columnsOf(customers: readonly CustomerKey[]): [string[], string[]] {
  return [
    customers.map(({ storefrontConnectionId }) => storefrontConnectionId),
    customers.map(({ customerId }) => customerId),
  ];
}
