import { jest } from '@jest/globals';
import type { Database } from '@tillbridge/postgres';
import { WebhookJournal } from './webhook-journal.js';

/** Commits when told to, and remembers which events shared a commit. */
class SlowDatabase {
  readonly groups: string[][] = [];
  private readonly commits: (() => void)[] = [];

  async query(_: string, [connections = [], ids = []]: string[][]) {
    this.groups.push(ids);
    await new Promise<void>((resolve) => this.commits.push(resolve));
    return ids.map((eventId, at) => ({ connection: connections[at], eventId }));
  }

  /** The oldest one under way. */
  commit(): void {
    this.commits.shift()?.();
  }
}

let database: SlowDatabase;
let journal: WebhookJournal;

beforeEach(() => {
  jest.useFakeTimers();
  database = new SlowDatabase();
  journal = new WebhookJournal(database as unknown as Database);
});

afterEach(() => {
  jest.useRealTimers();
});

const add = (eventId: string): Promise<boolean> =>
  journal.add({
    connection: 'shop',
    eventId,
    topic: 'orders/updated',
    headers: {},
    body: Buffer.alloc(0),
    keys: [],
  });

/** A write's promises all settle within this. */
const soon = (): Promise<void> => jest.advanceTimersByTimeAsync(1);

it('writes one that comes alone at once, and all that come during its commit together', async () => {
  const answers = [add('a')];
  await soon();
  answers.push(add('b'), add('c'));
  await soon();
  expect(database.groups).toEqual([['a']]);
  database.commit();
  await soon();
  expect(database.groups).toEqual([['a'], ['b', 'c']]);
  database.commit();
  expect(await Promise.all(answers)).toEqual([true, true, true]);
});

it('does not wait for a commit that hangs', async () => {
  const [hanging, later] = [add('a'), (await soon(), add('b'))];
  await jest.advanceTimersByTimeAsync(50);
  expect(database.groups).toEqual([['a'], ['b']]);
  database.commit();
  database.commit();
  expect(await Promise.all([hanging, later])).toEqual([true, true]);
});

it('calls the first of two with one id new, and the other a repeat', async () => {
  const answers = [add('a'), add('a')];
  await soon();
  database.commit();
  expect(await Promise.all(answers)).toEqual([true, false]);
});
