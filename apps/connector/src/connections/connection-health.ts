import { Failure } from '@tillbridge/contracts';
import type { Database } from '@tillbridge/postgres';
import type { Logger } from 'pino';

/** Failures in a row before people are told: a hiccup is no condition. */
const PATIENCE = 5;

/**
 * Tells people when a part of a connection (its reads, its acts, one of its feeds) keeps failing,
 * and takes it back when the part works again.
 */
export class ConnectionHealth {
  private readonly failures = new Map<string, number>();
  private readonly known = new Map<string, 'fine' | 'raised'>();

  constructor(
    private readonly database: Database,
    private readonly connection: string,
    private readonly logger: Logger,
  ) {}

  async failed(part: string, error: unknown): Promise<void> {
    const count = (this.failures.get(part) ?? 0) + 1;
    this.failures.set(part, count);
    this.logger.warn({ err: error, part, count }, 'a part of the connection failed');
    const hopeless = error instanceof Failure && error.code === 'vendor-unauthorised';
    if (this.known.get(part) === 'raised' || (count < PATIENCE && !hopeless)) return;
    await this.tell('raised', part, causeOf(error, count));
  }

  async worked(part: string): Promise<void> {
    this.failures.delete(part);
    // The first success of a process also ends what the process before it had raised.
    if (this.known.get(part) !== 'fine') await this.tell('fine', part, '');
  }

  /** Nothing that is going on may fail because it could not be reported. */
  private async tell(what: 'fine' | 'raised', part: string, cause: string): Promise<void> {
    const key = { code: 'connection-failing', subject: `${this.connection}/${part}` } as const;
    try {
      await this.database.inTransaction(async (tx) => {
        if (what === 'fine') await tx.clear([key]);
        else await tx.raise([{ ...key, system: this.connection, cause }]);
      });
      this.known.set(part, what);
    } catch (error) {
      this.logger.error({ err: error, part }, 'the state of a connection could not be reported');
    }
  }
}

function causeOf(error: unknown, count: number): string {
  const text = error instanceof Failure ? `${error.code}: ${error.message}` : String(error);
  return `Failed ${count} time${count === 1 ? '' : 's'} in a row. ${text}`.slice(0, 500);
}
