import type pg from 'pg';
import { CUSTOMER, NUMBER, orderIdOf, postingIdOf, toldStories } from './told-stories.js';

const CUSTOMERS = 2_000;
/** Orders that one statement puts in. */
const CHUNK = 10_000;

/** Six digits, as every text that names the order has them. */
const numberOf = (index: number): string => String(index).padStart(6, '0');

/** A text that people may ask by, with the order it must lead to and how many it names. */
export interface Asked {
  readonly identifier: string;
  readonly orderId: string;
  readonly matches: number;
}

/** What people ask by, in turn: each system's name of the order, and the customer. */
export function askedBy(index: number, turn: number, orders: number): Asked {
  const number = numberOf(index);
  const orderId = orderIdOf(number);
  const posted = index % 20 <= 15;
  const texts = [
    // A short or held order has no number but the draft's, and no posting.
    posted ? `#${number}` : `#D${number}`,
    `CART-${number}`,
    `gid://shopify/DraftOrder/6${number}`,
    posted ? `gid://shopify/Order/5${number}` : orderId,
    posted ? `POS${number}` : `po-${number}`,
    posted ? postingIdOf(number) : orderId,
    `PO-${number}`,
    orderId,
  ];
  const identifier = texts[turn % (texts.length + 1)];
  if (identifier !== undefined) return { identifier, orderId, matches: 1 };
  const customer = index % CUSTOMERS;
  const newest = orders - CUSTOMERS + customer;
  return {
    identifier: String(customer).padStart(4, '0'),
    orderId: orderIdOf(numberOf(newest)),
    matches: Math.floor(orders / CUSTOMERS),
  };
}

/** Puts orders in as the service would have written them, the last one placed an hour ago. */
export async function storeOrders(database: pg.Client, orders: number): Promise<number> {
  const stories = JSON.stringify(
    toldStories().map(({ turns, record, identifiers, events }) => {
      const { orderId: _, ...kept } = record;
      return { turns, state: record.state, record: JSON.stringify(kept), identifiers, events };
    }),
  );
  for (let from = 0; from < orders; from += CHUNK) {
    const chunk = [stories, from, Math.min(from + CHUNK, orders) - 1, orders];
    for (const statement of STATEMENTS) await database.query(statement, chunk);
  }
  await database.query('VACUUM ANALYZE');
  const { rows } = await database.query<{ steps: number }>(
    'SELECT count(*)::int AS steps FROM order_event',
  );
  return rows[0]?.steps ?? 0;
}

const NUMBERED = `lpad(n::text, 6, '0')`;
const PLACED = `now() - interval '1 hour' - ($4::int - n) * interval '5 minutes'`;
const filled = (text: string): string =>
  `replace(replace(${text}, '${NUMBER}', ${NUMBERED}), '${CUSTOMER}', lpad((n % ${CUSTOMERS})::text, 4, '0'))`;
const ORDER_ID = `replace('${orderIdOf(NUMBER)}', '${NUMBER}', ${NUMBERED})::uuid`;
const STORIES = `
  generate_series($2::int, $3::int) n
  JOIN jsonb_to_recordset($1::jsonb) AS s (turns int[], state text, record text,
         identifiers jsonb, events jsonb) ON n % 20 = ANY (s.turns)`;

const STATEMENTS = [
  `INSERT INTO trade_order (order_id, record, state, name, currency, placed_at)
   SELECT ${ORDER_ID}, ${filled('s.record')}::json, s.state, '#' || ${NUMBERED}, 'GBP', ${PLACED}
     FROM ${STORIES} WHERE $4::int > 0`,
  `INSERT INTO order_identifier (value, kind, order_id)
   SELECT ${filled('i.value')}, i.kind, ${ORDER_ID}
     FROM ${STORIES}
     CROSS JOIN jsonb_to_recordset(s.identifiers) AS i (kind text, value text)
    WHERE $4::int > 0`,
  // In the order of time, as orders that live side by side write them.
  `INSERT INTO order_event (order_id, recorded_at, content)
   SELECT ${ORDER_ID}, ${PLACED} + e."afterS" * interval '1 second',
          ${filled('e.content::text')}::jsonb
     FROM ${STORIES}
     CROSS JOIN jsonb_to_recordset(s.events) AS e ("afterS" int, content jsonb)
    ORDER BY 2`,
];
