import pg from 'pg';
import { freshDatabase, readSchema, type FreshDatabase } from './index.js';

const SHELF =
  'CREATE TABLE shelf (sku text PRIMARY KEY, units int NOT NULL DEFAULT 0 CHECK (units >= 0))';
const INDEX = 'CREATE INDEX shelf_empty ON shelf (sku) WHERE units = 0';
const LEDGER = 'CREATE TABLE ledger (id bigint GENERATED ALWAYS AS IDENTITY, at timestamptz)';

let places: FreshDatabase[];

beforeAll(async () => {
  places = [await freshDatabase(), await freshDatabase()];
});

afterAll(() => Promise.all(places.map((place) => place.drop())));

/** The schema of one of the two after some more statements. */
async function after(at: number, ...statements: string[]): Promise<string> {
  const { url } = places[at]!;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
  return readSchema(url);
}

it('reads the same of the same schema, however it came about, and tells a difference', async () => {
  const schema = await after(0, SHELF, INDEX, LEDGER);
  expect(await after(1, LEDGER, SHELF, INDEX)).toBe(schema);
  expect(schema).toBe(`CREATE TABLE ledger (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  at timestamp with time zone
);

CREATE TABLE shelf (
  sku text NOT NULL,
  units integer NOT NULL DEFAULT 0,
  CONSTRAINT shelf_pkey PRIMARY KEY (sku),
  CONSTRAINT shelf_units_check CHECK ((units >= 0))
);
CREATE INDEX shelf_empty ON public.shelf USING btree (sku) WHERE (units = 0);
`);
  let before = schema;
  for (const change of [
    'DROP INDEX shelf_empty',
    'ALTER TABLE shelf ALTER units DROP DEFAULT',
    'ALTER TABLE shelf DROP CONSTRAINT shelf_units_check',
    'ALTER TABLE ledger SET (fillfactor = 80)',
    'ALTER TABLE ledger DROP COLUMN at',
    "CREATE TYPE state AS ENUM ('open')",
    'CREATE VIEW empty AS SELECT sku FROM shelf',
    'CREATE SEQUENCE numbers',
  ]) {
    const now = await after(0, change);
    expect(now).not.toBe(before);
    before = now;
  }
});
