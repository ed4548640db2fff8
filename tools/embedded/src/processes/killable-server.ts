import { childrenOf } from './process-tree.js';

/** A server process that runs. */
export interface RunningServer {
  readonly pid: number;
  readonly port: number;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

export interface KillableServerParts {
  /** For messages: `Postgres`, `NATS 2`. */
  readonly name: string;
  /** Where its data is; to be deleted only while it is down. */
  readonly storeDir: string;
  /** Starts it, on this port when one is given. */
  launch(port: number | undefined): Promise<RunningServer>;
}

/** NATS or Postgres as a thing that can die, freeze and come back in the same place. */
export class KillableServer {
  private current: RunningServer | undefined;
  private frozen: readonly number[] = [];

  private constructor(
    private readonly parts: KillableServerParts,
    first: RunningServer,
    readonly port: number,
  ) {
    this.current = first;
  }

  static async start(parts: KillableServerParts): Promise<KillableServer> {
    const first = await parts.launch(undefined);
    return new KillableServer(parts, first, first.port);
  }

  get name(): string {
    return this.parts.name;
  }

  get storeDir(): string {
    return this.parts.storeDir;
  }

  get running(): boolean {
    return this.current !== undefined;
  }

  /** SIGKILL, also while it is frozen. Resolves when it is gone; false when it was down already. */
  async kill(): Promise<boolean> {
    const dying = this.current;
    if (dying === undefined) return false;
    this.current = undefined;
    await dying.kill();
    // Frozen children of a dead Postgres would never notice, and keep its memory from the next one.
    this.thaw();
    return true;
  }

  /** Starts it again on its port. @throws when that has been taken, or the server does not start. */
  async restart(): Promise<void> {
    if (this.current !== undefined) return;
    const next = await this.parts.launch(this.port);
    if (next.port !== this.port) {
      await next.stop();
      throw new Error(`${this.name} was on port ${this.port}, which another process has taken`);
    }
    this.current = next;
  }

  /** SIGSTOP to it and to what it started: for its clients it neither answers nor is gone. */
  async freeze(): Promise<boolean> {
    const { current } = this;
    if (current === undefined) return false;
    // The parent first, so that it starts no more children.
    process.kill(current.pid, 'SIGSTOP');
    const children = await childrenOf(current.pid);
    this.frozen = [current.pid, ...children];
    for (const child of children) signal(child, 'SIGSTOP');
    return true;
  }

  /** SIGCONT to whatever was frozen and is still there. */
  thaw(): void {
    for (const pid of this.frozen) signal(pid, 'SIGCONT');
    this.frozen = [];
  }

  async stop(): Promise<void> {
    this.thaw();
    await this.current?.stop();
    this.current = undefined;
  }
}

/** A child may have ended meanwhile. */
function signal(pid: number, name: 'SIGSTOP' | 'SIGCONT'): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
