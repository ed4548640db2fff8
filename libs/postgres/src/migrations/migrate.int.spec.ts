import { freshDatabase, type FreshDatabase } from '@tillbridge/testing';
import type { QueryRunner } from 'typeorm';
import type { MigrationClass } from '../database/open-data-source.js';
import { openDatabase } from '../database/open-database.js';
import type { MigrationMode } from './migrate.js';

class CreateShelf1800000000000 {
  up(runner: QueryRunner) {
    return runner.query('CREATE TABLE shelf (sku text PRIMARY KEY)');
  }
  down() {
    return Promise.resolve();
  }
}

class FillShelf1800000000001 {
  up(runner: QueryRunner) {
    return runner.query("INSERT INTO shelf SELECT 'MUG' || count(*) FROM shelf");
  }
  down() {
    return Promise.resolve();
  }
}

class Dawdle1800000000001 {
  async up(runner: QueryRunner) {
    await runner.query("INSERT INTO shelf SELECT 'MUG' || count(*) FROM shelf");
    // Long enough for the others to come while all of this is there and not committed.
    await runner.query('SELECT pg_sleep(0.5)');
  }
  down() {
    return Promise.resolve();
  }
}

class Break1800000000002 {
  async up(runner: QueryRunner) {
    await runner.query('CREATE TABLE half (done text)');
    await runner.query('SELECT nonsense');
  }
  down() {
    return Promise.resolve();
  }
}

const TABLES = 'CreateMessageTables1767225600000';
const SHELF = [CreateShelf1800000000000, FillShelf1800000000001];

let place: FreshDatabase;

beforeEach(async () => {
  place = await freshDatabase();
});

afterEach(() => place.drop());

const open = (migrations: MigrationClass[], mode?: MigrationMode) =>
  openDatabase({ url: place.url, service: 'orders', migrations, mode, pool: 1 });

/** Opens, looks and closes. */
async function shelfAfter(migrations: MigrationClass[], mode?: MigrationMode): Promise<unknown[]> {
  const database = await open(migrations, mode);
  try {
    return await database.query('SELECT sku FROM shelf');
  } finally {
    await database.close();
  }
}

it('runs each migration once when processes start together', async () => {
  const slowly = [CreateShelf1800000000000, Dawdle1800000000001];
  const opened = await Promise.all([open(slowly), open(slowly), open(slowly)]);
  const names = await opened[0]!.query('SELECT name FROM migration ORDER BY id');
  expect(names.map(({ name }) => name)).toEqual([
    TABLES,
    'CreateShelf1800000000000',
    'Dawdle1800000000001',
  ]);
  expect(await opened[0]!.query('SELECT sku FROM shelf')).toEqual([{ sku: 'MUG0' }]);
  await Promise.all(opened.map((each) => each.close()));
});

it('leaves nothing of a migration that fails, and nobody waits for its lock', async () => {
  await expect(open([...SHELF, Break1800000000002])).rejects.toThrow('nonsense');
  const database = await open([]);
  expect(
    await database.query("SELECT to_regclass('half') AS half, to_regclass('shelf') AS shelf"),
  ).toEqual([{ half: null, shelf: null }]);
  await database.close();
});

it('refuses a database that is newer than the program, and names both versions', async () => {
  await shelfAfter(SHELF);
  const older = open([CreateShelf1800000000000]);
  await expect(older).rejects.toThrow(
    'The database is newer than this program: it has had FillShelf1800000000001, and this program ' +
      'knows no later one than CreateShelf1800000000000.',
  );
});

it('refuses an older database when it may only check, and names both versions', async () => {
  await expect(open(SHELF, 'check')).rejects.toThrow(
    `it is at no migration at all and lacks ${TABLES}, CreateShelf1800000000000`,
  );
  await shelfAfter([CreateShelf1800000000000]);
  await expect(open(SHELF, 'check')).rejects.toThrow(
    'The database is older than this program: it is at CreateShelf1800000000000 and lacks ' +
      'FillShelf1800000000001. Start one process with DATABASE_MIGRATIONS=apply first.',
  );
  await shelfAfter(SHELF);
  expect(await shelfAfter(SHELF, 'check')).toEqual([{ sku: 'MUG0' }]);
});
