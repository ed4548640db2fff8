import { ExceptionCleared, ExceptionRaised, type RaisedException } from '@tillbridge/contracts';
import { EXCEPTIONS, type ExceptionCode } from '@tillbridge/domain';

export interface ExceptionKey {
  readonly code: ExceptionCode;
  /** Our id of the thing it is about. */
  readonly subject: string;
}

export interface NewException extends ExceptionKey {
  /** The system in which the fault sits: a connection id. `tillbridge` when left out. */
  readonly system?: string;
  /** Plain English, no personal data. */
  readonly cause: string;
}

type Query = <R>(sql: string, params: readonly unknown[]) => Promise<R[]>;

/** Opens what is not open yet, in one statement. What was opened, as it is told to others. */
export async function raiseExceptions(
  query: Query,
  exceptions: readonly NewException[],
  at: Date,
): Promise<ExceptionRaised[]> {
  const single = singled(exceptions);
  if (single.length === 0) return [];
  const rows = await query<ExceptionRow>(
    `INSERT INTO exception (code, subject, system, cause, raised_at)
     SELECT code, subject, system, cause, $5
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
         AS given (code, subject, system, cause)
     ON CONFLICT (code, subject) WHERE cleared_at IS NULL DO NOTHING
     RETURNING code, subject, system, cause, raised_at`,
    [
      single.map(({ code }) => code),
      single.map(({ subject }) => subject),
      single.map(({ system }) => system ?? 'tillbridge'),
      single.map(({ cause }) => cause),
      at,
    ],
  );
  return rows.map((row) => Object.assign(new ExceptionRaised(), toRaisedException(row)));
}

/** Closes what is open, in one statement. */
export async function clearExceptions(
  query: Query,
  keys: readonly ExceptionKey[],
  at: Date,
): Promise<ExceptionCleared[]> {
  const single = singled(keys);
  if (single.length === 0) return [];
  const rows = await query<ExceptionKey>(
    `UPDATE exception SET cleared_at = $3
       FROM unnest($1::text[], $2::text[]) AS given (code, subject)
      WHERE exception.code = given.code AND exception.subject = given.subject
        AND exception.cleared_at IS NULL
     RETURNING exception.code, exception.subject`,
    [single.map(({ code }) => code), single.map(({ subject }) => subject), at],
  );
  return rows.map(({ code, subject }) =>
    Object.assign(new ExceptionCleared(), { code, subject, clearedAt: at.toISOString() }),
  );
}

export interface ExceptionRow {
  readonly code: string;
  readonly subject: string;
  readonly system: string;
  readonly cause: string;
  readonly raised_at: Date;
}

export function toRaisedException(row: ExceptionRow): RaisedException {
  const { severity, team, action } = EXCEPTIONS[row.code as ExceptionCode];
  const { code, subject, system, cause } = row;
  return {
    code,
    severity,
    team,
    system,
    subject,
    cause,
    action,
    raisedAt: row.raised_at.toISOString(),
  };
}

/** In order of key, so that two batches take the same locks in the same order. */
function singled<K extends ExceptionKey>(keys: readonly K[]): K[] {
  const byKey = new Map(keys.map((key) => [`${key.code} ${key.subject}`, key]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, key]) => key);
}
