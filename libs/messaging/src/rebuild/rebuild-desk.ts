import { setTimeout as sleep } from 'node:timers/promises';
import {
  AskRebuild,
  Failure,
  RebuildOutbox,
  type Rebuild,
  type ServiceName,
} from '@tillbridge/contracts';
import type { Asker } from '../queries/asker.js';

const LOOK_MS = 250;
/** A service is silent for as long as its restart takes; one that is so for longer is given up. */
const SILENT_MS = 30_000;

export interface RebuildOptions {
  /** Hears how far it is, at each look but the last. */
  readonly onProgress?: (rebuild: Rebuild) => void;
  /** Ends the looking, not the rebuild. */
  readonly signal?: AbortSignal;
}

/** Rebuilds of lost streams as a person sees them, over NATS. */
export class RebuildDesk {
  constructor(private readonly asker: Asker) {}

  /**
   * Has a service publish again what it has said since then (ISO 8601), and comes back when all of
   * it is in the streams. A service that restarts in the middle goes on with it.
   *
   * @throws Failure `rebuild-refused`, or what became of a question to a service that fell silent
   */
  async rebuild(
    service: ServiceName,
    since: string,
    { onProgress, signal }: RebuildOptions = {},
  ): Promise<Rebuild> {
    const question = Object.assign(new RebuildOutbox(), { since });
    let rebuild = await this.asker.ask<Rebuild>(question, { service });
    while (rebuild.finishedAt === undefined || rebuild.pending > 0) {
      onProgress?.(rebuild);
      await sleep(LOOK_MS, undefined, { signal });
      rebuild = await this.latest(service, signal);
    }
    return rebuild;
  }

  private async latest(service: ServiceName, signal: AbortSignal | undefined): Promise<Rebuild> {
    const endMs = performance.now() + SILENT_MS;
    for (;;) {
      try {
        return await this.asker.ask<Rebuild>(new AskRebuild(), { service });
      } catch (error) {
        const transient = error instanceof Failure && error.retry !== 'never';
        if (!transient || performance.now() > endMs) throw error;
        await sleep(LOOK_MS, undefined, { signal });
      }
    }
  }
}
