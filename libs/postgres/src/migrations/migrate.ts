import { MigrationExecutor, type DataSource, type QueryRunner } from 'typeorm';

/** Any number will do, as long as all processes of a service ask for the same. */
const LOCK = 7_163_548_001;

const TABLE = 'migration';

/**
 * Brings the schema to what this code knows: on one connection, in one transaction, under a lock
 * that ends with it (also behind PgBouncer), so that processes that start together take turns.
 *
 * @throws Error when the schema holds a migration that this code does not know: it is newer.
 */
export async function migrate(dataSource: DataSource): Promise<void> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.startTransaction();
    await runner.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    await refuseNewerSchema(dataSource, runner);
    const executor = new MigrationExecutor(dataSource, runner);
    executor.transaction = 'all';
    await executor.executePendingMigrations();
    await runner.commitTransaction();
  } catch (error) {
    if (runner.isTransactionActive) await runner.rollbackTransaction();
    throw error;
  } finally {
    await runner.release();
  }
}

async function refuseNewerSchema(dataSource: DataSource, runner: QueryRunner): Promise<void> {
  const [{ there }] = await runner.query('SELECT to_regclass($1) IS NOT NULL AS there', [TABLE]);
  if (!there) return;
  const known = new Set(dataSource.migrations.map((each) => each.name ?? each.constructor.name));
  const rows: { name: string }[] = await runner.query(`SELECT name FROM ${TABLE} ORDER BY id`);
  const unknown = rows.map(({ name }) => name).filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw new Error(
    `The database is newer than this program: it has had ${unknown.join(', ')}. ` +
      'Start the version that knows it, or a later one.',
  );
}
