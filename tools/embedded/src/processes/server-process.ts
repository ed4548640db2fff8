import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { guardAgainstOrphan } from './orphan-guard.js';
import { identityOf } from './process-identity.js';

export interface ServerCommand {
  /** For messages: `Postgres`, `NATS`, `orders`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Only as root: whom to run as. */
  readonly uid?: number;
  readonly gid?: number;
  /** Both outputs are appended here. */
  readonly logFile: string;
  /** Lets the next start find and stop what a crash left behind. */
  readonly pidFile: string;
  /** What asks the process to end in order; Postgres wants SIGINT for a fast shutdown. */
  readonly stopSignal: 'SIGTERM' | 'SIGINT';
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * Starts a process that belongs to this one: it outlives neither a stop, nor our crash.
 * It is detached, because Ctrl-C in a terminal goes to the whole process group, and the order in
 * which things stop is ours to decide.
 */
export async function startProcess(command: ServerCommand): Promise<ServerProcess> {
  await mkdir(dirname(command.logFile), { recursive: true });
  await mkdir(dirname(command.pidFile), { recursive: true });
  const log = openSync(command.logFile, 'a', 0o600);
  const child = spawn(command.command, [...command.args], {
    cwd: command.cwd,
    env: command.env ?? process.env,
    uid: command.uid,
    gid: command.gid,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const spawned = new ServerProcess(command, child);
  await spawned.noted();
  return spawned;
}

/** A running child process, its log file and its end. */
export class ServerProcess {
  /** Resolves when the process is gone; never rejects. */
  readonly exited: Promise<Exit>;
  private exit: Exit | undefined;
  private failure: Error | undefined;

  constructor(
    private readonly command: ServerCommand,
    private readonly child: ChildProcess,
  ) {
    const release = child.pid === undefined ? undefined : guardAgainstOrphan(child.pid);
    this.exited = new Promise((resolve) => {
      const ended = (exit: Exit): void => {
        this.exit = exit;
        release?.();
        resolve(exit);
      };
      child.once('exit', (code, signal) => ended({ code, signal }));
      child.once('error', (error) => {
        this.failure = error;
        ended({ code: null, signal: null });
      });
    });
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error(`${this.command.name} was not started`);
    return this.child.pid;
  }

  get running(): boolean {
    return this.exit === undefined;
  }

  get logFile(): string {
    return this.command.logFile;
  }

  get pidFile(): string {
    return this.command.pidFile;
  }

  /** Writes the pid file, or says why there is no process. */
  async noted(): Promise<void> {
    if (this.child.pid === undefined) {
      await this.exited;
      throw new Error(`${this.command.name} cannot be started (${this.command.command})`, {
        cause: this.failure,
      });
    }
    const identity = await identityOf(this.child.pid);
    await writeFile(this.command.pidFile, JSON.stringify({ pid: this.child.pid, identity }));
  }

  kill(signal: NodeJS.Signals): void {
    if (this.running) this.child.kill(signal);
  }

  /** Asks the process to end and, if it has not after `withinMs`, makes it. */
  async stop(withinMs = 10_000): Promise<Exit> {
    this.kill(this.command.stopSignal);
    const force = setTimeout(() => this.kill('SIGKILL'), withinMs);
    const exit = await this.exited;
    clearTimeout(force);
    await rm(this.command.pidFile, { force: true });
    return exit;
  }

  /** What it said last, for the message of an error. */
  async lastWords(lines = 15): Promise<string> {
    const log = await readFile(this.command.logFile, 'utf8').catch(() => '');
    return log.trimEnd().split('\n').slice(-lines).join('\n');
  }
}

/**
 * Polls `ready` until it is true.
 * @throws when the process ends first, or after `withinMs`, with the last lines of its log.
 */
export async function untilReady(
  server: ServerProcess,
  name: string,
  withinMs: number,
  ready: () => Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await ready())) {
    if (!server.running) {
      throw new Error(`${name} ended while starting. It said:\n${await server.lastWords()}`);
    }
    if (Date.now() > deadline) {
      throw new Error(
        `${name} was not ready after ${withinMs / 1000} s. It said:\n${await server.lastWords()}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
