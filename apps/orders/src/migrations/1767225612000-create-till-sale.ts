import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the tills sold, and the one history of it and of what went to a POS as a trade order. */
export class CreateTillSale1767225612000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE till_sale (
        connection_id text NOT NULL,
        sale_id text NOT NULL,
        revision integer NOT NULL,
        location_id text NOT NULL,
        at timestamptz NOT NULL,
        customer_id text,
        currency char(3) NOT NULL,
        total_minor bigint NOT NULL,
        tax_minor bigint,
        tenders jsonb NOT NULL,
        lines jsonb NOT NULL,
        return_of text,
        PRIMARY KEY (connection_id, sale_id)
      )`);
    await queryRunner.query(`CREATE INDEX till_sale_by_time ON till_sale (at, sale_id)`);
    await queryRunner.query(`
      CREATE INDEX till_sale_by_customer ON till_sale (connection_id, customer_id)
        WHERE customer_id IS NOT NULL`);
    await queryRunner.query(`
      CREATE INDEX trade_order_by_customer ON trade_order (connection_id, customer_id)
        WHERE customer_id IS NOT NULL`);
    await queryRunner.query(`CREATE INDEX trade_order_by_time ON trade_order (placed_at)`);
    // A trade order is read from its acts, so that no second copy of it can differ. The POS refuses
    // what it does not take, and then it is no sale; a reversal that was refused has moved no money.
    await queryRunner.query(`
      CREATE VIEW sale AS
        SELECT 'till'::text AS kind, sale_id, connection_id, location_id, at, customer_id,
               NULL::text AS name, currency, total_minor, lines, return_of
          FROM till_sale
        UNION ALL
        SELECT 'trade', o.order_id::text, o.connection_id, a.location_id, o.placed_at, o.customer_id,
               o.name, o.currency,
               sum(CASE WHEN a.kind = 'posting' THEN a.amount_minor ELSE -a.amount_minor END)::bigint,
               '[]'::jsonb, NULL
          FROM trade_order o
          JOIN outside_act a ON a.order_id = o.order_id
         WHERE a.kind IN ('posting', 'reversal') AND a.state <> 'refused'
         GROUP BY o.order_id, a.location_id, o.connection_id, o.placed_at, o.customer_id
        HAVING count(*) FILTER (WHERE a.kind = 'posting') > 0`);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
