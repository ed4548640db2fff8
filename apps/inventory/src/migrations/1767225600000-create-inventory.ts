import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Clocks of the master are text in collation C: they are compared as they sort, to the last digit. */
const STOCK = `
create table stock_level (
  location_id text not null,
  sku text not null,
  on_hand_units integer not null,
  counted_at text collate "C" not null,
  revision integer not null,
  committed_units integer not null default 0 check (committed_units >= 0),
  last_count_at text collate "C",
  primary key (location_id, sku)
);
create index stock_level_by_sku on stock_level (sku);

create table stock_cause (
  location_id text not null,
  sku text not null,
  cause_id text not null,
  kind text not null,
  order_id uuid,
  posting_id uuid,
  units integer not null,
  taken_out_units integer not null,
  at text collate "C" not null,
  happened_at text collate "C" not null,
  contained boolean not null default false,
  message_id text not null,
  primary key (location_id, sku, cause_id)
);
create index stock_cause_waiting on stock_cause (location_id, sku) where not contained;
create index stock_cause_of_order on stock_cause (order_id) where order_id is not null;
create index stock_cause_returned on stock_cause (location_id, sku) where kind = 'return';

create table stock_ledger (
  id bigint generated always as identity primary key,
  recorded_at timestamptz not null default clock_timestamp(),
  message_id text not null,
  location_id text not null,
  sku text not null,
  on_hand_units integer,
  counted_at text,
  order_id uuid,
  owed_units integer,
  contained_units integer,
  check ((order_id is null) = (on_hand_units is not null))
);
create index stock_ledger_of_shelf on stock_ledger (location_id, sku, id);
`;

/** Where the POS tells what has left of a posting as a whole, the shipment is the posting itself. */
const PROMISES = `
create table channel_order (
  order_id uuid not null,
  stage text not null check (stage in ('draft', 'order')),
  connection_id text not null,
  revision integer not null,
  status text not null,
  name text not null,
  placed_at text not null,
  trade boolean not null,
  payment_method text not null,
  lines jsonb not null,
  message_id text not null,
  primary key (order_id, stage)
);

create index channel_order_by_time on channel_order (connection_id, placed_at);

create table allocation (
  order_id uuid primary key,
  revision integer not null,
  announced_revision integer not null default 0,
  shares jsonb not null,
  unallocated jsonb not null,
  short jsonb not null default '[]',
  waiting_skus text[] not null
);
create index allocation_waiting on allocation using gin (waiting_skus);

create table commitment (
  order_id uuid not null,
  location_id text not null,
  sku text not null,
  placed_at text,
  owed_units integer not null default 0 check (owed_units >= 0),
  contained_units integer not null default 0,
  left_units integer not null default 0 check (left_units >= 0),
  counted boolean not null default false,
  committed_units integer not null generated always as
    (greatest(0, owed_units - case when counted then contained_units
                                   else greatest(0, contained_units) end)) stored,
  short_units integer not null default 0 check (short_units >= 0),
  primary key (order_id, location_id, sku)
);
create index commitment_of_shelf on commitment (location_id, sku)
  where committed_units > 0 or short_units > 0;
create index commitment_in_excess on commitment (location_id, sku)
  where contained_units > owed_units;

create table dispatch_told (
  posting_id uuid not null,
  shipment_id uuid not null,
  revision integer not null,
  primary key (posting_id, shipment_id)
);

create table dispatch (
  posting_id uuid not null,
  shipment_id uuid not null,
  location_id text not null,
  sku text not null,
  order_id uuid not null,
  units integer not null,
  at text collate "C" not null,
  primary key (posting_id, shipment_id, location_id, sku)
);
create index dispatch_of_order on dispatch (order_id);

create table retail_adjustment (
  adjustment_id uuid primary key,
  order_id uuid not null,
  location_id text not null,
  units jsonb not null,
  state text not null check (state in ('sent', 'done', 'refused', 'not-sent')),
  reason text,
  requested_at timestamptz not null default clock_timestamp()
);
create index retail_adjustment_of_order on retail_adjustment (order_id);
create index retail_adjustment_open on retail_adjustment (state) where state = 'sent';
`;

const PUBLICATION = `
create table publication (
  connection_id text not null,
  channel_location_id text not null,
  sku text not null,
  observed_units integer not null,
  observed_revision integer not null,
  observed_at timestamptz not null default now(),
  desired_units integer check (desired_units >= 0),
  since timestamptz not null,
  in_flight_batch uuid,
  in_flight_units integer,
  declined_units integer,
  refused boolean not null default false,
  primary key (connection_id, channel_location_id, sku),
  check ((in_flight_batch is null) = (in_flight_units is null))
);
create index publication_by_sku on publication (sku);
create index publication_wanted on publication (connection_id, since)
  where desired_units <> observed_units and in_flight_batch is null;
create index publication_in_flight on publication (in_flight_batch)
  where in_flight_batch is not null;

create table channel_movement (
  connection_id text not null,
  channel_location_id text not null,
  sku text not null,
  fallen_units integer not null,
  believed_at timestamptz not null,
  moved_at timestamptz not null,
  told boolean not null default false,
  primary key (connection_id, channel_location_id, sku)
);

create table stock_batch (
  batch_id uuid primary key,
  connection_id text not null,
  items integer not null,
  sent_at timestamptz not null,
  closed_at timestamptz,
  overdue boolean not null default false
);
create index stock_batch_open on stock_batch (connection_id) where closed_at is null;

create table poll_watermark (
  connection_id text primary key,
  complete_through timestamptz not null
);

create table poll_pending (
  message_id text primary key,
  connection_id text not null,
  complete_through timestamptz not null,
  requires text[] not null
);
`;

export class CreateInventory1767225600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statements of [STOCK, PROMISES, PUBLICATION]) await runner.query(statements);
  }

  /** @throws Error always: migrations only go forward. */
  down(): Promise<void> {
    return Promise.reject(new Error('migrations only go forward'));
  }
}
