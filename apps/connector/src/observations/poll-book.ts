import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '@tillbridge/postgres';

/** How far each feed has been read, and the facts that the next completed poll has to name. */
@Injectable()
export class PollBook {
  constructor(private readonly database: Database) {}

  async markOf(connection: string, feed: string): Promise<string | null> {
    const [row] = await this.database.query<{ mark: string | null }>(
      'select mark from poll_mark where connection = $1 and feed = $2',
      [connection, feed],
    );
    return row?.mark ?? null;
  }

  async saveMark(
    tx: Transaction,
    at: { connection: string; feed: string; mark: string },
  ): Promise<void> {
    await tx.query(
      `insert into poll_mark (connection, feed, mark, ran_at) values ($1, $2, $3, now())
       on conflict (connection, feed) do update set mark = excluded.mark, ran_at = excluded.ran_at`,
      [at.connection, at.feed, at.mark],
    );
  }

  /** Has the next completed poll name this message, too. */
  async nameNext(tx: Transaction, connection: string, messageId: string): Promise<void> {
    await tx.query('insert into poll_fact (connection, message_id) values ($1, $2)', [
      connection,
      messageId,
    ]);
  }

  /** Ids of the order facts since this was asked last, and of the poll then. */
  async takeFacts(tx: Transaction, connection: string): Promise<string[]> {
    const rows = await tx.query<{ message_id: string }>(
      'delete from poll_fact where connection = $1 returning message_id',
      [connection],
    );
    return rows.map((row) => row.message_id);
  }
}
