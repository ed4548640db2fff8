import { setTimeout as sleep } from 'node:timers/promises';

/** A process of the hub, whatever it is. */
export interface Process {
  readonly name: string;
  readonly running: () => boolean;
  /** SIGKILL; false when there was nothing to kill. */
  kill(): Promise<boolean>;
  /** SIGSTOP; false when there was nothing to stop. */
  freeze(): Promise<boolean>;
  /** SIGCONT. */
  thaw(): void;
  /** Resolves when it is ready. */
  start(): Promise<void>;
}

const AGAIN_MS = 300;
const BACK_WITHIN_MS = 240_000;

/** Starts its process again whenever it ends, as Kubernetes would, until it is ready. */
export class ProcessKeeper {
  /** It was killed and is not ready again. */
  private away = false;
  private returning: Promise<number> | undefined;
  private frozenSinceMs: number | undefined;

  constructor(
    readonly process: Process,
    /** Told of each stretch of time in which the process was frozen. */
    private readonly onThawed: (fromMs: number, untilMs: number) => void,
    /** When it is aborted, nothing is started any more. */
    private readonly signal: AbortSignal,
  ) {}

  /** Neither running nor known to be away: it ended by itself. */
  get crashed(): boolean {
    return !this.away && !this.process.running();
  }

  async kill(): Promise<boolean> {
    const wasAway = this.away;
    this.away = true;
    const killed = await this.process.kill();
    if (!killed) this.away = wasAway;
    else this.noteThawed();
    return killed;
  }

  /** Starts it until it is ready; says when it was, in epoch milliseconds. */
  bringBack(): Promise<number> {
    this.away = true;
    this.returning ??= this.startUntilReady().finally(() => {
      this.returning = undefined;
    });
    return this.returning;
  }

  /** For good; also what is being started right now. */
  async end(): Promise<void> {
    await this.returning?.catch(() => undefined);
    await this.process.kill();
  }

  async freeze(): Promise<boolean> {
    const frozen = await this.process.freeze();
    if (frozen) this.frozenSinceMs = Date.now();
    return frozen;
  }

  thaw(): void {
    this.process.thaw();
    this.noteThawed();
  }

  private noteThawed(): void {
    if (this.frozenSinceMs !== undefined) this.onThawed(this.frozenSinceMs, Date.now());
    this.frozenSinceMs = undefined;
  }

  private async startUntilReady(): Promise<number> {
    const giveUpAtMs = Date.now() + BACK_WITHIN_MS;
    for (;;) {
      this.signal.throwIfAborted();
      try {
        await this.process.start();
        this.away = false;
        return Date.now();
      } catch (error) {
        if (Date.now() > giveUpAtMs) throw error;
        await sleep(AGAIN_MS, undefined, { signal: this.signal });
      }
    }
  }
}
