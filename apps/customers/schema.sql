-- What the migrations of this service make, for readers and reviewers; nothing runs it.
-- Written by its spec: RENEW_SCHEMA=1 npx nx test @tillbridge/customers

CREATE TABLE configuration_taken (
  one boolean NOT NULL DEFAULT true,
  version integer NOT NULL,
  digest text NOT NULL,
  configuration jsonb NOT NULL,
  taken_at timestamp with time zone NOT NULL,
  CONSTRAINT configuration_taken_pkey PRIMARY KEY (one),
  CONSTRAINT configuration_taken_one_check CHECK (one)
);

CREATE TABLE customer (
  storefront_connection_id text NOT NULL,
  customer_id text NOT NULL,
  ordered boolean NOT NULL DEFAULT false,
  CONSTRAINT customer_pkey PRIMARY KEY (storefront_connection_id, customer_id)
);

CREATE TABLE customer_link (
  storefront_connection_id text NOT NULL,
  customer_id text NOT NULL,
  pos_connection_id text NOT NULL,
  pos_customer_id text NOT NULL,
  linked_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT customer_link_pkey PRIMARY KEY (storefront_connection_id, customer_id, pos_connection_id),
  CONSTRAINT customer_link_storefront_connection_id_customer_id_fkey FOREIGN KEY (storefront_connection_id, customer_id) REFERENCES customer(storefront_connection_id, customer_id)
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

CREATE TABLE pos_customer (
  pos_connection_id text NOT NULL,
  pos_customer_id text NOT NULL,
  storefront_connection_id text,
  customer_id text,
  CONSTRAINT pos_customer_pkey PRIMARY KEY (pos_connection_id, pos_customer_id)
);
CREATE INDEX pos_customer_by_reference ON public.pos_customer USING btree (storefront_connection_id, customer_id);

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
