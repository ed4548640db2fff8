import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '@tillbridge/postgres';
import { SharedWork } from '../sharing/shared-work.js';

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
  readonly lane: Lane;
  readonly command: object;
  readonly steps: Record<string, unknown>;
  /** Tries, this one included. */
  readonly attempts: number;
}

/** What was claimed, and what comes after it. */
export interface Claim {
  readonly intents: Intent[];
  /**
   * Milliseconds until something becomes due; null when nothing does, and when something was taken. What
   * has been due for a while waits for a place, not for a time.
   */
  readonly nextDueMs: number | null;
}

interface KeptStep {
  readonly id: string;
  readonly name: string;
  /** JSON. */
  readonly value: string;
}

/** Outside acts that we have promised to do, and how far each has got. */
@Injectable()
export class IntentBook {
  private readonly steps = new SharedWork<KeptStep, unknown>((steps) => this.keepSteps(steps), 100);

  constructor(private readonly database: Database) {}

  async add(tx: Transaction, intents: readonly NewIntent[]): Promise<void> {
    await tx.query(
      `insert into intent (id, connection, act, lane, priority, command)
       select id, connection, act, lane, priority, command::json
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

  /** Takes up to so many of each lane that are due. */
  async claim(connection: string, places: Readonly<Record<Lane, number>>): Promise<Claim> {
    const rows = await this.database.query<
      { ms: number | null } & (Intent | Record<keyof Intent, null>)
    >(CLAIM, [connection, places.stock, places.other]);
    return {
      intents: rows.flatMap(({ ms: _, ...intent }) => (intent.id === null ? [] : [intent])),
      nextDueMs: rows[0]?.ms ?? null,
    };
  }

  /** Keeps the outcome of a step; what was kept first stays. Given back as it reads from now on. */
  async keepStep<T>(id: string, name: string, value: T): Promise<T> {
    return (await this.steps.add({ id, name, value: JSON.stringify(value ?? null) })) as T;
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
    ids: readonly string[],
    how: { state: 'done' | 'refused'; error?: string },
  ): Promise<void> {
    await tx.query(
      `update intent set state = $2, error = $3, steps = '{}', ended_at = clock_timestamp()
       where id = any($1::text[])`,
      [ids, how.state, how.error?.slice(0, 1_000) ?? null],
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

  /** An intent has one step under way at most: no two of these are about the same row. */
  private async keepSteps(steps: readonly KeptStep[]): Promise<unknown[]> {
    const rows = await this.database.query<{ id: string; value: unknown }>(
      `update intent set steps = jsonb_build_object(name, value::jsonb) || steps
       from unnest($1::text[], $2::text[], $3::text[]) as kept(kept_id, name, value)
       where id = kept_id returning id, steps -> name as value`,
      [steps.map(({ id }) => id), steps.map(({ name }) => name), steps.map(({ value }) => value)],
    );
    const byId = new Map(rows.map(({ id, value }) => [id, value]));
    const gone = steps.find(({ id }) => !byId.has(id));
    if (gone !== undefined) throw new Error(`intent ${gone.id} is gone`);
    return steps.map(({ id }) => byId.get(id));
  }
}

const DUE = (lane: Lane, limit: string): string => `
  select id from intent
  where connection = $1 and lane = '${lane}' and state in ('planned', 'waiting')
    and due_at <= clock_timestamp()
  order by priority, seq limit ${limit} for update skip locked`;

/** What is due next is looked for only when nothing is due: that goes through all that is open. */
const CLAIM = `
  with stock as (${DUE('stock', '$2')}), other as (${DUE('other', '$3')}),
  claimed as (
    update intent set state = 'running', attempts = attempts + 1
    where id in (select id from stock union all select id from other)
    returning id, act, lane, command, steps, attempts
  ),
  next as (
    select case when not exists (select from claimed) then (
      select (extract(epoch from min(due_at) - clock_timestamp()) * 1000)::float8
      from intent where connection = $1 and state in ('planned', 'waiting')
        and due_at > clock_timestamp() - interval '1 second'
    ) end as ms
  )
  select ms, claimed.* from next left join claimed on true`;
