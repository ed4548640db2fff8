import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What every service's database has besides its own tables. */
export class CreateMessageTables1767225600000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await createOutbox(queryRunner);
    await createInbox(queryRunner);
    await createExceptions(queryRunner);
    await createDeadLetterActs(queryRunner);
    await createStreamRepair(queryRunner);
    await createConfigurationTaken(queryRunner);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}

async function createOutbox(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
      CREATE TABLE outbox (
        sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        message_id text NOT NULL UNIQUE,
        subject text NOT NULL,
        headers jsonb NOT NULL,
        payload text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        published_at timestamptz,
        first_published_at timestamptz,
        round int NOT NULL DEFAULT 0,
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
  // The first time decides how long a row is kept: a rebuild makes a message no younger.
  await queryRunner.query(
    `CREATE INDEX outbox_first_published_at ON outbox USING brin (first_published_at)
        WITH (autosummarize = on)`,
  );
  // Each row is written twice. With the server's own fifth of the table a month's rows would
  // have to be dead before anybody cleaned the index of what is unpublished.
  await queryRunner.query(`
      ALTER TABLE outbox SET (autovacuum_vacuum_threshold = 5000,
        autovacuum_vacuum_scale_factor = 0.01, autovacuum_analyze_scale_factor = 0.02)`);
}

async function createInbox(queryRunner: QueryRunner): Promise<void> {
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
  await queryRunner.query(
    `CREATE INDEX inbox_at ON inbox USING brin (at) WITH (autosummarize = on)`,
  );
  // Almost only inserts: what counts is that marks are frozen in small helpings.
  await queryRunner.query(`
      ALTER TABLE inbox SET (autovacuum_vacuum_insert_scale_factor = 0.02,
        autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02)`);
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
}

async function createExceptions(queryRunner: QueryRunner): Promise<void> {
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

/** What people did with dead letters. It outlives them, and nothing deletes it. */
async function createDeadLetterActs(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
      CREATE TABLE dead_letter_act (
        act_id uuid NOT NULL,
        act text NOT NULL CHECK (act IN ('replay', 'discard')),
        by text NOT NULL,
        reason text NOT NULL,
        consumer text NOT NULL,
        message_id text NOT NULL,
        code text NOT NULL,
        error text NOT NULL,
        at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (act_id, consumer, message_id)
      )`);
  await queryRunner.query(`CREATE INDEX dead_letter_act_at ON dead_letter_act (at)`);
}

async function createStreamRepair(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
      CREATE TABLE outbox_rebuild (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        since timestamptz NOT NULL,
        asked_at timestamptz NOT NULL DEFAULT now(),
        reached bigint NOT NULL DEFAULT 0,
        messages bigint NOT NULL DEFAULT 0,
        finished_at timestamptz
      )`);
  await queryRunner.query(
    `CREATE UNIQUE INDEX outbox_rebuild_open ON outbox_rebuild ((true)) WHERE finished_at IS NULL`,
  );
  // What was last seen of each stream, to notice that it was emptied or made anew.
  await queryRunner.query(`
      CREATE TABLE stream_memory (
        stream text PRIMARY KEY,
        created text NOT NULL,
        first_sequence bigint NOT NULL,
        last_sequence bigint NOT NULL,
        last_at timestamptz,
        whole_at timestamptz NOT NULL,
        broken_since timestamptz
      )`);
}

/** The configuration that the service works by, without its credentials: one row. */
async function createConfigurationTaken(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
      CREATE TABLE configuration_taken (
        one boolean PRIMARY KEY DEFAULT true CHECK (one),
        version int NOT NULL,
        digest text NOT NULL,
        configuration jsonb NOT NULL,
        taken_at timestamptz NOT NULL
      )`);
}
