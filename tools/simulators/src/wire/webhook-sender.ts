import { Agent, request } from 'undici';

import type { SimulatedVendor, SimulatedWorld } from './simulated-world.js';

export interface Webhook {
  readonly url: string;
  /** Sent byte for byte, on every try the same. */
  readonly body: string;
  /** Headers of one try; the signature belongs here. 0 is the first try. */
  headers(retry: number, lastFailure: string | null): Record<string, string>;
  /** The first 2xx answer. A duplicate does not call it again. */
  delivered?(atMs: number): void;
  /** All tries of the schedule have failed. */
  abandoned?(): void;
}

export interface WebhookSenderOptions {
  readonly world: SimulatedWorld;
  readonly vendor: SimulatedVendor;
  /** Waits before each retry, in the vendor's time; divided by the time scale of the world. */
  readonly retryAfterMs: readonly number[];
  /** A slower answer is a failure. Real time. */
  readonly answerWithinMs: number;
  readonly concurrency: number;
}

/** One delivery on its way; a duplicate is a second one of the same webhook. */
interface Delivery {
  readonly webhook: Webhook;
  readonly report: { done: boolean };
  retry: number;
  lastFailure: string | null;
}

const LATE_MS = { min: 5_000, max: 60_000 };
const DUPLICATE_MS = { min: 0, max: 30_000 };
/** A reordered webhook lets this many pass, but waits no longer than this, in the vendor's time. */
const PASSED_BY = 2;
const HELD_AT_MOST_MS = 30_000;

/** Delivers the webhooks of one vendor as that vendor would, faults included. */
export class WebhookSender {
  private readonly agent: Agent;
  private readonly queue: Delivery[] = [];
  private readonly held = new Set<{ delivery: Delivery; passedBy: number }>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private unfinished = 0;
  private inFlight = 0;
  private stopped = false;

  constructor(private readonly options: WebhookSenderOptions) {
    this.agent = new Agent({
      connections: options.concurrency,
      headersTimeout: options.answerWithinMs,
      bodyTimeout: options.answerWithinMs,
      connectTimeout: options.answerWithinMs,
    });
  }

  send(webhook: Webhook): void {
    const { vendor, world } = this.options;
    const { dice } = world;
    if (this.stopped) return;
    const of = `${vendor} webhooks`;
    const fate = {
      lost: dice.roll('lost', of),
      late: dice.roll('late', of),
      reorder: dice.roll('reorder', of),
      duplicate: dice.roll('duplicate', of),
    };
    if (fate.lost) return;
    const report = { done: false };
    const delivery = this.begin(webhook, report);
    if (fate.late) this.later(dice.delayMs(LATE_MS.min, LATE_MS.max), () => this.enqueue(delivery));
    else if (fate.reorder) this.hold(delivery);
    else this.enqueue(delivery);
    if (fate.duplicate) {
      const copy = this.begin(webhook, report);
      const afterMs = dice.delayMs(DUPLICATE_MS.min, DUPLICATE_MS.max);
      this.later(afterMs, () => this.enqueue(copy));
    }
  }

  /** Deliveries that are queued, held back, on the way or waiting for a retry. */
  pending(): number {
    return this.unfinished;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    this.queue.length = 0;
    await this.agent.destroy();
  }

  private begin(webhook: Webhook, report: { done: boolean }): Delivery {
    this.unfinished += 1;
    return { webhook, report, retry: 0, lastFailure: null };
  }

  private hold(delivery: Delivery): void {
    const entry = { delivery, passedBy: 0 };
    this.held.add(entry);
    this.later(HELD_AT_MOST_MS, () => this.release(entry));
  }

  private release(entry: { delivery: Delivery; passedBy: number }): void {
    if (this.held.delete(entry)) this.push(entry.delivery);
  }

  private enqueue(delivery: Delivery): void {
    this.push(delivery);
    for (const entry of [...this.held]) {
      entry.passedBy += 1;
      if (entry.passedBy >= PASSED_BY) this.release(entry);
    }
  }

  private push(delivery: Delivery): void {
    this.queue.push(delivery);
    this.startWaiting();
  }

  private startWaiting(): void {
    while (!this.stopped && this.inFlight < this.options.concurrency) {
      const delivery = this.queue.shift();
      if (delivery === undefined) return;
      this.inFlight += 1;
      void this.deliver(delivery).finally(() => {
        this.inFlight -= 1;
        this.startWaiting();
      });
    }
  }

  private async deliver(delivery: Delivery): Promise<void> {
    const { webhook, report } = delivery;
    const failure = await this.post(delivery);
    if (failure === null) {
      this.unfinished -= 1;
      if (!report.done) {
        report.done = true;
        webhook.delivered?.(this.options.world.now());
      }
      return;
    }
    const waitMs = this.options.retryAfterMs[delivery.retry];
    if (waitMs === undefined) {
      this.unfinished -= 1;
      webhook.abandoned?.();
      return;
    }
    delivery.retry += 1;
    delivery.lastFailure = failure;
    this.later(waitMs, () => this.push(delivery));
  }

  /** Null when it was taken, otherwise what went wrong. */
  private async post(delivery: Delivery): Promise<string | null> {
    const { webhook } = delivery;
    try {
      const answer = await request(webhook.url, {
        dispatcher: this.agent,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...webhook.headers(delivery.retry, delivery.lastFailure),
        },
        body: webhook.body,
        signal: AbortSignal.timeout(this.options.answerWithinMs),
      });
      await answer.body.dump();
      const taken = answer.statusCode >= 200 && answer.statusCode < 300;
      return taken ? null : `http_${answer.statusCode}`;
    } catch (error) {
      return error instanceof Error && error.name === 'TimeoutError'
        ? 'http_timeout'
        : 'http_error';
    }
  }

  /** Waits in the vendor's time. */
  private later(vendorMs: number, then: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      if (!this.stopped) then();
    }, vendorMs / this.options.world.timeScale);
    this.timers.add(timer);
  }
}
