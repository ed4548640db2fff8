-- What the migrations of this service make, for readers and reviewers; nothing runs it.
-- Written by its spec: RENEW_SCHEMA=1 npx nx test @tillbridge/orders

CREATE VIEW sale AS  SELECT 'till'::text AS kind,
    till_sale.sale_id,
    till_sale.connection_id,
    till_sale.location_id,
    till_sale.at,
    till_sale.customer_id,
    NULL::text AS name,
    till_sale.currency,
    till_sale.total_minor,
    till_sale.lines,
    till_sale.return_of
   FROM till_sale
UNION ALL
 SELECT 'trade'::text AS kind,
    (o.order_id)::text AS sale_id,
    o.connection_id,
    a.location_id,
    o.placed_at AS at,
    o.customer_id,
    o.name,
    o.currency,
    (sum(
        CASE
            WHEN (a.kind = 'posting'::text) THEN a.amount_minor
            ELSE (- a.amount_minor)
        END))::bigint AS total_minor,
    '[]'::jsonb AS lines,
    NULL::text AS return_of
   FROM (trade_order o
     JOIN outside_act a ON ((a.order_id = o.order_id)))
  WHERE ((a.kind = ANY (ARRAY['posting'::text, 'reversal'::text])) AND (a.state <> 'refused'::text))
  GROUP BY o.order_id, a.location_id, o.connection_id, o.placed_at, o.customer_id
 HAVING (count(*) FILTER (WHERE (a.kind = 'posting'::text)) > 0);

CREATE TABLE cart (
  connection_id text NOT NULL,
  cart_id text NOT NULL,
  purchase_revision integer,
  po_number text,
  told jsonb,
  CONSTRAINT cart_pkey PRIMARY KEY (connection_id, cart_id)
);

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

CREATE TABLE delivery_text (
  order_id uuid NOT NULL,
  recipient_name text,
  note text,
  requested_date text,
  address jsonb,
  asked_at timestamp with time zone NOT NULL,
  CONSTRAINT delivery_text_pkey PRIMARY KEY (order_id)
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

CREATE TABLE order_event (
  sequence bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  order_id uuid NOT NULL,
  recorded_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  content jsonb NOT NULL,
  CONSTRAINT order_event_pkey PRIMARY KEY (sequence),
  CONSTRAINT order_event_order_id_fkey FOREIGN KEY (order_id) REFERENCES trade_order(order_id)
);
CREATE INDEX order_event_by_order ON public.order_event USING btree (order_id, sequence);

CREATE TABLE order_identifier (
  value text NOT NULL,
  kind text NOT NULL,
  order_id uuid NOT NULL,
  CONSTRAINT order_identifier_pkey PRIMARY KEY (value, kind, order_id),
  CONSTRAINT order_identifier_order_id_fkey FOREIGN KEY (order_id) REFERENCES trade_order(order_id)
);

CREATE TABLE orphan_sweep (
  connection_id text NOT NULL,
  next_at timestamp with time zone NOT NULL,
  full_next_at timestamp with time zone NOT NULL,
  CONSTRAINT orphan_sweep_pkey PRIMARY KEY (connection_id)
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

CREATE TABLE outside_act (
  act_id uuid NOT NULL,
  order_id uuid NOT NULL,
  kind text NOT NULL,
  location_id text,
  amount_minor bigint,
  state text NOT NULL,
  vendor_reference text,
  asked_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT outside_act_pkey PRIMARY KEY (act_id),
  CONSTRAINT outside_act_order_id_fkey FOREIGN KEY (order_id) REFERENCES trade_order(order_id),
  CONSTRAINT outside_act_kind_check CHECK ((kind = ANY (ARRAY['posting'::text, 'reversal'::text, 'dispatch'::text, 'dispatch-cancel'::text, 'tracking'::text, 'pos-completion'::text, 'completion'::text]))),
  CONSTRAINT outside_act_state_check CHECK ((state = ANY (ARRAY['asked'::text, 'done'::text, 'refused'::text, 'not-sent'::text])))
);
CREATE INDEX outside_act_asked ON public.outside_act USING btree (kind) WHERE (state = 'asked'::text);
CREATE INDEX outside_act_by_order ON public.outside_act USING btree (order_id);

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

CREATE TABLE till_sale (
  connection_id text NOT NULL,
  sale_id text NOT NULL,
  revision integer NOT NULL,
  location_id text NOT NULL,
  at timestamp with time zone NOT NULL,
  customer_id text,
  currency character(3) NOT NULL,
  total_minor bigint NOT NULL,
  tax_minor bigint,
  tenders jsonb NOT NULL,
  lines jsonb NOT NULL,
  return_of text,
  CONSTRAINT till_sale_pkey PRIMARY KEY (connection_id, sale_id)
);
CREATE INDEX till_sale_by_customer ON public.till_sale USING btree (connection_id, customer_id) WHERE (customer_id IS NOT NULL);
CREATE INDEX till_sale_by_time ON public.till_sale USING btree (at, sale_id);

CREATE TABLE trade_order (
  order_id uuid NOT NULL,
  record json,
  state text,
  draft boolean NOT NULL DEFAULT false,
  connection_id text,
  vendor_id text,
  name text,
  cart_id text,
  customer_id text,
  placed_at timestamp with time zone,
  po_number text,
  currency character(3),
  total_minor bigint,
  ever text[] NOT NULL DEFAULT '{}'::text[],
  stood_since timestamp with time zone NOT NULL DEFAULT now(),
  due_at timestamp with time zone,
  revision integer NOT NULL DEFAULT 0,
  changed_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT trade_order_pkey PRIMARY KEY (order_id)
);
CREATE INDEX trade_order_by_cart ON public.trade_order USING btree (connection_id, cart_id) WHERE (cart_id IS NOT NULL);
CREATE INDEX trade_order_by_customer ON public.trade_order USING btree (connection_id, customer_id) WHERE (customer_id IS NOT NULL);
CREATE INDEX trade_order_by_state ON public.trade_order USING btree (state, order_id);
CREATE INDEX trade_order_by_time ON public.trade_order USING btree (placed_at);
CREATE INDEX trade_order_due ON public.trade_order USING btree (due_at) WHERE (due_at IS NOT NULL);
