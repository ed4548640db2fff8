import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findNatsServer, type Report } from './nats/find-nats-server.js';
import type { NatsUser } from './nats/start-nats.js';
import { natsFolders, startNatsServers } from './nats/start-nats-servers.js';
import { ensureRoleDatabase } from './postgres/role-databases.js';
import { startPostgres } from './postgres/start-postgres.js';
import { claimFolder } from './processes/folder-claim.js';
import { KillableServer } from './processes/killable-server.js';
import { stopLeftover } from './processes/process-identity.js';
import {
  superviseServices,
  type Crash,
  type ServicePlan,
  type Services,
} from './services/supervise-services.js';

/**
 * What the hub knows of its messaging, given by the caller: this tool is below the libs that
 * are tested with it, and must not import them.
 */
export interface Messaging {
  /** Names of the services, each with a database, a role, a NATS user and a process. */
  readonly services: readonly string[];
  /** The user that may make streams and consumers. */
  readonly provisioner: string;
  /** The user that may watch events and nothing else. */
  readonly monitor: string;
  /** The user of the operator's command line. */
  readonly operator: string;
  /** Every user with its permissions; `passwords` has one for each of the names. */
  users(passwords: Readonly<Record<string, string>>): readonly NatsUser[];
  /** Makes streams and consumers. */
  provision(server: NatsLogin): Promise<void>;
}

export interface NatsLogin {
  readonly url: string;
  readonly user?: string;
  readonly password?: string;
}

export interface EmbeddedOptions {
  readonly dataDir: string;
  readonly configurationPath: string;
  readonly messaging: Messaging;
  readonly report?: Report;
  /** Forgets everything of earlier runs first. */
  readonly reset?: boolean;
  /** False gives up what survives a power cut, for speed: for tests. */
  readonly durable?: boolean;
  readonly timeScale?: number;
  readonly profile?: string;
  /** NATS servers; 1 unless said, or a cluster on this machine. */
  readonly natsNodes?: number;
  /** Preferred HTTP ports of services; the rest get free ones. */
  readonly httpPorts?: Readonly<Record<string, number>>;
  /** More environment for every service: the secrets that the configuration names. */
  readonly env?: Readonly<Record<string, string>>;
  readonly onCrash?: (crash: Crash) => void;
  readonly cacheDir?: string;
  readonly workspaceRoot?: string;
}

/** A whole hub on this machine: NATS, Postgres, and a process for each service. */
export class Embedded {
  private constructor(
    readonly services: Services,
    /** The provisioner's: it may read everything. */
    readonly nats: NatsLogin,
    /** May watch events and nothing else. */
    readonly monitor: NatsLogin,
    /** May ask and command what people do. */
    readonly operator: NatsLogin,
    /** By service: what its role connects with. */
    readonly databaseUrls: Readonly<Record<string, string>>,
    /** For whoever wants to see what follows when they die. None when NATS is not ours. */
    readonly servers: {
      readonly nats: readonly KillableServer[];
      readonly postgres: KillableServer;
    },
    private readonly messaging: Messaging,
    private readonly undo: Undo,
  ) {}

  /** Starts everything, or nothing: what had started is stopped again when a step fails. */
  static async start(options: EmbeddedOptions): Promise<Embedded> {
    const undo = new Undo();
    try {
      return await Embedded.startSteps(options, undo);
    } catch (error) {
      await undo.all();
      throw error;
    }
  }

  /** Makes streams and consumers that are not there, also after NATS lost all of them. */
  async provision(): Promise<void> {
    await provisionWhenReady(this.messaging, this.nats);
  }

  /** Stops the services, then what they need. */
  async stop(): Promise<void> {
    await this.undo.all();
  }

  private static async startSteps(options: EmbeddedOptions, undo: Undo): Promise<Embedded> {
    const report = options.report ?? (() => undefined);
    const dataDir = resolve(options.dataDir);
    await mkdir(dataDir, { recursive: true });
    const claim = await claimFolder(dataDir);
    undo.add(claim.release);
    if (options.reset === true) await forget(dataDir, report);

    const secrets = await Secrets.of(dataDir, options.messaging);
    // Both are waited for, so that a failure of one finds the other stoppable.
    const [messaging, databases] = await Promise.allSettled([
      startMessaging(options, dataDir, secrets, undo, report),
      startDatabases(options, dataDir, secrets, undo, report),
    ]);
    if (messaging.status === 'rejected') throw messaging.reason;
    if (databases.status === 'rejected') throw databases.reason;
    const { login: nats, servers } = messaging.value;
    const { urls: databaseUrls, server: postgres } = databases.value;

    await provisionWhenReady(options.messaging, nats);
    report('Streams and consumers: ready');
    const services = await superviseServices({
      services: options.messaging.services.map((name) =>
        planOf(name, options, nats, secrets, databaseUrls),
      ),
      dataDir,
      workspaceRoot: options.workspaceRoot ?? workspaceRoot(),
      report,
      onCrash: options.onCrash,
    });
    undo.add(() => services.stop());
    return new Embedded(
      services,
      nats,
      loginOf(options.messaging.monitor, options, nats, secrets),
      loginOf(options.messaging.operator, options, nats, secrets),
      databaseUrls,
      { nats: servers, postgres },
      options.messaging,
      undo,
    );
  }
}

/** The repository: this file is in tools/embedded/src, or built, in tools/embedded/dist. */
export function workspaceRoot(): string {
  return fileURLToPath(new URL('../../..', import.meta.url));
}

async function startMessaging(
  options: EmbeddedOptions,
  dataDir: string,
  secrets: Secrets,
  undo: Undo,
  report: Report,
): Promise<{ login: NatsLogin; servers: readonly KillableServer[] }> {
  const found = await findNatsServer({ cacheDir: options.cacheDir, report });
  if (found.kind === 'running') return { login: loginIn(found.url), servers: [] };
  const servers = await startNatsServers({
    program: found.path,
    dataDir: join(dataDir, 'nats'),
    nodes: options.natsNodes ?? 1,
    durable: options.durable,
    users: options.messaging.users(secrets.nats),
  });
  for (const server of servers) undo.add(() => server.stop());
  const url = servers.map(({ port }) => `nats://127.0.0.1:${port}`).join(',');
  report(`NATS: ready at ${url}`);
  const { provisioner } = options.messaging;
  return { login: { url, user: provisioner, password: secrets.nats[provisioner] }, servers };
}

const PROVISION_WITHIN_MS = 60_000;

/** The members of a cluster answer before they have agreed who leads: JetStream comes later. */
async function provisionWhenReady(messaging: Messaging, nats: NatsLogin): Promise<void> {
  const giveUpAtMs = Date.now() + PROVISION_WITHIN_MS;
  for (;;) {
    try {
      await messaging.provision(nats);
      return;
    } catch (error) {
      if (Date.now() > giveUpAtMs || !isNotReady(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

const NOT_READY = /timeout|no responders|jetstream (is )?not|unavailable|no suitable peers|leader/i;

function isNotReady(error: unknown): boolean {
  return error instanceof Error && NOT_READY.test(`${error.name} ${error.message}`);
}

async function startDatabases(
  options: EmbeddedOptions,
  dataDir: string,
  secrets: Secrets,
  undo: Undo,
  report: Report,
): Promise<{ urls: Record<string, string>; server: KillableServer }> {
  const folder = join(dataDir, 'postgres');
  let adminUrl = '';
  const server = await KillableServer.start({
    name: 'Postgres',
    storeDir: join(folder, 'cluster'),
    launch: async (port) => {
      const started = await startPostgres({ dataDir: folder, durable: options.durable, port });
      ({ adminUrl } = started);
      return started;
    },
  });
  undo.add(() => server.stop());
  report(`Postgres: ready at 127.0.0.1:${server.port}`);
  const urls: Record<string, string> = {};
  for (const service of options.messaging.services) {
    const password = secrets.postgres[service] ?? '';
    urls[service] = await ensureRoleDatabase(adminUrl, service, password);
  }
  report(`Databases: ${options.messaging.services.join(', ')}`);
  return { urls, server };
}

/** A server at NATS_URL has users of its own; then everybody is the user that the URL names. */
function loginOf(
  user: string,
  { messaging }: EmbeddedOptions,
  nats: NatsLogin,
  secrets: Secrets,
): NatsLogin {
  if (nats.user !== messaging.provisioner) return nats;
  return { url: nats.url, user, password: secrets.nats[user] };
}

function planOf(
  name: string,
  options: EmbeddedOptions,
  nats: NatsLogin,
  secrets: Secrets,
  databaseUrls: Readonly<Record<string, string>>,
): ServicePlan {
  // A server at NATS_URL has users of its own; then all services are the user that the URL names.
  const own = nats.user === options.messaging.provisioner;
  const user = own ? name : nats.user;
  const password = own ? secrets.nats[name] : nats.password;
  return {
    name,
    httpPort: options.httpPorts?.[name],
    env: {
      ...options.env,
      DATABASE_URL: databaseUrls[name] ?? '',
      NATS_URL: nats.url,
      NATS_USER: user ?? '',
      NATS_PASSWORD: password ?? '',
      TILLBRIDGE_CONFIG: resolve(options.configurationPath),
      TILLBRIDGE_TIME_SCALE: String(options.timeScale ?? 1),
      ...(options.profile !== undefined && { TILLBRIDGE_PROFILE: options.profile }),
    },
  };
}

function loginIn(natsUrl: string): NatsLogin {
  const url = new URL(natsUrl.includes('://') ? natsUrl : `nats://${natsUrl}`);
  const login = {
    user: url.username === '' ? undefined : decodeURIComponent(url.username),
    password: url.password === '' ? undefined : decodeURIComponent(url.password),
  };
  return { url: `${url.protocol}//${url.host}`, ...login };
}

const LARGEST_CLUSTER = 5;

/** Moves the data aside first, so that a reset which is interrupted never leaves half of it. */
async function forget(dataDir: string, report: Report): Promise<void> {
  for (const folder of [1, LARGEST_CLUSTER].flatMap((nodes) =>
    natsFolders(join(dataDir, 'nats'), nodes),
  )) {
    await stopLeftover(join(folder, 'nats-pid.json'));
  }
  await stopLeftover(join(dataDir, 'postgres', 'postgres-pid.json'));
  for (const name of ['nats', 'postgres', 'logs', 'pids', 'secrets.json']) {
    const aside = join(dataDir, `forgotten-${name}`);
    await rm(aside, { recursive: true, force: true });
    await rename(join(dataDir, name), aside).catch(() => undefined);
    await rm(aside, { recursive: true, force: true });
  }
  report(`Reset: ${dataDir} is empty`);
}

/** Passwords of this data folder, made at its first start. */
class Secrets {
  readonly nats: Record<string, string> = {};
  readonly postgres: Record<string, string> = {};

  static async of(dataDir: string, messaging: Messaging): Promise<Secrets> {
    const file = join(dataDir, 'secrets.json');
    const secrets = new Secrets();
    const text = await readFile(file, 'utf8').catch(() => '{}');
    Object.assign(secrets, JSON.parse(text));
    for (const name of messaging.services) secrets.postgres[name] ??= randomPassword();
    const { services, provisioner, monitor, operator } = messaging;
    for (const name of [...services, provisioner, monitor, operator]) {
      secrets.nats[name] ??= randomPassword();
    }
    await writeFile(`${file}.new`, JSON.stringify(secrets, null, 2), { mode: 0o600 });
    await rename(`${file}.new`, file);
    return secrets;
  }
}

function randomPassword(): string {
  return randomBytes(18).toString('hex');
}

/** What has to be undone, last first, each once, and all of it even when a step fails. */
class Undo {
  private readonly steps: (() => Promise<void>)[] = [];

  add(step: () => Promise<void>): void {
    this.steps.push(step);
  }

  async all(): Promise<void> {
    const failures: unknown[] = [];
    for (let step = this.steps.pop(); step !== undefined; step = this.steps.pop()) {
      await step().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw new AggregateError(failures, 'Not everything stopped in order');
  }
}
