import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../processes/free-port.js';
import { stopLeftover } from '../processes/process-identity.js';
import {
  startProcess,
  untilReady,
  type Exit,
  type ServerProcess,
} from '../processes/server-process.js';

export interface ServicePlan {
  /** `apps/<name>/dist/main.js` is what runs. */
  readonly name: string;
  /** DATABASE_URL, NATS_URL and the rest, without HTTP_PORT. */
  readonly env: Readonly<Record<string, string>>;
  /** Taken if free, else any free one. */
  readonly httpPort?: number;
}

export interface SupervisorOptions {
  readonly services: readonly ServicePlan[];
  /** Logs and pid files. */
  readonly dataDir: string;
  /** The repository; its services have been built. */
  readonly workspaceRoot: string;
  readonly report?: (line: string) => void;
  /** Called when a service ends that nobody stopped or killed. */
  readonly onCrash?: (crash: Crash) => void;
  readonly readyWithinMs?: number;
}

export interface Crash {
  readonly service: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly lastWords: string;
}

/** A service lets go of its work within this; then it is killed. */
const STOP_WITHIN_MS = 15_000;

/** A service that is being replaced has two processes for a while. */
const COPIES = ['', '-beside'] as const;

/** Starts every service as a process of its own and waits until all are ready. */
export async function superviseServices(options: SupervisorOptions): Promise<Services> {
  const services = new Services(options);
  try {
    await services.startAll();
  } catch (error) {
    await services.stop();
    throw error;
  }
  return services;
}

/** The service processes of one hub. */
export class Services {
  private readonly running = new Map<string, ServerProcess>();
  /** All that have not ended, those that are coming or leaving included. */
  private readonly alive = new Set<ServerProcess>();
  /** Chosen once, so that a service that starts again is where the others look for it. */
  private readonly ports = new Map<string, number>();

  constructor(private readonly options: SupervisorOptions) {}

  async startAll(): Promise<void> {
    for (const plan of this.options.services) {
      this.ports.set(plan.name, await this.claimPort(plan.httpPort));
    }
    const outcomes = await Promise.allSettled(
      this.options.services.map((plan) => this.start(plan.name)),
    );
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  /** Where the service's HTTP is. */
  urlOf(service: string): string {
    return urlAt(this.portOf(service));
  }

  logOf(service: string): string {
    return join(this.options.dataDir, 'logs', `${service}.log`);
  }

  isRunning(service: string): boolean {
    return this.running.get(service)?.running ?? false;
  }

  /** Starts one service, again or for the first time, and waits until it is ready. */
  async start(service: string): Promise<void> {
    if (this.isRunning(service)) throw new Error(`${service} runs already`);
    for (const copy of COPIES) await stopLeftover(this.pidFileOf(service, copy));
    const child = await this.spawn(service, this.portOf(service), COPIES[0]);
    this.running.set(service, child);
    await this.untilReady(service, child, this.portOf(service));
    void this.watch(service, child);
  }

  /**
   * Puts a new process in the place of one that runs, as a rolling update does: the new one is ready
   * before the old one is asked to stop. `urlOf` is the new one's from the moment it is ready. Resolves
   * when the old one is gone, with how it ended.
   *
   * @param onComing Told where the new one will be, for whoever looks whether it is ready.
   */
  async replace(service: string, onComing?: (url: string) => void): Promise<Exit> {
    const old = this.running.get(service);
    if (old === undefined) throw new Error(`${service} does not run`);
    const copy = COPIES.find((each) => this.pidFileOf(service, each) !== old.pidFile) ?? '';
    const port = await this.claimPort(undefined);
    const child = await this.spawn(service, port, copy);
    onComing?.(urlAt(port));
    try {
      await this.untilReady(service, child, port);
    } catch (error) {
      await child.stop(STOP_WITHIN_MS);
      throw error;
    }
    this.running.set(service, child);
    this.ports.set(service, port);
    void this.watch(service, child);
    return old.stop(STOP_WITHIN_MS);
  }

  /** Ends one service and waits until it is gone. Not a crash: `onCrash` is not called. */
  async kill(service: string, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.running.get(service);
    if (child === undefined) return;
    this.running.delete(service);
    child.kill(signal);
    if (signal === 'SIGKILL') await child.exited;
    else await child.stop(STOP_WITHIN_MS);
  }

  /** SIGSTOP: it neither answers nor is gone. False when it is not running. */
  freeze(service: string): boolean {
    if (!this.isRunning(service)) return false;
    this.running.get(service)?.kill('SIGSTOP');
    return true;
  }

  /** SIGCONT; what is not frozen does not notice. */
  thaw(service: string): void {
    this.running.get(service)?.kill('SIGCONT');
  }

  /** Asks all to stop and kills what has not after a bound. */
  async stop(): Promise<void> {
    const children = [...this.alive];
    this.running.clear();
    // What is frozen hears nothing.
    for (const child of children) child.kill('SIGCONT');
    await Promise.all(children.map((child) => child.stop(STOP_WITHIN_MS)));
  }

  private async spawn(service: string, port: number, copy: string): Promise<ServerProcess> {
    const main = join(this.options.workspaceRoot, 'apps', service, 'dist', 'main.js');
    await access(main).catch(() =>
      Promise.reject(new Error(`${main} is not there. Run \`npm run build\` first.`)),
    );
    const child = await startProcess({
      name: service,
      command: process.execPath,
      args: [main],
      cwd: this.options.workspaceRoot,
      env: { ...inheritedEnv(), ...this.planOf(service).env, HTTP_PORT: String(port) },
      logFile: this.logOf(service),
      pidFile: this.pidFileOf(service, copy),
      stopSignal: 'SIGTERM',
    });
    this.alive.add(child);
    void child.exited.then(() => this.alive.delete(child));
    return child;
  }

  private async untilReady(service: string, child: ServerProcess, port: number): Promise<void> {
    const url = urlAt(port);
    await untilReady(child, service, this.options.readyWithinMs ?? 60_000, () => answersReady(url));
    this.options.report?.(`${service}: ready at ${url}`);
  }

  private async watch(service: string, child: ServerProcess): Promise<void> {
    const exit = await child.exited;
    if (this.running.get(service) !== child) return;
    this.running.delete(service);
    this.options.report?.(`${service}: ended by itself (${exit.signal ?? exit.code})`);
    const lastWords = await child.lastWords();
    this.options.onCrash?.({ service, ...exit, lastWords });
  }

  /** Two services of one hub must not be told the same free port. */
  private async claimPort(preferred: number | undefined): Promise<number> {
    for (let tries = 0; tries < 20; tries += 1) {
      const port = await freePort(tries === 0 ? preferred : undefined);
      if (![...this.ports.values()].includes(port)) return port;
    }
    throw new Error('No free port for a service');
  }

  private planOf(service: string): ServicePlan {
    const plan = this.options.services.find((candidate) => candidate.name === service);
    if (plan === undefined) throw new Error(`${service} is not one of the supervised services`);
    return plan;
  }

  private pidFileOf(service: string, copy: string): string {
    return join(this.options.dataDir, 'pids', `${service}${copy}.json`);
  }

  private portOf(service: string): number {
    const port = this.ports.get(service);
    if (port === undefined) throw new Error(`${service} has no port yet`);
    return port;
  }
}

const urlAt = (port: number): string => `http://127.0.0.1:${port}`;

async function answersReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

/** Ours, without what only our own Node process was told (Jest's flags, a debugger's port). */
function inheritedEnv(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, JEST_WORKER_ID: __, ...rest } = process.env;
  return rest;
}
