import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOGGER } from './logger.js';

interface Timer {
  readonly name: string;
  readonly ms: number;
  readonly work: () => Promise<void>;
  handle?: NodeJS.Timeout;
  running: Promise<void>;
}

/** Repeated work: never twice at once, never after the stop has begun, and a failure ends nothing. */
@Injectable()
export class Timers implements BeforeApplicationShutdown {
  private readonly timers: Timer[] = [];
  private stopped = false;

  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  /** Runs `work` every `ms` from now; the pause is counted from the end of the run before. */
  every(name: string, ms: number, work: () => Promise<void>): void {
    const timer: Timer = { name, ms, work, running: Promise.resolve() };
    this.timers.push(timer);
    this.schedule(timer);
  }

  /** Ends all timers and waits for the runs under way. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    for (const timer of this.timers) clearTimeout(timer.handle);
    await Promise.all(this.timers.map((timer) => timer.running));
  }

  private schedule(timer: Timer): void {
    if (this.stopped) return;
    timer.handle = setTimeout(() => {
      timer.running = this.run(timer);
    }, timer.ms);
  }

  private async run(timer: Timer): Promise<void> {
    try {
      await timer.work();
    } catch (error) {
      this.logger.error({ err: error, timer: timer.name }, 'repeated work failed, will run again');
    }
    this.schedule(timer);
  }
}
