import type { MessageStore } from '@tillbridge/runtime';
import type { BatchRunner } from './batch-runner.js';
import { WaitingDelivery } from './delivery.js';

const LIMIT = 50;
/** A crash in the middle gives the messages back after this. */
const LEASE_MS = 60_000;

/** Runs messages whose long wait is over, from Postgres. */
export class WaitingWorker {
  constructor(
    private readonly store: MessageStore,
    private readonly runners: ReadonlyMap<string, BatchRunner>,
  ) {}

  async runDue(): Promise<void> {
    const due = await this.store.claimDue([...this.runners.keys()], LIMIT, LEASE_MS);
    for (const message of due) {
      await this.runners.get(message.consumer)?.run([new WaitingDelivery(message, this.store)]);
    }
  }
}
