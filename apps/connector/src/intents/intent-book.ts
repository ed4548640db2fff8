import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '@tillbridge/postgres';

/** Acts of a connection; `due` are those of `open` that wait for nothing but their turn. */
export interface ActsToDo {
  readonly connection: string;
  readonly open: number;
  readonly due: number;
}

/** Stock figures have places of their own, so that no other act keeps one waiting. */
export type Lane = 'stock' | 'other';

export interface NewIntent {
  /** The command's message id. */
  readonly id: string;
  readonly connection: string;
  /** The subject of the command class. */
  readonly act: string;
  readonly lane: Lane;
  /** Lower goes first. */
  readonly priority: number;
  readonly command: object;
}

export interface Intent {
  readonly id: string;
  readonly act: string;
  readonly command: object;
  readonly steps: Record<string, unknown>;
  /** Tries, this one included. */
  readonly attempts: number;
}

/** Outside acts that we have promised to do, and how far each has got. */
@Injectable()
export class IntentBook {
  constructor(private readonly database: Database) {}

  async add(tx: Transaction, intents: readonly NewIntent[]): Promise<void> {
    await tx.query(
      `insert into intent (id, connection, act, lane, priority, command)
       select id, connection, act, lane, priority, command::jsonb
       from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::text[])
         with ordinality as new(id, connection, act, lane, priority, command, place)
       order by place
       on conflict (id) do nothing`,
      [
        intents.map((intent) => intent.id),
        intents.map((intent) => intent.connection),
        intents.map((intent) => intent.act),
        intents.map((intent) => intent.lane),
        intents.map((intent) => intent.priority),
        intents.map((intent) => JSON.stringify(intent.command)),
      ],
    );
  }

  /** What is marked running but is not: a process died, or could not note the end of a try. */
  async resume(connection: string, running: readonly string[]): Promise<void> {
    await this.database.query(
      `update intent set state = 'planned', due_at = clock_timestamp()
       where connection = $1 and state = 'running' and not id = any($2::text[])`,
      [connection, running],
    );
  }

  /** Takes up to `limit` that are due. */
  async claim(connection: string, lane: Lane, limit: number): Promise<Intent[]> {
    return this.database.query<Intent>(CLAIM, [connection, lane, limit]);
  }

  /**
   * Milliseconds until something becomes due; null when nothing does. What has been due for a while
   * waits for a place, not for a time.
   */
  async nextDueMs(connection: string): Promise<number | null> {
    const [row] = await this.database.query<{ ms: number | null }>(
      `select (extract(epoch from min(due_at) - clock_timestamp()) * 1000)::float8 as ms
       from intent where connection = $1 and state in ('planned', 'waiting')
         and due_at > clock_timestamp() - interval '1 second'`,
      [connection],
    );
    return row?.ms ?? null;
  }

  /** Keeps the outcome of a step; what was kept first stays. Given back as it reads from now on. */
  async keepStep<T>(id: string, name: string, value: T): Promise<T> {
    const [row] = await this.database.query<{ value: T }>(
      `update intent set steps = jsonb_build_object($2::text, $3::jsonb) || steps
       where id = $1 returning steps -> $2 as value`,
      [id, name, JSON.stringify(value ?? null)],
    );
    if (row === undefined) throw new Error(`intent ${id} is gone`);
    return row.value;
  }

  async later(id: string, afterMs: number, error: string): Promise<void> {
    await this.database.query(
      `update intent set state = 'waiting', error = $3,
         due_at = clock_timestamp() + make_interval(secs => $2::float8 / 1000)
       where id = $1`,
      [id, afterMs, error.slice(0, 1_000)],
    );
  }

  /** Steps hold what was sent, names included: they are not kept longer than needed. */
  async end(
    tx: Transaction,
    id: string,
    how: { state: 'done' | 'refused'; error?: string },
  ): Promise<void> {
    await tx.query(
      `update intent set state = $2, error = $3, steps = '{}', ended_at = clock_timestamp()
       where id = $1`,
      [id, how.state, how.error?.slice(0, 1_000) ?? null],
    );
  }

  /** Everything that is not ended, of the given connections. */
  async load(connections: readonly string[]): Promise<ActsToDo[]> {
    return this.database.query<ActsToDo>(
      `select connection, count(*)::int as open,
         (count(*) filter (where due_at <= clock_timestamp()))::int as due
       from intent
       where connection = any($1::text[]) and state in ('planned', 'running', 'waiting')
       group by connection`,
      [connections],
    );
  }
}

const CLAIM = `
  with due as (
    select id from intent
    where connection = $1 and lane = $2 and state in ('planned', 'waiting')
      and due_at <= clock_timestamp()
    order by priority, seq limit $3 for update skip locked
  )
  update intent set state = 'running', attempts = attempts + 1
  where id in (select id from due)
  returning id, act, command, steps, attempts`;
