import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Customers of the platform, customers of the POS, and which of them are one business. */
export class CreateCustomerLink1767225630000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // Ids are compared byte by byte, so that the first of several is the same on any server.
    await queryRunner.query(`
      CREATE TABLE customer (
        storefront_connection_id text COLLATE "C" NOT NULL,
        customer_id text COLLATE "C" NOT NULL,
        ordered boolean NOT NULL DEFAULT false,
        PRIMARY KEY (storefront_connection_id, customer_id)
      )`);
    await queryRunner.query(`
      CREATE TABLE pos_customer (
        pos_connection_id text COLLATE "C" NOT NULL,
        pos_customer_id text COLLATE "C" NOT NULL,
        storefront_connection_id text COLLATE "C",
        customer_id text COLLATE "C",
        PRIMARY KEY (pos_connection_id, pos_customer_id)
      )`);
    await queryRunner.query(`
      CREATE INDEX pos_customer_by_reference
          ON pos_customer (storefront_connection_id, customer_id)`);
    await queryRunner.query(`
      CREATE TABLE customer_link (
        storefront_connection_id text COLLATE "C" NOT NULL,
        customer_id text COLLATE "C" NOT NULL,
        pos_connection_id text COLLATE "C" NOT NULL,
        pos_customer_id text COLLATE "C" NOT NULL,
        linked_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (storefront_connection_id, customer_id, pos_connection_id),
        FOREIGN KEY (storefront_connection_id, customer_id)
          REFERENCES customer (storefront_connection_id, customer_id)
      )`);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
