import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When each connection is looked through for orders that only one side knows. */
export class CreateOrphanSweep1767225613000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE orphan_sweep (
        connection_id text PRIMARY KEY,
        next_at timestamptz NOT NULL,
        full_next_at timestamptz NOT NULL
      )`);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
