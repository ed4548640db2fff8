import type { Database } from '../database/database.js';

/** What GET /status says of a service's messages. `busy` is what is still to do. */
export async function readFigures(
  database: Database,
  published: number,
): Promise<Record<string, number>> {
  const [row] = await database.query<Record<string, number>>(
    `SELECT
       (SELECT count(*)::int FROM outbox WHERE published_at IS NULL AND parked_at IS NULL)
         AS "outboxPending",
       (SELECT count(*)::int FROM outbox WHERE parked_at IS NOT NULL) AS "outboxParked",
       (SELECT count(*)::int FROM inbox WHERE state = 'waiting') AS waiting,
       (SELECT count(*)::int FROM dead_letter) AS "deadLetters",
       (SELECT count(*)::int FROM exception WHERE cleared_at IS NULL) AS "openExceptions"`,
  );
  const figures = row ?? {};
  return {
    ...figures,
    published,
    ...database.counted,
    busy: (figures['outboxPending'] ?? 0) + (figures['waiting'] ?? 0),
  };
}
