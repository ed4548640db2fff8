import { Failure } from '@tillbridge/contracts';
import type { Database } from '@tillbridge/postgres';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RefBook } from '../refs/ref-book.js';
import type { EntityKey, Feed, PollPage } from '../vendor.js';
import type { EntityBook } from './entity-book.js';
import type { FetchQueue } from './fetch-queue.js';
import type { PollBook } from './poll-book.js';

/** How often a poll looks whether the things it left to the fetch queue have been read. */
const LOOKS = 40;
const LOOK_MS = 250;

/** Runs one poll of a feed: each page is one commit. */
export class FeedRunner {
  constructor(
    private readonly connection: string,
    private readonly parts: {
      readonly database: Database;
      readonly queue: FetchQueue;
      readonly entities: EntityBook;
      readonly polls: PollBook;
      readonly refs: RefBook;
    },
  ) {}

  /**
   * @param between Run after each page, so that webhooks need not wait for a long poll.
   * @throws Failure of the vendor; the mark is where it was and the poll is run again.
   */
  async run(feed: Feed, woken: boolean, between: () => Promise<void>): Promise<void> {
    const begunAtMs = Date.now();
    const mark = await this.parts.polls.markOf(this.connection, feed.name);
    const overtaken: EntityKey[] = [];
    for await (const page of feed.poll(mark, woken)) {
      overtaken.push(...(await this.commit(feed, page, begunAtMs)));
      await between();
      if (page.completed !== undefined) await this.complete(feed, page, overtaken, between);
    }
  }

  /** What the page holds. The mark of a page that completes the poll goes with the completion. */
  private async commit(feed: Feed, page: PollPage, begunAtMs: number): Promise<EntityKey[]> {
    const { database, entities, refs, queue, polls } = this.parts;
    const { connection } = this;
    return database.inTransaction(async (tx) => {
      const { observations } = page;
      const reading = { connection, observations, begunAtMs, whenOvertaken: 'leave' } as const;
      const { overtaken } = await entities.record(tx, reading);
      await refs.put(tx, connection, page.refs ?? []);
      await queue.want(tx, connection, [...(page.wants ?? []), ...overtaken]);
      await tx.raise((page.raises ?? []).map((raised) => ({ system: connection, ...raised })));
      await tx.clear(page.clears ?? []);
      if (page.mark !== undefined && page.completed === undefined) {
        await polls.saveMark(tx, { connection, feed: feed.name, mark: page.mark });
      }
      return overtaken;
    });
  }

  /** Says that everything up to the poll is known: not before what was left over is read, too. */
  private async complete(
    feed: Feed,
    page: PollPage,
    overtaken: readonly EntityKey[],
    between: () => Promise<void>,
  ): Promise<void> {
    const { database, queue, polls } = this.parts;
    const { connection } = this;
    for (let look = 1; (await queue.countOpen(connection, overtaken)) > 0; look += 1) {
      if (look > LOOKS) {
        throw new Failure('not-ready', { afterMs: 1_000 }, 'some orders could not be read yet');
      }
      await sleep(LOOK_MS);
      await between();
    }
    await database.inTransaction(async (tx) => {
      const requires = await polls.takeFacts(tx, connection);
      if (page.mark !== undefined) {
        await polls.saveMark(tx, { connection, feed: feed.name, mark: page.mark });
      }
      if (page.completed === undefined) return;
      // A poll names the one before, so that whoever hears of it first knows that it is not all.
      for (const id of tx.send([page.completed(requires)], { connection })) {
        await polls.nameNext(tx, connection, id);
      }
    });
  }
}
