import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import type { SignedWebhook } from './signed-webhooks.js';

/** Requests under way at once, each on a connection of its own that is kept open. */
const CONNECTIONS = 64;

export interface LoadFigures {
  readonly perSecond: number;
  readonly errors: number;
  readonly answerMs: readonly number[];
}

/** Sends webhooks to one place. */
export class Load {
  private readonly pool: Pool;
  private errors = 0;
  private answerMs: number[] = [];

  constructor(
    url: string,
    private readonly path: string,
    /** Given when it was due, by `performance.now`. */
    private readonly next: (dueMs: number) => SignedWebhook,
  ) {
    this.pool = new Pool(url, { connections: CONNECTIONS, pipelining: 1 });
  }

  /** As many as it takes, all connections busy. */
  async full(seconds: number): Promise<LoadFigures> {
    const beganMs = performance.now();
    const endMs = beganMs + seconds * 1_000;
    const one = async (): Promise<void> => {
      while (performance.now() < endMs) await this.send(performance.now());
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, one));
    return this.figures(beganMs);
  }

  /**
   * So many a second, evenly. The time of each counts from when it was due, also when the answers
   * before it were slow: else a server that stalls would be asked less and look fast.
   */
  async paced(perSecond: number, seconds: number): Promise<LoadFigures> {
    const beganMs = performance.now();
    const total = Math.round(perSecond * seconds);
    const underWay: Promise<void>[] = [];
    while (underWay.length < total) {
      const dueMs = beganMs + (underWay.length / perSecond) * 1_000;
      const leftMs = dueMs - performance.now();
      if (leftMs > 0) await sleep(leftMs);
      else underWay.push(this.send(dueMs));
    }
    await Promise.all(underWay);
    return this.figures(beganMs);
  }

  close(): Promise<void> {
    return this.pool.close();
  }

  private async send(fromMs: number): Promise<void> {
    try {
      const { body, headers } = this.next(fromMs);
      const answer = await this.pool.request({ path: this.path, method: 'POST', body, headers });
      await answer.body.dump();
      if (answer.statusCode === 200) this.answerMs.push(performance.now() - fromMs);
      else this.errors += 1;
    } catch {
      this.errors += 1;
    }
  }

  private figures(beganMs: number): LoadFigures {
    const { errors, answerMs } = this;
    this.errors = 0;
    this.answerMs = [];
    const perSecond = answerMs.length / ((performance.now() - beganMs) / 1_000);
    return { perSecond, errors, answerMs };
  }
}
