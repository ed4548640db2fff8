import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '@tillbridge/postgres';
import type { Ref, Refs } from '../vendor.js';

/** Small vendor data kept for joins: which variation a SKU is, which POS order a posting. */
@Injectable()
export class RefBook {
  constructor(private readonly database: Database) {}

  /** The refs of one connection, as its vendor sees them. */
  of(connection: string): Refs {
    return {
      get: (kind, keys) => this.get(connection, kind, keys),
      put: (refs) => this.database.inTransaction((tx) => this.put(tx, connection, refs)),
    };
  }

  put(tx: Transaction, connection: string, refs: readonly Ref[]): Promise<void> {
    return putRefs(tx, connection, refs);
  }

  private async get<T>(
    connection: string,
    kind: string,
    keys: readonly string[],
  ): Promise<Map<string, T>> {
    if (keys.length === 0) return new Map();
    const rows = await this.database.query<{ key: string; value: T }>(
      `select key, value from ref where connection = $1 and kind = $2 and key = any($3::text[])
         and (expires_at is null or expires_at > now())`,
      [connection, kind, [...new Set(keys)]],
    );
    return new Map(rows.map((row) => [row.key, row.value]));
  }
}

/** Keeps the refs, and forgets those without a value; of two of one key the later counts. */
export async function putRefs(
  tx: Transaction,
  connection: string,
  refs: readonly Ref[],
): Promise<void> {
  if (refs.length === 0) return;
  const last = new Map(refs.map((ref) => [`${ref.kind}|${ref.key}`, ref]));
  const kept = [...last.values()].filter((ref) => ref.value !== null);
  const gone = [...last.values()].filter((ref) => ref.value === null);
  if (kept.length > 0) await tx.query(PUT, [connection, ...columnsOf(kept)]);
  if (gone.length > 0) {
    const keys = [gone.map((ref) => ref.kind), gone.map((ref) => ref.key)];
    await tx.query(FORGET, [connection, ...keys]);
  }
}

function columnsOf(refs: readonly Ref[]): unknown[] {
  return [
    refs.map((ref) => ref.kind),
    refs.map((ref) => ref.key),
    refs.map((ref) => JSON.stringify(ref.value)),
    refs.map((ref) => ref.keepDays ?? null),
  ];
}

const PUT = `
  insert into ref (connection, kind, key, value, expires_at)
  select $1, kind, key, value::jsonb, now() + make_interval(days => keep_days)
  from unnest($2::text[], $3::text[], $4::text[], $5::int[]) as put(kind, key, value, keep_days)
  order by kind, key
  on conflict (connection, kind, key) do update
    set value = excluded.value, expires_at = excluded.expires_at`;

const FORGET = `
  delete from ref using unnest($2::text[], $3::text[]) as gone(kind, key)
  where ref.connection = $1 and ref.kind = gone.kind and ref.key = gone.key`;
