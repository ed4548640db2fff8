import { Failure } from '@tillbridge/contracts';
import { setTimeout as sleep } from 'node:timers/promises';

/** How a client waits before it tries again. Who leaves a vendor waits for nothing more. */
export class Patience {
  private leaving = new AbortController();

  /** @throws Failure `not-ready` as soon as it may not wait. */
  async sleep(ms: number): Promise<void> {
    try {
      await sleep(ms, undefined, { signal: this.leaving.signal });
    } catch {
      throw stoppedWaiting();
    }
  }

  mayWait(allowed: boolean): void {
    if (!allowed) this.leaving.abort();
    else if (this.leaving.signal.aborted) this.leaving = new AbortController();
  }
}

/** What becomes of a call that was not made, because the connector leaves its vendor. */
export function stoppedWaiting(): Failure {
  return new Failure('not-ready', { afterMs: 1_000 }, 'the connector leaves this vendor');
}
