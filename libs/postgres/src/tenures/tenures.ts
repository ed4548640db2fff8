import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { Database } from '../database/database.js';

/** Work that one process at a time does, however many of them there are. */
export interface Tenant {
  /** The same in every process. */
  readonly name: string;
  begin(): void;
  /** Resolves when nothing of it is under way any more. It may begin again later. */
  end(): Promise<void>;
}

type Lock = 'pg_try_advisory_lock' | 'pg_advisory_unlock';

/** Any number will do, as long as nothing else of a service asks for the same. */
const LOCK = 716_355;
const LOOK_MS = 250;
/** A server that does not answer keeps nobody from stopping. */
const LETTING_GO_MS = 1_000;

/** The server takes a process whose machine is gone for gone after some ten seconds. */
const SESSION = {
  application_name: 'tillbridge-tenures',
  options: '-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3',
};

/**
 * Gives each tenant to one process at a time: whoever has the lock of its name, which lives as long
 * as a session of Postgres. So a process that is killed loses it at once, one that stops hands it
 * over when its work has ended, and no clock decides anything.
 *
 * A session that breaks is replaced, and its tenants work on meanwhile, unless somebody else has
 * got the lock by then. For that moment two may be at work: what they do must bear it.
 */
export class Tenures {
  private session?: pg.Client;
  /** Those whose locks the session has. */
  private readonly held = new Set<Tenant>();
  private readonly working = new Set<Tenant>();
  private readonly stopping = new AbortController();
  private asked: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly logger: Logger,
  ) {}

  /** How many are this process's. */
  get count(): number {
    return this.working.size;
  }

  start(tenants: readonly Tenant[]): void {
    void this.loop(tenants);
  }

  /** Ends what is here, each handed over as soon as it has ended. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all([...this.working].map((tenant) => this.endAndLetGo(tenant)));
    await atMost(LETTING_GO_MS, this.session?.end());
  }

  private async loop(tenants: readonly Tenant[]): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        await this.look(tenants);
      } catch (error) {
        this.logger.warn({ err: error }, 'who may do what could not be found out');
        this.lost(this.session);
      }
      await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  private async look(tenants: readonly Tenant[]): Promise<void> {
    const session = (this.session ??= await this.open());
    for (const tenant of tenants) {
      if (this.held.has(tenant)) continue;
      const granted = await this.ask(session, 'pg_try_advisory_lock', tenant);
      // A session that broke meanwhile has granted nothing.
      if (this.stopping.signal.aborted || this.session !== session) return;
      if (granted) this.take(tenant);
      else if (this.working.has(tenant)) await this.giveUp(tenant);
    }
  }

  private take(tenant: Tenant): void {
    this.held.add(tenant);
    if (this.working.has(tenant)) return;
    this.working.add(tenant);
    this.logger.info({ tenant: tenant.name }, 'begins: no other process does it');
    tenant.begin();
  }

  /** Its lock went with a broken session, and another process was faster than our next one. */
  private async giveUp(tenant: Tenant): Promise<void> {
    this.logger.warn({ tenant: tenant.name }, 'ends: another process has taken it over');
    await tenant.end();
    this.working.delete(tenant);
  }

  private async endAndLetGo(tenant: Tenant): Promise<void> {
    await tenant.end();
    this.working.delete(tenant);
    if (!this.held.delete(tenant)) return;
    if (this.session === undefined) return;
    const unlock = this.ask(this.session, 'pg_advisory_unlock', tenant);
    await atMost(LETTING_GO_MS, unlock);
  }

  /** One thing after the other: that is what a session takes. */
  private ask(session: pg.Client, lock: Lock, { name }: Tenant): Promise<boolean> {
    const answer = this.asked.then(async () => {
      const sql = `SELECT ${lock}($1, hashtext($2)) AS done`;
      const { rows } = await session.query<{ done: boolean }>(sql, [LOCK, name]);
      return rows[0]?.done === true;
    });
    this.asked = answer.catch(() => undefined);
    return answer;
  }

  private async open(): Promise<pg.Client> {
    const session = await this.database.openSession(SESSION);
    session.on('error', () => this.lost(session));
    session.on('end', () => this.lost(session));
    // Who stops has not seen it.
    if (this.stopping.signal.aborted) await session.end();
    return session;
  }

  private lost(session: pg.Client | undefined): void {
    if (session === undefined || this.session !== session) return;
    this.session = undefined;
    this.held.clear();
    void atMost(LETTING_GO_MS, session.end());
  }
}

/** What fails here goes with the session all the same. */
async function atMost(ms: number, work: Promise<unknown> | undefined): Promise<void> {
  await Promise.race([work?.catch(() => undefined), sleep(ms, undefined, { ref: false })]);
}
