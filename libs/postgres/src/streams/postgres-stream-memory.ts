import { StreamMemory, type StreamState } from '@tillbridge/runtime';
import type { Database } from '../database/database.js';
import type { Transaction } from '../database/transaction.js';
import { decideStreamLoss, type RememberedStream } from './decide-stream-loss.js';

interface MemoryRow {
  readonly created: string;
  readonly first_sequence: string;
  readonly last_sequence: string;
  readonly last_at: Date | null;
  readonly whole_at: Date;
}

/** What this service last saw of the streams that it publishes into. */
export class PostgresStreamMemory extends StreamMemory {
  constructor(
    private readonly database: Database,
    private readonly now: () => Date = () => new Date(),
  ) {
    super();
  }

  /**
   * The lock comes before the look: of two processes that look, the one with the older answer would
   * otherwise find the stream behind what the other had just remembered.
   */
  async compare(stream: string, read: () => Promise<StreamState | null>): Promise<void> {
    await this.database.inTransaction(async (tx) => {
      await tx.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [LOCK, stream]);
      const seen = await read();
      // A stream that is not there is no news yet: it will be made anew.
      if (seen === null) return;
      const [row] = await tx.query<MemoryRow>('SELECT * FROM stream_memory WHERE stream = $1', [
        stream,
      ]);
      const loss = row && decideStreamLoss(toRemembered(row), seen, this.now().getTime());
      const brokenSince = loss ? row.whole_at : null;
      await remember(tx, seen, this.now(), brokenSince);
      if (!loss) return;
      const cause =
        `The stream ${stream} was ${loss}. It was last seen whole at ` +
        `${row.whole_at.toISOString()}, with messages up to number ${row.last_sequence}; ` +
        `now it ends with number ${seen.lastSequence}.`;
      await tx.raise([{ code: 'stream-recreated', subject: stream, cause }]);
    });
  }
}

/** Any number will do, as long as nothing else of a service asks for the same. */
const LOCK = 716_354;

/** After a second loss before a rebuild, what has to be repaired still begins with the first. */
async function remember(
  tx: Transaction,
  seen: StreamState,
  now: Date,
  brokenSince: Date | null,
): Promise<void> {
  await tx.query(
    `INSERT INTO stream_memory AS kept
       (stream, created, first_sequence, last_sequence, last_at, whole_at)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (stream) DO UPDATE
       SET created = excluded.created, first_sequence = excluded.first_sequence,
           last_sequence = excluded.last_sequence, last_at = excluded.last_at,
           whole_at = excluded.whole_at, broken_since = COALESCE(kept.broken_since, $7)`,
    [
      seen.stream,
      seen.created,
      seen.firstSequence,
      seen.lastSequence,
      seen.lastAt,
      now,
      brokenSince,
    ],
  );
}

function toRemembered(row: MemoryRow): RememberedStream {
  return {
    created: row.created,
    firstSequence: Number(row.first_sequence),
    lastSequence: Number(row.last_sequence),
    lastAt: row.last_at,
    seenAt: row.whole_at,
  };
}
