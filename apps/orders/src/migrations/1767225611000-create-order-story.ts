import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What happened to each order, and every text by which people ask for one. */
export class CreateOrderStory1767225611000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // Rows are added with each decision and never changed.
    await queryRunner.query(`
      CREATE TABLE order_event (
        sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        order_id uuid NOT NULL REFERENCES trade_order (order_id),
        recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        content jsonb NOT NULL
      )`);
    await queryRunner.query(
      `CREATE INDEX order_event_by_order ON order_event (order_id, sequence)`,
    );
    // Every text by which people ask for an order.
    await queryRunner.query(`
      CREATE TABLE order_identifier (
        value text NOT NULL,
        kind text NOT NULL,
        order_id uuid NOT NULL REFERENCES trade_order (order_id),
        PRIMARY KEY (value, kind, order_id)
      )`);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
