import { Injectable } from '@nestjs/common';
import { OrderObserved } from '@tillbridge/contracts';
import type { Transaction } from '@tillbridge/postgres';
import { v5 } from 'uuid';
import type { EntityKey, Observation, PrivateTexts } from '../vendor.js';
import { putRefs } from '../refs/ref-book.js';
import { contentHash } from './content-hash.js';

/** Ours, made once: message ids of observed facts are derived in it. */
const NAMESPACE = '6f1d3e0a-52c8-4b7e-9a54-0c1b7d8e2f36';

/** One set of things read at the same time. */
export interface Reading {
  readonly connection: string;
  readonly observations: readonly Observation[];
  /** Our clock before the first byte of it was asked for. */
  readonly begunAtMs: number;
  /** What becomes of an entity observed by somebody else since then: see `Observation.ordered`. */
  readonly whenOvertaken: 'leave' | 'record';
}

export interface Recorded {
  /** The revision that each entity has now, by `kind|id`. */
  readonly revisions: Map<string, number>;
  /** To be read again: somebody else observed them while this reading was under way. */
  readonly overtaken: EntityKey[];
}

interface Held {
  revision: number;
  hash: string;
  messageId: string;
  atMs: number;
}

/**
 * What was last told of each thing. An observation becomes a fact only when its content differs,
 * so that webhook, retry and poll make one message, and two edits make two.
 */
@Injectable()
export class EntityBook {
  async record(tx: Transaction, reading: Reading): Promise<Recorded> {
    const { connection, observations } = reading;
    if (observations.length === 0) return { revisions: new Map(), overtaken: [] };
    // Acts and reads of one connection run side by side; their revisions must not.
    await lockKinds(tx, connection, observations);
    const held = await this.readHeld(tx, connection, observations);
    const before = new Map([...held].map(([key, row]) => [key, row.atMs]));
    const changed = new Map<string, Observation>();
    const overtaken: EntityKey[] = [];
    const facts: { id: string; message: object }[] = [];
    for (const observation of observations) {
      const key = keyOf(observation.key);
      const next = nextRevision(connection, observation, held.get(key));
      if (next === null) continue;
      if (!observation.ordered && (before.get(key) ?? 0) >= reading.begunAtMs) {
        overtaken.push(observation.key);
        if (reading.whenOvertaken === 'leave') continue;
      }
      held.set(key, next);
      changed.set(key, observation);
      if (observation.told) continue;
      facts.push({ id: next.messageId, message: observation.toMessage(next.revision) });
    }
    await this.save(tx, connection, [...changed.values()], held);
    await saveTexts(tx, connection, observations);
    await putRefs(
      tx,
      connection,
      observations.flatMap(({ refs }) => refs ?? []),
    );
    await send(tx, connection, facts);
    const revisions = new Map([...held].map(([key, row]) => [key, row.revision]));
    return { revisions, overtaken };
  }

  private async readHeld(
    tx: Transaction,
    connection: string,
    observations: readonly Observation[],
  ): Promise<Map<string, Held>> {
    const rows = await tx.query<EntityKey & Held>(
      `select kind, id, revision, hash, message_id as "messageId",
         (extract(epoch from updated_at) * 1000)::float8 as "atMs"
       from entity join unnest($2::text[], $3::text[]) as seen(kind, id) using (kind, id)
       where connection = $1`,
      [connection, ...columnsOf(observations)],
    );
    return new Map(rows.map(({ kind, id, ...row }) => [keyOf({ kind, id }), row]));
  }

  private async save(
    tx: Transaction,
    connection: string,
    changed: readonly Observation[],
    held: ReadonlyMap<string, Held>,
  ): Promise<void> {
    if (changed.length === 0) return;
    const rows = changed.map((observation) => held.get(keyOf(observation.key))!);
    await tx.query(SAVE, [
      connection,
      ...columnsOf(changed),
      rows.map((row) => row.revision),
      rows.map((row) => row.hash),
      rows.map((row) => row.messageId),
      rows.map((row) => new Date(row.atMs)),
    ]);
  }
}

/** Null when the content is what was told last. */
function nextRevision(
  connection: string,
  observation: Observation,
  held: Held | undefined,
): Held | null {
  const hash = contentHash(observation.content);
  if (held?.hash === hash) return null;
  const revision = (held?.revision ?? 0) + 1;
  const name = [connection, observation.key.kind, observation.key.id, revision, hash].join('|');
  return { revision, hash, messageId: v5(name, NAMESPACE), atMs: Date.now() };
}

/** In one order everywhere, so that two readings of several kinds cannot lock each other out. */
async function lockKinds(
  tx: Transaction,
  connection: string,
  observations: readonly Observation[],
): Promise<void> {
  const kinds = [...new Set(observations.map(({ key }) => key.kind))].sort();
  await tx.query(
    `select pg_advisory_xact_lock(hashtextextended('entity ' || $1 || ' ' || kind, 0))
     from unnest($2::text[]) with ordinality as locked(kind, at) order by at`,
    [connection, kinds],
  );
}

async function send(
  tx: Transaction,
  connection: string,
  facts: readonly { id: string; message: object }[],
): Promise<void> {
  if (facts.length === 0) return;
  tx.send(
    facts.map((fact) => fact.message),
    { ids: facts.map((fact) => fact.id), connection },
  );
  const orders = facts.filter((fact) => fact.message instanceof OrderObserved);
  if (orders.length === 0) return;
  await tx.query(
    `insert into poll_fact (connection, message_id)
     select $1, unnest($2::uuid[]) on conflict do nothing`,
    [connection, orders.map((fact) => fact.id)],
  );
}

async function saveTexts(
  tx: Transaction,
  connection: string,
  observations: readonly Observation[],
): Promise<void> {
  const last = new Map<string, PrivateTexts>();
  for (const { texts } of observations) if (texts) last.set(texts.orderId, texts);
  if (last.size === 0) return;
  const texts = [...last.values()];
  await tx.query(SAVE_TEXTS, [
    connection,
    texts.map((text) => text.orderId),
    texts.map((text) => text.recipientName ?? null),
    texts.map((text) => text.note ?? null),
    texts.map((text) => text.requestedDate ?? null),
    texts.map((text) => (text.address === undefined ? null : JSON.stringify(text.address))),
  ]);
}

function keyOf(key: EntityKey): string {
  return `${key.kind}|${key.id}`;
}

function columnsOf(observations: readonly Observation[]): [string[], string[]] {
  const last = new Map(observations.map(({ key }) => [keyOf(key), key]));
  return [[...last.values()].map((key) => key.kind), [...last.values()].map((key) => key.id)];
}

const SAVE = `
  insert into entity (connection, kind, id, revision, hash, message_id, updated_at)
  select $1, kind, id, revision, hash, message_id, updated_at
  from unnest($2::text[], $3::text[], $4::int[], $5::text[], $6::uuid[], $7::timestamptz[])
    as seen(kind, id, revision, hash, message_id, updated_at)
  order by kind, id
  on conflict (connection, kind, id) do update set revision = excluded.revision,
    hash = excluded.hash, message_id = excluded.message_id, updated_at = excluded.updated_at`;

const SAVE_TEXTS = `
  insert into order_text (connection, order_id, recipient_name, note, requested_date, address)
  select $1, * from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::jsonb[])
  on conflict (order_id, connection) do update set recipient_name = excluded.recipient_name,
    note = excluded.note, requested_date = excluded.requested_date, address = excluded.address
  where (order_text.recipient_name, order_text.note, order_text.requested_date, order_text.address)
    is distinct from
      (excluded.recipient_name, excluded.note, excluded.requested_date, excluded.address)`;
