import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findNatsServer, type Report } from './nats/find-nats-server.js';
import { startNats, type NatsServer, type NatsUser } from './nats/start-nats.js';
import { ensureRoleDatabase } from './postgres/role-databases.js';
import { startPostgres } from './postgres/start-postgres.js';
import { claimFolder } from './processes/folder-claim.js';
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
    /** By service: what its role connects with. */
    readonly databaseUrls: Readonly<Record<string, string>>,
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
    const [nats, databaseUrls] = [messaging.value, databases.value];

    await options.messaging.provision(nats);
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
    return new Embedded(services, nats, monitorOf(options, nats, secrets), databaseUrls, undo);
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
): Promise<NatsLogin> {
  const found = await findNatsServer({ cacheDir: options.cacheDir, report });
  if (found.kind === 'running') return loginIn(found.url);
  const server: NatsServer = await startNats({
    program: found.path,
    dataDir: join(dataDir, 'nats'),
    port: 4222,
    durable: options.durable,
    users: options.messaging.users(secrets.nats),
  });
  undo.add(() => server.stop());
  report(`NATS: ready at ${server.url}`);
  const { provisioner } = options.messaging;
  return { url: server.url, user: provisioner, password: secrets.nats[provisioner] };
}

async function startDatabases(
  options: EmbeddedOptions,
  dataDir: string,
  secrets: Secrets,
  undo: Undo,
  report: Report,
): Promise<Record<string, string>> {
  const server = await startPostgres({
    dataDir: join(dataDir, 'postgres'),
    durable: options.durable,
  });
  undo.add(() => server.stop());
  report(`Postgres: ready at 127.0.0.1:${server.port}`);
  const urls: Record<string, string> = {};
  for (const service of options.messaging.services) {
    const password = secrets.postgres[service] ?? '';
    urls[service] = await ensureRoleDatabase(server.adminUrl, service, password);
  }
  report(`Databases: ${options.messaging.services.join(', ')}`);
  return urls;
}

/** A server at NATS_URL has users of its own; then the monitor is the user that the URL names. */
function monitorOf(options: EmbeddedOptions, nats: NatsLogin, secrets: Secrets): NatsLogin {
  const { provisioner, monitor } = options.messaging;
  if (nats.user !== provisioner) return nats;
  return { url: nats.url, user: monitor, password: secrets.nats[monitor] };
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

/** Moves the data aside first, so that a reset which is interrupted never leaves half of it. */
async function forget(dataDir: string, report: Report): Promise<void> {
  await stopLeftover(join(dataDir, 'nats', 'nats-pid.json'));
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
