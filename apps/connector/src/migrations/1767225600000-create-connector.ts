import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateConnector1767225600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(WEBHOOKS);
    await runner.query(OBSERVATIONS);
    await runner.query(POLLS);
    await runner.query(INTENTS);
  }

  /** Migrations only go forward: the facts in these tables cannot be had again from anywhere. */
  async down(): Promise<void> {
    throw new Error('the connector schema is not taken back');
  }
}

const WEBHOOKS = `
  create table webhook_journal (
    connection text not null,
    event_id text not null,
    topic text not null,
    headers jsonb not null,
    body bytea not null,
    error text,
    received_at timestamptz not null default clock_timestamp(),
    handled_at timestamptz,
    primary key (connection, event_id)
  );
  create index webhook_journal_age on webhook_journal (received_at);

  create table fetch_queue (
    connection text not null,
    kind text not null,
    id text not null,
    wanted_at timestamptz not null default clock_timestamp(),
    attempts integer not null default 0,
    due_at timestamptz not null default clock_timestamp(),
    parked boolean not null default false,
    error text,
    primary key (connection, kind, id)
  );
  create index fetch_queue_due on fetch_queue (connection, due_at);`;

const OBSERVATIONS = `
  create table entity (
    connection text not null,
    kind text not null,
    id text not null,
    revision integer not null,
    hash text not null,
    message_id uuid not null,
    updated_at timestamptz not null,
    primary key (connection, kind, id)
  );

  create table order_text (
    connection text not null,
    order_id uuid not null,
    recipient_name text,
    note text,
    requested_date text,
    address jsonb,
    primary key (order_id, connection)
  );

  create table ref (
    connection text not null,
    kind text not null,
    key text not null,
    value jsonb not null,
    expires_at timestamptz,
    primary key (connection, kind, key)
  );
  create index ref_expiry on ref (expires_at) where expires_at is not null;`;

const POLLS = `
  create table poll_mark (
    connection text not null,
    feed text not null,
    mark text,
    ran_at timestamptz not null,
    primary key (connection, feed)
  );

  create table poll_fact (
    connection text not null,
    message_id uuid not null,
    primary key (connection, message_id)
  );`;

const INTENTS = `
  create table intent (
    id text primary key,
    seq bigint generated always as identity,
    connection text not null,
    act text not null,
    lane text not null check (lane in ('stock', 'other')),
    priority integer not null,
    command json not null,
    state text not null default 'planned'
      check (state in ('planned', 'running', 'waiting', 'done', 'refused')),
    steps jsonb not null default '{}',
    attempts integer not null default 0,
    due_at timestamptz not null default clock_timestamp(),
    error text,
    created_at timestamptz not null default clock_timestamp(),
    ended_at timestamptz
  );
  create index intent_open on intent (connection, lane, priority, seq)
    where state in ('planned', 'running', 'waiting');
  create index intent_age on intent (ended_at) where ended_at is not null;`;
