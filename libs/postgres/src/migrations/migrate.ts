import { MigrationExecutor, type DataSource, type QueryRunner } from 'typeorm';

/** Any number will do, as long as all processes of a service ask for the same. */
const LOCK = 7_163_548_001;

const TABLE = 'migration';

/** `check` changes nothing: for services whose migrations somebody else has run beforehand. */
export type MigrationMode = 'apply' | 'check';

/**
 * Brings the schema to what this code knows: on one connection, in one transaction, under a lock
 * that ends with it (also behind PgBouncer), so that processes that start together take turns.
 *
 * @throws Error when the schema holds a migration that this code does not know: it is newer. With
 * `check` also when it lacks one: it is older.
 */
export async function migrate(
  dataSource: DataSource,
  mode: MigrationMode = 'apply',
): Promise<void> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.startTransaction();
    await runner.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    await refuseOtherSchema(dataSource, runner, mode);
    if (mode === 'apply') {
      const executor = new MigrationExecutor(dataSource, runner);
      executor.transaction = 'all';
      await executor.executePendingMigrations();
    }
    await runner.commitTransaction();
  } catch (error) {
    if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
    throw error;
  } finally {
    await runner.release();
  }
}

async function refuseOtherSchema(
  dataSource: DataSource,
  runner: QueryRunner,
  mode: MigrationMode,
): Promise<void> {
  const known = dataSource.migrations.map((each) => each.name ?? each.constructor.name);
  const run = await namesOfRun(runner);
  const unknown = run.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Error(
      `The database is newer than this program: it has had ${unknown.join(', ')}, and this ` +
        `program knows no later one than ${known.at(-1)}. Start the version that knows it, or a ` +
        'later one.',
    );
  }
  const missing = known.filter((name) => !run.includes(name));
  if (mode === 'check' && missing.length > 0) {
    throw new Error(
      `The database is older than this program: it is at ${run.at(-1) ?? 'no migration at all'} ` +
        `and lacks ${missing.join(', ')}. Start one process with DATABASE_MIGRATIONS=apply first.`,
    );
  }
}

async function namesOfRun(runner: QueryRunner): Promise<string[]> {
  const [{ there }] = await runner.query('SELECT to_regclass($1) IS NOT NULL AS there', [TABLE]);
  if (!there) return [];
  const rows: { name: string }[] = await runner.query(`SELECT name FROM ${TABLE} ORDER BY id`);
  return rows.map(({ name }) => name);
}
