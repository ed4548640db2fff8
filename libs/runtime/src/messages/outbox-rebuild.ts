import type { Rebuild } from '@tillbridge/contracts';

/** Publishes again what a stream has lost. libs/postgres provides it. */
export abstract class OutboxRebuild {
  /** Begins, and returns at once. @throws Failure `rebuild-refused` */
  abstract begin(since: Date): Promise<Rebuild>;
  /** @throws Failure `not-found` */
  abstract latest(): Promise<Rebuild>;
}
