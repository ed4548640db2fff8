import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The one row that each message leaves. */
export class CreateFigure1767225700000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE figure (
        message_id text PRIMARY KEY,
        sku text NOT NULL,
        units integer NOT NULL
      )`);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
