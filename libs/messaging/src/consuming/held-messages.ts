import type { JsMsg } from '@nats-io/jetstream';

const LOOK_MS = 200;
/** The server takes a message back after 2 s without a word. */
const BEAT_MS = 600;
/** A handler that hangs must not keep its messages for ever. */
const LONGEST_MS = 300_000;

interface Held {
  readonly message: JsMsg;
  readonly sinceMs: number;
  beatMs: number;
}

/** Messages that are here and not settled: tells the server that they are being worked on. */
export class HeldMessages {
  private readonly held = new Map<JsMsg, Held>();
  private timer?: NodeJS.Timeout;

  get size(): number {
    return this.held.size;
  }

  start(): void {
    this.timer = setInterval(() => this.beat(performance.now()), LOOK_MS);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  add(message: JsMsg): void {
    const nowMs = performance.now();
    this.held.set(message, { message, sinceMs: nowMs, beatMs: nowMs });
  }

  release(message: JsMsg): void {
    this.held.delete(message);
  }

  private beat(nowMs: number): void {
    for (const each of this.held.values()) {
      if (nowMs - each.beatMs < BEAT_MS || nowMs - each.sinceMs > LONGEST_MS) continue;
      each.beatMs = nowMs;
      each.message.working();
    }
  }
}
