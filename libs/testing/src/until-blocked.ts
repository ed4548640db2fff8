import pg from 'pg';
import { eventually } from './eventually.js';

/**
 * Waits until `sessions` of this database wait for a lock: the moment that a spec of two who meet
 * needs, however slow the machine is.
 */
export async function untilBlocked(url: string, sessions: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  // The database may be dropped while it looks, when its spec has gone on without it.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await eventually(
      async () => {
        const { rows } = await client.query<{ blocked: number }>(
          `SELECT count(*)::int AS blocked FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        const blocked = rows[0]?.blocked ?? 0;
        if (blocked < sessions) throw new Error(`${blocked} of ${sessions} wait for a lock`);
      },
      { withinMs: 10_000, everyMs: 5 },
    );
  } finally {
    await client.end();
  }
}
