import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An order as finance sees it: how it is paid, with which tender, and what is owed for it. */
export class CreateOrderPayment1767225620000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE order_payment (
        order_id uuid PRIMARY KEY,
        order_revision integer NOT NULL DEFAULT 0,
        order_name text,
        connection_id text,
        payment_method text,
        currency char(3),
        order_state text,
        draft boolean NOT NULL DEFAULT false,
        total_minor bigint,
        tender_method text,
        tender_outcome text CHECK (tender_outcome IN ('decided', 'unmapped')),
        tender_name text,
        tender_kind text,
        ever_opened boolean NOT NULL DEFAULT false,
        receivable_state text CHECK (receivable_state IN ('open', 'void')),
        receivable_minor bigint CHECK (receivable_minor >= 0),
        receivable_revision integer NOT NULL DEFAULT 0,
        changed_at timestamptz NOT NULL DEFAULT now()
      )`);
    await queryRunner.query(`
      CREATE INDEX order_payment_unmapped ON order_payment (order_id)
        WHERE tender_outcome = 'unmapped'`);
    await queryRunner.query(`
      CREATE INDEX order_payment_receivable ON order_payment (order_id)
        WHERE receivable_state IS NOT NULL`);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
