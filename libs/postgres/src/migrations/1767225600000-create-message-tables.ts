import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What every service's database has besides its own tables. */
export class CreateMessageTables1767225600000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE outbox (
        sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        message_id text NOT NULL UNIQUE,
        subject text NOT NULL,
        headers jsonb NOT NULL,
        payload text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        published_at timestamptz,
        attempts smallint NOT NULL DEFAULT 0,
        next_attempt_at timestamptz,
        parked_at timestamptz,
        error text
      )`);
    await queryRunner.query(`
      CREATE INDEX outbox_unpublished ON outbox (sequence)
        WHERE published_at IS NULL AND parked_at IS NULL`);
    await queryRunner.query(
      `CREATE INDEX outbox_parked ON outbox (sequence) WHERE parked_at IS NOT NULL`,
    );
    await queryRunner.query(`CREATE INDEX outbox_published_at ON outbox USING brin (published_at)`);
    // Handled rows are only marks. What waits or is parked keeps the message, to run it from here.
    await queryRunner.query(`
      CREATE TABLE inbox (
        consumer text NOT NULL,
        message_id text NOT NULL,
        state text NOT NULL DEFAULT 'handled' CHECK (state IN ('handled', 'waiting', 'parked')),
        at timestamptz NOT NULL DEFAULT now(),
        subject text,
        headers jsonb,
        payload bytea,
        attempts smallint NOT NULL DEFAULT 0,
        next_attempt_at timestamptz,
        reason text,
        PRIMARY KEY (consumer, message_id)
      )`);
    await queryRunner.query(`
      CREATE INDEX inbox_waiting ON inbox (next_attempt_at) WHERE state = 'waiting'`);
    await queryRunner.query(`CREATE INDEX inbox_at ON inbox USING brin (at)`);
    await queryRunner.query(`
      CREATE TABLE dead_letter (
        consumer text NOT NULL,
        message_id text NOT NULL,
        subject text NOT NULL,
        headers jsonb NOT NULL,
        payload bytea NOT NULL,
        code text NOT NULL,
        error text NOT NULL,
        stack_hash text,
        attempts smallint NOT NULL,
        at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (consumer, message_id)
      )`);
    await queryRunner.query(`
      CREATE TABLE exception (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        code text NOT NULL,
        subject text NOT NULL,
        system text NOT NULL,
        cause text NOT NULL,
        raised_at timestamptz NOT NULL,
        cleared_at timestamptz
      )`);
    await queryRunner.query(`
      CREATE UNIQUE INDEX exception_open ON exception (code, subject) WHERE cleared_at IS NULL`);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
