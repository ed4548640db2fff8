import type { MigrationInterface, QueryRunner } from 'typeorm';

/** `not_before` is also the lease of whoever reads: a process that dies lets go of it by itself. */
const RUNS = `
create table reconciliation_wish (
  one boolean primary key default true check (one),
  at timestamptz not null
);

create table reconciliation_run (
  run_id uuid primary key,
  scope text not null check (scope in ('changed', 'all')),
  asked_by text not null check (asked_by in ('schedule', 'person')),
  since timestamptz,
  started_at timestamptz not null,
  look integer not null default 1 check (look in (1, 2)),
  finished_at timestamptz,
  complete boolean,
  pairs integer not null default 0,
  differences jsonb not null default '{}',
  check ((finished_at is null) = (complete is null))
);
create unique index reconciliation_run_open on reconciliation_run ((finished_at is null))
  where finished_at is null;
create index reconciliation_run_age on reconciliation_run (started_at);

create table reconciliation_reading (
  run_id uuid not null,
  look integer not null,
  connection_id text not null,
  skus text[],
  after text,
  pages integer not null default 0,
  restarts integer not null default 0,
  not_before timestamptz not null,
  progress_at timestamptz not null,
  ended_at timestamptz,
  failure text,
  primary key (run_id, look, connection_id)
);

create table reconciliation_mention (
  run_id uuid not null,
  connection_id text not null,
  page integer not null,
  places text[] not null,
  skus text[] not null,
  primary key (run_id, connection_id, page)
);
`;

/**
 * `news`: what the hub knew of the figure when it was compared; another text means that it moved.
 * `same_since`: when the first of the `looks` was that found just this.
 */
const DIFFERENCES = `
create table stock_difference (
  connection_id text not null,
  place text not null,
  sku text not null,
  side text not null check (side in ('master', 'channel')),
  hub_units integer,
  hub_at text collate "C",
  news text,
  seen_units integer,
  seen_at text collate "C",
  run_id uuid not null,
  look integer not null,
  looks integer not null default 1,
  same_since timestamptz not null,
  class text,
  explanation text,
  exception text,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  cleared_at timestamptz,
  primary key (connection_id, place, sku)
);
create index stock_difference_open on stock_difference (first_seen_at) where cleared_at is null;
create index stock_difference_of_run on stock_difference (run_id);
`;

/** Append only, as the ledger of the shelves is: what a channel has shown, each time it was another figure. */
const CHANNEL_LEDGER = `
create table channel_ledger (
  id bigint generated always as identity primary key,
  recorded_at timestamptz not null default clock_timestamp(),
  connection_id text not null,
  channel_location_id text not null,
  sku text not null,
  observed_units integer not null
);
create index channel_ledger_of_sku on channel_ledger (sku, connection_id, channel_location_id, id);
`;

export class CreateReconciliation1767225650000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statements of [RUNS, DIFFERENCES, CHANNEL_LEDGER]) await runner.query(statements);
  }

  /** @throws Error always: migrations only go forward. */
  down(): Promise<void> {
    return Promise.reject(new Error('migrations only go forward'));
  }
}
