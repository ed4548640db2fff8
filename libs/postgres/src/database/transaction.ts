import type { MessageClass, ServiceName } from '@tillbridge/contracts';
import { consumerName, type OutgoingMessage } from '@tillbridge/runtime';
import type { QueryRunner } from 'typeorm';
import {
  clearExceptions,
  raiseExceptions,
  type ExceptionKey,
  type NewException,
} from '../exceptions/exception-ledger.js';
import { Causes } from '../outbox/causes.js';
import { toOutgoingMessages, type SendOptions } from '../outbox/outgoing-messages.js';

/** One database transaction and the messages that leave with its commit. */
export class Transaction {
  private readonly outgoing: OutgoingMessage[] = [];
  private readonly causes = new Causes();
  private written = 0;
  private ended = false;
  private failure?: Error;

  constructor(
    private readonly runner: QueryRunner,
    private readonly service: ServiceName,
    private readonly now: () => Date,
    traceparent?: string,
  ) {
    this.causedBy([{ traceparent, data: undefined }]);
  }

  /** False once it was committed or rolled back: nothing may be added any more. */
  get open(): boolean {
    return !this.ended;
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a row is what its SQL says.
  async query<R = any>(sql: string, params: readonly unknown[] = []): Promise<R[]> {
    if (this.ended) throw new Error('a query was made after the transaction had ended');
    try {
      const result = await this.runner.query(sql, [...params], true);
      return (result.records ?? []) as R[];
    } catch (error) {
      this.failure ??= error instanceof Error ? error : new Error(String(error));
      throw error;
    }
  }

  /** What is sent from here on goes on with the traces of these. */
  causedBy(received: readonly { readonly traceparent?: string; readonly data: unknown }[]): void {
    this.causes.add(received);
  }

  /**
   * The server answers the commit of a transaction in which a statement failed by rolling it back,
   * and calls that no error.
   *
   * @throws the error of a statement, also when the work has caught it.
   */
  refuseFailed(): void {
    if (this.failure !== undefined) throw this.failure;
  }

  /** Adds messages to the outbox; they are written in one statement just before the commit. */
  send(messages: readonly object[], options: SendOptions = {}): string[] {
    if (this.ended) throw new Error('messages were sent after the transaction had ended');
    const sender = { service: this.service, at: this.now(), traceOf: this.traceOf };
    const outgoing = toOutgoingMessages(messages, sender, options);
    this.outgoing.push(...outgoing);
    return outgoing.map(({ id }) => id);
  }

  /** Those of these messages that this service's consumers of those classes have handled. */
  async handledAmong(types: readonly MessageClass[], ids: readonly string[]): Promise<Set<string>> {
    if (ids.length === 0) return new Set();
    const rows = await this.query<{ id: string }>(
      `SELECT message_id AS id FROM inbox
        WHERE consumer = ANY($1) AND message_id = ANY($2) AND state = 'handled'`,
      [types.map((type) => consumerName(this.service, type)), ids],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** Opens exceptions, once for each code and subject, and tells of those that were not open. */
  async raise(exceptions: readonly NewException[]): Promise<void> {
    this.send(
      await raiseExceptions((sql, params) => this.query(sql, params), exceptions, this.now()),
    );
  }

  /** Closes those that are open, and tells of them. */
  async clear(keys: readonly ExceptionKey[]): Promise<void> {
    this.send(await clearExceptions((sql, params) => this.query(sql, params), keys, this.now()));
  }

  /**
   * Writes what was sent so far to the outbox; much of it is better written in parts. A message id that
   * is there already is the same message, and stays one. Returns how many there are in all.
   */
  async writeOutbox(): Promise<number> {
    if (this.outgoing.length === 0) return this.written;
    const outgoing = this.outgoing.splice(0);
    await this.query(
      `INSERT INTO outbox (message_id, subject, headers, payload)
       SELECT * FROM unnest($1::text[], $2::text[], $3::jsonb[], $4::text[])
       ON CONFLICT (message_id) DO NOTHING`,
      [
        outgoing.map(({ id }) => id),
        outgoing.map(({ subject }) => subject),
        outgoing.map(({ headers }) => JSON.stringify(headers)),
        outgoing.map(({ payload }) => payload),
      ],
    );
    this.written += outgoing.length;
    return this.written;
  }

  private readonly traceOf = (message: object): string | undefined => this.causes.traceOf(message);

  end(): void {
    this.ended = true;
  }
}
