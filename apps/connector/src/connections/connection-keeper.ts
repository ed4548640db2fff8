import type { Logger } from 'pino';
import type { Vendor } from '../vendor.js';
import { Alarm } from './alarm.js';
import { backoffMs } from './backoff.js';
import type { ConnectionHealth } from './connection-health.js';

const DAY_MS = 86_400_000;

/** Registers webhooks and checks credentials, at the start and every day: vendors drop both. */
export class ConnectionKeeper {
  private readonly alarm = new Alarm();
  private stopping = false;
  private ended: Promise<void> = Promise.resolve();

  constructor(
    private readonly vendor: Vendor,
    private readonly parts: {
      readonly health: ConnectionHealth;
      readonly logger: Logger;
      readonly timeScale: number;
    },
  ) {}

  start(): void {
    this.stopping = false;
    this.ended = this.loop();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.alarm.ring();
    await this.ended;
  }

  private async loop(): Promise<void> {
    let failures = 0;
    while (!this.stopping) {
      failures = (await this.connect()) ? 0 : failures + 1;
      const pauseMs = failures > 0 ? backoffMs(failures, this.parts.timeScale) : DAY_MS;
      const untilMs = Date.now() + pauseMs;
      while (!this.stopping && Date.now() < untilMs) await this.alarm.sleep(untilMs - Date.now());
    }
  }

  private async connect(): Promise<boolean> {
    try {
      await this.vendor.connect();
      this.parts.logger.info('connected');
      await this.parts.health.worked('connect');
      return true;
    } catch (error) {
      await this.parts.health.failed('connect', error);
      return false;
    }
  }
}
