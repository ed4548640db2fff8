import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The record of every trade order, what was asked of the outside for it, and its words. A record is read
 * and written whole, and nothing looks into it here: as `json` it is kept as the text it is.
 */
export class CreateTradeOrder1767225610000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE trade_order (
        order_id uuid PRIMARY KEY,
        record json,
        state text,
        draft boolean NOT NULL DEFAULT false,
        connection_id text,
        vendor_id text,
        name text,
        cart_id text,
        customer_id text,
        placed_at timestamptz,
        po_number text,
        currency char(3),
        total_minor bigint,
        ever text[] NOT NULL DEFAULT '{}',
        stood_since timestamptz NOT NULL DEFAULT now(),
        due_at timestamptz,
        revision integer NOT NULL DEFAULT 0,
        changed_at timestamptz NOT NULL DEFAULT now()
      )`);
    await queryRunner.query(`
      CREATE INDEX trade_order_by_cart ON trade_order (connection_id, cart_id)
        WHERE cart_id IS NOT NULL`);
    await queryRunner.query(`CREATE INDEX trade_order_by_state ON trade_order (state, order_id)`);
    // What the clock is looked at for.
    await queryRunner.query(`
      CREATE INDEX trade_order_due ON trade_order (due_at) WHERE due_at IS NOT NULL`);
    // One row a cart: what the trade shop says of it, and the lock that makes duplicates take turns.
    await queryRunner.query(`
      CREATE TABLE cart (
        connection_id text NOT NULL,
        cart_id text NOT NULL,
        purchase_revision integer,
        po_number text,
        told jsonb,
        PRIMARY KEY (connection_id, cart_id)
      )`);
    await queryRunner.query(`
      CREATE TABLE outside_act (
        act_id uuid PRIMARY KEY,
        order_id uuid NOT NULL REFERENCES trade_order (order_id),
        kind text NOT NULL CHECK (kind IN ('posting', 'reversal', 'dispatch', 'dispatch-cancel',
          'tracking', 'pos-completion', 'completion')),
        location_id text,
        amount_minor bigint,
        state text NOT NULL CHECK (state IN ('asked', 'done', 'refused', 'not-sent')),
        vendor_reference text,
        asked_at timestamptz NOT NULL DEFAULT now()
      )`);
    await queryRunner.query(`CREATE INDEX outside_act_by_order ON outside_act (order_id)`);
    await queryRunner.query(`
      CREATE INDEX outside_act_asked ON outside_act (kind) WHERE state = 'asked'`);
    await queryRunner.query(`
      CREATE TABLE delivery_text (
        order_id uuid PRIMARY KEY,
        recipient_name text,
        note text,
        requested_date text,
        address jsonb,
        asked_at timestamptz NOT NULL
      )`);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
