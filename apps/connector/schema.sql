-- What the migrations of this service make, for readers and reviewers; nothing runs it.
-- Written by its spec: RENEW_SCHEMA=1 npx nx test @tillbridge/connector

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

CREATE TABLE entity (
  connection text NOT NULL,
  kind text NOT NULL,
  id text NOT NULL,
  revision integer NOT NULL,
  hash text NOT NULL,
  message_id uuid NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  CONSTRAINT entity_pkey PRIMARY KEY (connection, kind, id)
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

CREATE TABLE fetch_queue (
  connection text NOT NULL,
  kind text NOT NULL,
  id text NOT NULL,
  wanted_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  attempts integer NOT NULL DEFAULT 0,
  due_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  parked boolean NOT NULL DEFAULT false,
  error text,
  CONSTRAINT fetch_queue_pkey PRIMARY KEY (connection, kind, id)
);
CREATE INDEX fetch_queue_due ON public.fetch_queue USING btree (connection, due_at);

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

CREATE TABLE intent (
  id text NOT NULL,
  seq bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  connection text NOT NULL,
  act text NOT NULL,
  lane text NOT NULL,
  priority integer NOT NULL,
  command json NOT NULL,
  state text NOT NULL DEFAULT 'planned'::text,
  steps jsonb NOT NULL DEFAULT '{}'::jsonb,
  attempts integer NOT NULL DEFAULT 0,
  due_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  error text,
  created_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  ended_at timestamp with time zone,
  CONSTRAINT intent_pkey PRIMARY KEY (id),
  CONSTRAINT intent_lane_check CHECK ((lane = ANY (ARRAY['stock'::text, 'other'::text]))),
  CONSTRAINT intent_state_check CHECK ((state = ANY (ARRAY['planned'::text, 'running'::text, 'waiting'::text, 'done'::text, 'refused'::text])))
);
CREATE INDEX intent_age ON public.intent USING btree (ended_at) WHERE (ended_at IS NOT NULL);
CREATE INDEX intent_open ON public.intent USING btree (connection, lane, priority, seq) WHERE (state = ANY (ARRAY['planned'::text, 'running'::text, 'waiting'::text]));

CREATE TABLE migration (
  id integer NOT NULL DEFAULT nextval('migration_id_seq'::regclass),
  timestamp bigint NOT NULL,
  name character varying NOT NULL,
  CONSTRAINT "PK_3043fc6b8af7c99b8b98830094f" PRIMARY KEY (id)
);

CREATE TABLE order_text (
  connection text NOT NULL,
  order_id uuid NOT NULL,
  recipient_name text,
  note text,
  requested_date text,
  address jsonb,
  CONSTRAINT order_text_pkey PRIMARY KEY (order_id, connection)
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

CREATE TABLE poll_fact (
  connection text NOT NULL,
  message_id uuid NOT NULL,
  CONSTRAINT poll_fact_pkey PRIMARY KEY (connection, message_id)
);

CREATE TABLE poll_mark (
  connection text NOT NULL,
  feed text NOT NULL,
  mark text,
  ran_at timestamp with time zone NOT NULL,
  CONSTRAINT poll_mark_pkey PRIMARY KEY (connection, feed)
);

CREATE TABLE ref (
  connection text NOT NULL,
  kind text NOT NULL,
  key text NOT NULL,
  value jsonb NOT NULL,
  expires_at timestamp with time zone,
  CONSTRAINT ref_pkey PRIMARY KEY (connection, kind, key)
);
CREATE INDEX ref_expiry ON public.ref USING btree (expires_at) WHERE (expires_at IS NOT NULL);

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

CREATE TABLE webhook_journal (
  connection text NOT NULL,
  event_id text NOT NULL,
  topic text NOT NULL,
  headers jsonb NOT NULL,
  body bytea NOT NULL,
  error text,
  received_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  handled_at timestamp with time zone,
  CONSTRAINT webhook_journal_pkey PRIMARY KEY (connection, event_id)
);
CREATE INDEX webhook_journal_age ON public.webhook_journal USING btree (received_at);
