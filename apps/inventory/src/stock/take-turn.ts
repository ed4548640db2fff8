import type { Transaction } from '@tillbridge/postgres';
import { holdLevels } from './stock-levels.js';

/** Any number, the same for ever: it names the one turn of this database. */
const TURN = 7_214_000_001;

/**
 * Waits until no other transaction changes stock, and keeps them out until commit. Figures, promises
 * and publications of many SKUs depend on one another (kits, whole orders), so one writer at a time,
 * each with a large batch, is both right and faster than many that lock rows in each other's way.
 */
export async function takeTurn(tx: Transaction): Promise<void> {
  await tx.query('select pg_advisory_xact_lock($1)', [TURN]);
  holdLevels(tx);
}
