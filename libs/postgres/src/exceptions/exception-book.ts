import type { RaisedException } from '@tillbridge/contracts';
import type { Database } from '../database/database.js';
import { toRaisedException, type ExceptionRow } from './exception-ledger.js';

/** The open exceptions of this service, for its answer to AskExceptions. */
export class ExceptionBook {
  constructor(private readonly database: Database) {}

  /** Oldest first; those of one code, or all. */
  async open(code?: string): Promise<RaisedException[]> {
    const rows = await this.database.query<ExceptionRow>(
      `SELECT code, subject, system, cause, raised_at FROM exception
        WHERE cleared_at IS NULL AND ($1::text IS NULL OR code = $1)
        ORDER BY raised_at, id LIMIT 10000`,
      [code ?? null],
    );
    return rows.map(toRaisedException);
  }

  /** What is open of these subjects, oldest first. */
  async openOf(subjects: readonly string[]): Promise<RaisedException[]> {
    const rows = await this.database.query<ExceptionRow>(
      `SELECT code, subject, system, cause, raised_at FROM exception
        WHERE cleared_at IS NULL AND subject = ANY($1) ORDER BY raised_at, id`,
      [subjects],
    );
    return rows.map(toRaisedException);
  }
}
