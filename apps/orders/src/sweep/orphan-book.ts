import { Injectable } from '@nestjs/common';
import {
  lookupValue,
  type ConfirmedPosting,
  type ExceptionCode,
  type Orphan,
} from '@tillbridge/domain';
import { Database } from '@tillbridge/postgres';

/** Postings that the POS is asked about in one question. */
const POSTINGS_AT_ONCE = 100;
/** Orders of which something is to be in the POS. */
const LIVE = ['posting', 'posted', 'part-dispatched', 'dispatched'];

/** A sweep of one connection that is due. */
export interface DueSweep {
  readonly connectionId: string;
  /** True when everything is looked at, and not only what was made lately. */
  readonly full: boolean;
}

/** What we hold against what the vendors list, and when each connection is swept. */
@Injectable()
export class OrphanBook {
  constructor(private readonly database: Database) {}

  /** Those that are due, taken by this process alone: they are due again at `nextAt`. */
  async takeDue(connectionIds: readonly string[], now: Date, nextAt: Date): Promise<DueSweep[]> {
    await this.database.query(
      `INSERT INTO orphan_sweep (connection_id, next_at, full_next_at)
       SELECT id, $2, $2 FROM unnest($1::text[]) AS id ORDER BY id ON CONFLICT DO NOTHING`,
      [connectionIds, nextAt],
    );
    const rows = await this.database.query<{ connection_id: string; is_full: boolean }>(
      `UPDATE orphan_sweep SET next_at = $3
        WHERE connection_id = ANY($1) AND next_at <= $2
        RETURNING connection_id, full_next_at <= $2 AS is_full`,
      [connectionIds, now, nextAt],
    );
    return rows.map((row) => ({ connectionId: row.connection_id, full: row.is_full }));
  }

  async fullyDone(connectionId: string, nextAt: Date): Promise<void> {
    await this.database.query(
      'UPDATE orphan_sweep SET full_next_at = $2 WHERE connection_id = $1',
      [connectionId, nextAt],
    );
  }

  /** The POS order of each of these postings that was asked for; null while there is no answer. */
  async askedPostings(postingIds: readonly string[]): Promise<Map<string, string | null>> {
    const rows = await this.database.query<{ act_id: string; vendor_reference: string | null }>(
      `SELECT act_id, vendor_reference FROM outside_act
        WHERE act_id = ANY($1::uuid[]) AND kind = 'posting'`,
      [postingIds],
    );
    return new Map(rows.map((row) => [row.act_id, row.vendor_reference]));
  }

  /** Confirmed postings of open orders at these locations, in the order of their ids. */
  async confirmedPostings(
    locationIds: readonly string[],
    afterPostingId: string | undefined,
  ): Promise<ConfirmedPosting[]> {
    return this.database.query<ConfirmedPosting>(
      `SELECT a.order_id AS "orderId", coalesce(o.name, '') AS "orderName",
              a.act_id AS "postingId", a.vendor_reference AS "posOrderId"
         FROM outside_act a JOIN trade_order o USING (order_id)
        WHERE a.kind = 'posting' AND a.state = 'done' AND a.vendor_reference IS NOT NULL
          AND a.location_id = ANY($1) AND o.state = ANY($2)
          AND ($3::uuid IS NULL OR a.act_id > $3)
        ORDER BY a.act_id LIMIT ${POSTINGS_AT_ONCE}`,
      [locationIds, LIVE, afterPostingId ?? null],
    );
  }

  /** Those of the platform's ids that a record of ours carries. */
  async knownOrders(connectionId: string, vendorIds: readonly string[]): Promise<Set<string>> {
    const rows = await this.database.query<{ value: string }>(
      `SELECT i.value FROM order_identifier i JOIN trade_order o USING (order_id)
        WHERE i.value = ANY($2) AND i.kind = 'platform-order' AND o.connection_id = $1`,
      [connectionId, vendorIds.map(lookupValue)],
    );
    const known = new Set(rows.map(({ value }) => value));
    return new Set(vendorIds.filter((id) => known.has(lookupValue(id))));
  }

  /** Opens what was found, and closes what is open of this connection and was not, in one commit. */
  async settle(
    code: ExceptionCode,
    connectionId: string,
    found: readonly Orphan[],
    isOver: (subject: string) => boolean,
  ): Promise<void> {
    await this.database.inTransaction(async (tx) => {
      await tx.raise(found.map((orphan) => ({ code, system: connectionId, ...orphan })));
      const open = await tx.query<{ subject: string }>(
        'SELECT subject FROM exception WHERE code = $1 AND system = $2 AND cleared_at IS NULL',
        [code, connectionId],
      );
      const subjects = new Set(found.map(({ subject }) => subject));
      const over = open.filter(({ subject }) => !subjects.has(subject) && isOver(subject));
      await tx.clear(over.map(({ subject }) => ({ code, subject })));
    });
  }
}
