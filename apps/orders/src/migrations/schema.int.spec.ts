import { openDatabase, type MigrationClass } from '@tillbridge/postgres';
import { freshDatabase, goldenSchema, migrationsIn } from '@tillbridge/testing';

const GOLDEN = new URL('../../schema.sql', import.meta.url);

it('is as schema.sql says; where it is meant to change, RENEW_SCHEMA=1 writes that anew', async () => {
  const place = await freshDatabase();
  const migrations = await migrationsIn<MigrationClass>(new URL('.', import.meta.url));
  const database = await openDatabase({ url: place.url, service: 'orders', migrations });
  await database.close();
  const { kept, found } = await goldenSchema(GOLDEN, 'orders', place.url);
  expect(found).toBe(kept);
  await place.drop();
});
