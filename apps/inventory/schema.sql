-- What the migrations of this service make, for readers and reviewers; nothing runs it.
-- Written by its spec: RENEW_SCHEMA=1 npx nx test @tillbridge/inventory

CREATE TABLE allocation (
  order_id uuid NOT NULL,
  revision integer NOT NULL,
  announced_revision integer NOT NULL DEFAULT 0,
  shares jsonb NOT NULL,
  unallocated jsonb NOT NULL,
  short jsonb NOT NULL DEFAULT '[]'::jsonb,
  waiting_skus text[] NOT NULL,
  CONSTRAINT allocation_pkey PRIMARY KEY (order_id)
);
CREATE INDEX allocation_waiting ON public.allocation USING gin (waiting_skus);

CREATE TABLE channel_ledger (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  recorded_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  connection_id text NOT NULL,
  channel_location_id text NOT NULL,
  sku text NOT NULL,
  observed_units integer NOT NULL,
  CONSTRAINT channel_ledger_pkey PRIMARY KEY (id)
);
CREATE INDEX channel_ledger_of_sku ON public.channel_ledger USING btree (sku, connection_id, channel_location_id, id);

CREATE TABLE channel_movement (
  connection_id text NOT NULL,
  channel_location_id text NOT NULL,
  sku text NOT NULL,
  fallen_units integer NOT NULL,
  believed_at timestamp with time zone NOT NULL,
  moved_at timestamp with time zone NOT NULL,
  told boolean NOT NULL DEFAULT false,
  CONSTRAINT channel_movement_pkey PRIMARY KEY (connection_id, channel_location_id, sku)
);

CREATE TABLE channel_order (
  order_id uuid NOT NULL,
  stage text NOT NULL,
  connection_id text NOT NULL,
  revision integer NOT NULL,
  status text NOT NULL,
  name text NOT NULL,
  placed_at text NOT NULL,
  trade boolean NOT NULL,
  payment_method text NOT NULL,
  lines jsonb NOT NULL,
  message_id text NOT NULL,
  CONSTRAINT channel_order_pkey PRIMARY KEY (order_id, stage),
  CONSTRAINT channel_order_stage_check CHECK ((stage = ANY (ARRAY['draft'::text, 'order'::text])))
);
CREATE INDEX channel_order_by_time ON public.channel_order USING btree (connection_id, placed_at);

CREATE TABLE commitment (
  order_id uuid NOT NULL,
  location_id text NOT NULL,
  sku text NOT NULL,
  placed_at text,
  owed_units integer NOT NULL DEFAULT 0,
  contained_units integer NOT NULL DEFAULT 0,
  left_units integer NOT NULL DEFAULT 0,
  counted boolean NOT NULL DEFAULT false,
  committed_units integer NOT NULL GENERATED ALWAYS AS (GREATEST(0, (owed_units -
CASE
    WHEN counted THEN contained_units
    ELSE GREATEST(0, contained_units)
END))),
  short_units integer NOT NULL DEFAULT 0,
  CONSTRAINT commitment_pkey PRIMARY KEY (order_id, location_id, sku),
  CONSTRAINT commitment_left_units_check CHECK ((left_units >= 0)),
  CONSTRAINT commitment_owed_units_check CHECK ((owed_units >= 0)),
  CONSTRAINT commitment_short_units_check CHECK ((short_units >= 0))
);
CREATE INDEX commitment_in_excess ON public.commitment USING btree (location_id, sku) WHERE (contained_units > owed_units);
CREATE INDEX commitment_of_shelf ON public.commitment USING btree (location_id, sku) WHERE ((committed_units > 0) OR (short_units > 0));

CREATE TABLE configuration_taken (
  one boolean NOT NULL DEFAULT true,
  version integer NOT NULL,
  digest text NOT NULL,
  configuration jsonb NOT NULL,
  taken_at timestamp with time zone NOT NULL,
  CONSTRAINT configuration_taken_pkey PRIMARY KEY (one),
  CONSTRAINT configuration_taken_one_check CHECK (one)
);

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
  at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT dead_letter_pkey PRIMARY KEY (consumer, message_id)
);

CREATE TABLE dead_letter_act (
  act_id uuid NOT NULL,
  act text NOT NULL,
  by text NOT NULL,
  reason text NOT NULL,
  consumer text NOT NULL,
  message_id text NOT NULL,
  code text NOT NULL,
  error text NOT NULL,
  at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT dead_letter_act_pkey PRIMARY KEY (act_id, consumer, message_id),
  CONSTRAINT dead_letter_act_act_check CHECK ((act = ANY (ARRAY['replay'::text, 'discard'::text])))
);
CREATE INDEX dead_letter_act_at ON public.dead_letter_act USING btree (at);

CREATE TABLE dispatch (
  posting_id uuid NOT NULL,
  shipment_id uuid NOT NULL,
  location_id text NOT NULL,
  sku text NOT NULL,
  order_id uuid NOT NULL,
  units integer NOT NULL,
  at text NOT NULL,
  CONSTRAINT dispatch_pkey PRIMARY KEY (posting_id, shipment_id, location_id, sku)
);
CREATE INDEX dispatch_of_order ON public.dispatch USING btree (order_id);

CREATE TABLE dispatch_told (
  posting_id uuid NOT NULL,
  shipment_id uuid NOT NULL,
  revision integer NOT NULL,
  CONSTRAINT dispatch_told_pkey PRIMARY KEY (posting_id, shipment_id)
);

CREATE TABLE exception (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  code text NOT NULL,
  subject text NOT NULL,
  system text NOT NULL,
  cause text NOT NULL,
  raised_at timestamp with time zone NOT NULL,
  cleared_at timestamp with time zone,
  CONSTRAINT exception_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX exception_open ON public.exception USING btree (code, subject) WHERE (cleared_at IS NULL);

CREATE TABLE inbox (
  consumer text NOT NULL,
  message_id text NOT NULL,
  state text NOT NULL DEFAULT 'handled'::text,
  at timestamp with time zone NOT NULL DEFAULT now(),
  subject text,
  headers jsonb,
  payload bytea,
  attempts smallint NOT NULL DEFAULT 0,
  next_attempt_at timestamp with time zone,
  reason text,
  CONSTRAINT inbox_pkey PRIMARY KEY (consumer, message_id),
  CONSTRAINT inbox_state_check CHECK ((state = ANY (ARRAY['handled'::text, 'waiting'::text, 'parked'::text])))
) WITH (autovacuum_analyze_scale_factor=0.02, autovacuum_vacuum_insert_scale_factor=0.02, autovacuum_vacuum_scale_factor=0.02);
CREATE INDEX inbox_at ON public.inbox USING brin (at) WITH (autosummarize='on');
CREATE INDEX inbox_waiting ON public.inbox USING btree (next_attempt_at) WHERE (state = 'waiting'::text);

CREATE TABLE migration (
  id integer NOT NULL DEFAULT nextval('migration_id_seq'::regclass),
  timestamp bigint NOT NULL,
  name character varying NOT NULL,
  CONSTRAINT "PK_3043fc6b8af7c99b8b98830094f" PRIMARY KEY (id)
);

CREATE TABLE outbox (
  sequence bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  message_id text NOT NULL,
  subject text NOT NULL,
  headers jsonb NOT NULL,
  payload text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  published_at timestamp with time zone,
  first_published_at timestamp with time zone,
  round integer NOT NULL DEFAULT 0,
  attempts smallint NOT NULL DEFAULT 0,
  next_attempt_at timestamp with time zone,
  parked_at timestamp with time zone,
  error text,
  CONSTRAINT outbox_pkey PRIMARY KEY (sequence),
  CONSTRAINT outbox_message_id_key UNIQUE (message_id)
) WITH (autovacuum_analyze_scale_factor=0.02, autovacuum_vacuum_scale_factor=0.01, autovacuum_vacuum_threshold=5000);
CREATE INDEX outbox_first_published_at ON public.outbox USING brin (first_published_at) WITH (autosummarize='on');
CREATE INDEX outbox_parked ON public.outbox USING btree (sequence) WHERE (parked_at IS NOT NULL);
CREATE INDEX outbox_unpublished ON public.outbox USING btree (sequence) WHERE ((published_at IS NULL) AND (parked_at IS NULL));

CREATE TABLE outbox_rebuild (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  since timestamp with time zone NOT NULL,
  asked_at timestamp with time zone NOT NULL DEFAULT now(),
  reached bigint NOT NULL DEFAULT 0,
  messages bigint NOT NULL DEFAULT 0,
  finished_at timestamp with time zone,
  CONSTRAINT outbox_rebuild_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX outbox_rebuild_open ON public.outbox_rebuild USING btree ((true)) WHERE (finished_at IS NULL);

CREATE TABLE poll_pending (
  message_id text NOT NULL,
  connection_id text NOT NULL,
  complete_through timestamp with time zone NOT NULL,
  requires text[] NOT NULL,
  CONSTRAINT poll_pending_pkey PRIMARY KEY (message_id)
);

CREATE TABLE poll_watermark (
  connection_id text NOT NULL,
  complete_through timestamp with time zone NOT NULL,
  CONSTRAINT poll_watermark_pkey PRIMARY KEY (connection_id)
);

CREATE TABLE publication (
  connection_id text NOT NULL,
  channel_location_id text NOT NULL,
  sku text NOT NULL,
  observed_units integer NOT NULL,
  observed_revision integer NOT NULL,
  observed_at timestamp with time zone NOT NULL DEFAULT now(),
  desired_units integer,
  since timestamp with time zone NOT NULL,
  in_flight_batch uuid,
  in_flight_units integer,
  declined_units integer,
  refused boolean NOT NULL DEFAULT false,
  CONSTRAINT publication_pkey PRIMARY KEY (connection_id, channel_location_id, sku),
  CONSTRAINT publication_check CHECK (((in_flight_batch IS NULL) = (in_flight_units IS NULL))),
  CONSTRAINT publication_desired_units_check CHECK ((desired_units >= 0))
);
CREATE INDEX publication_by_sku ON public.publication USING btree (sku);
CREATE INDEX publication_in_flight ON public.publication USING btree (in_flight_batch) WHERE (in_flight_batch IS NOT NULL);
CREATE INDEX publication_wanted ON public.publication USING btree (connection_id, since) WHERE ((desired_units <> observed_units) AND (in_flight_batch IS NULL));

CREATE TABLE reconciliation_mention (
  run_id uuid NOT NULL,
  connection_id text NOT NULL,
  page integer NOT NULL,
  places text[] NOT NULL,
  skus text[] NOT NULL,
  CONSTRAINT reconciliation_mention_pkey PRIMARY KEY (run_id, connection_id, page)
);

CREATE TABLE reconciliation_reading (
  run_id uuid NOT NULL,
  look integer NOT NULL,
  connection_id text NOT NULL,
  skus text[],
  after text,
  pages integer NOT NULL DEFAULT 0,
  restarts integer NOT NULL DEFAULT 0,
  not_before timestamp with time zone NOT NULL,
  progress_at timestamp with time zone NOT NULL,
  ended_at timestamp with time zone,
  failure text,
  CONSTRAINT reconciliation_reading_pkey PRIMARY KEY (run_id, look, connection_id)
);

CREATE TABLE reconciliation_run (
  run_id uuid NOT NULL,
  scope text NOT NULL,
  asked_by text NOT NULL,
  since timestamp with time zone,
  started_at timestamp with time zone NOT NULL,
  look integer NOT NULL DEFAULT 1,
  finished_at timestamp with time zone,
  complete boolean,
  pairs integer NOT NULL DEFAULT 0,
  differences jsonb NOT NULL DEFAULT '{}'::jsonb,
  CONSTRAINT reconciliation_run_pkey PRIMARY KEY (run_id),
  CONSTRAINT reconciliation_run_asked_by_check CHECK ((asked_by = ANY (ARRAY['schedule'::text, 'person'::text]))),
  CONSTRAINT reconciliation_run_check CHECK (((finished_at IS NULL) = (complete IS NULL))),
  CONSTRAINT reconciliation_run_look_check CHECK ((look = ANY (ARRAY[1, 2]))),
  CONSTRAINT reconciliation_run_scope_check CHECK ((scope = ANY (ARRAY['changed'::text, 'all'::text])))
);
CREATE INDEX reconciliation_run_age ON public.reconciliation_run USING btree (started_at);
CREATE UNIQUE INDEX reconciliation_run_open ON public.reconciliation_run USING btree (((finished_at IS NULL))) WHERE (finished_at IS NULL);

CREATE TABLE reconciliation_wish (
  one boolean NOT NULL DEFAULT true,
  at timestamp with time zone NOT NULL,
  CONSTRAINT reconciliation_wish_pkey PRIMARY KEY (one),
  CONSTRAINT reconciliation_wish_one_check CHECK (one)
);

CREATE TABLE retail_adjustment (
  adjustment_id uuid NOT NULL,
  order_id uuid NOT NULL,
  location_id text NOT NULL,
  units jsonb NOT NULL,
  state text NOT NULL,
  reason text,
  requested_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT retail_adjustment_pkey PRIMARY KEY (adjustment_id),
  CONSTRAINT retail_adjustment_state_check CHECK ((state = ANY (ARRAY['sent'::text, 'done'::text, 'refused'::text, 'not-sent'::text])))
);
CREATE INDEX retail_adjustment_of_order ON public.retail_adjustment USING btree (order_id);
CREATE INDEX retail_adjustment_open ON public.retail_adjustment USING btree (state) WHERE (state = 'sent'::text);

CREATE TABLE stock_batch (
  batch_id uuid NOT NULL,
  connection_id text NOT NULL,
  items integer NOT NULL,
  sent_at timestamp with time zone NOT NULL,
  closed_at timestamp with time zone,
  overdue boolean NOT NULL DEFAULT false,
  CONSTRAINT stock_batch_pkey PRIMARY KEY (batch_id)
);
CREATE INDEX stock_batch_open ON public.stock_batch USING btree (connection_id) WHERE (closed_at IS NULL);

CREATE TABLE stock_cause (
  location_id text NOT NULL,
  sku text NOT NULL,
  cause_id text NOT NULL,
  kind text NOT NULL,
  order_id uuid,
  posting_id uuid,
  units integer NOT NULL,
  taken_out_units integer NOT NULL,
  at text NOT NULL,
  happened_at text NOT NULL,
  contained boolean NOT NULL DEFAULT false,
  message_id text NOT NULL,
  CONSTRAINT stock_cause_pkey PRIMARY KEY (location_id, sku, cause_id)
);
CREATE INDEX stock_cause_of_order ON public.stock_cause USING btree (order_id) WHERE (order_id IS NOT NULL);
CREATE INDEX stock_cause_returned ON public.stock_cause USING btree (location_id, sku) WHERE (kind = 'return'::text);
CREATE INDEX stock_cause_waiting ON public.stock_cause USING btree (location_id, sku) WHERE (NOT contained);

CREATE TABLE stock_difference (
  connection_id text NOT NULL,
  place text NOT NULL,
  sku text NOT NULL,
  side text NOT NULL,
  hub_units integer,
  hub_at text,
  news text,
  seen_units integer,
  seen_at text,
  run_id uuid NOT NULL,
  look integer NOT NULL,
  looks integer NOT NULL DEFAULT 1,
  same_since timestamp with time zone NOT NULL,
  class text,
  explanation text,
  exception text,
  first_seen_at timestamp with time zone NOT NULL,
  last_seen_at timestamp with time zone NOT NULL,
  cleared_at timestamp with time zone,
  CONSTRAINT stock_difference_pkey PRIMARY KEY (connection_id, place, sku),
  CONSTRAINT stock_difference_side_check CHECK ((side = ANY (ARRAY['master'::text, 'channel'::text])))
);
CREATE INDEX stock_difference_of_run ON public.stock_difference USING btree (run_id);
CREATE INDEX stock_difference_open ON public.stock_difference USING btree (first_seen_at) WHERE (cleared_at IS NULL);

CREATE TABLE stock_ledger (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  recorded_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  message_id text NOT NULL,
  location_id text NOT NULL,
  sku text NOT NULL,
  on_hand_units integer,
  counted_at text,
  order_id uuid,
  owed_units integer,
  contained_units integer,
  CONSTRAINT stock_ledger_pkey PRIMARY KEY (id),
  CONSTRAINT stock_ledger_check CHECK (((order_id IS NULL) = (on_hand_units IS NOT NULL)))
);
CREATE INDEX stock_ledger_of_shelf ON public.stock_ledger USING btree (location_id, sku, id);

CREATE TABLE stock_level (
  location_id text NOT NULL,
  sku text NOT NULL,
  on_hand_units integer NOT NULL,
  counted_at text NOT NULL,
  revision integer NOT NULL,
  committed_units integer NOT NULL DEFAULT 0,
  last_count_at text,
  CONSTRAINT stock_level_pkey PRIMARY KEY (location_id, sku),
  CONSTRAINT stock_level_committed_units_check CHECK ((committed_units >= 0))
);
CREATE INDEX stock_level_by_sku ON public.stock_level USING btree (sku);

CREATE TABLE stream_memory (
  stream text NOT NULL,
  created text NOT NULL,
  first_sequence bigint NOT NULL,
  last_sequence bigint NOT NULL,
  last_at timestamp with time zone,
  whole_at timestamp with time zone NOT NULL,
  broken_since timestamp with time zone,
  CONSTRAINT stream_memory_pkey PRIMARY KEY (stream)
);
