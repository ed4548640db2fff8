import { randomBytes } from 'node:crypto';
import { dropRoleDatabase, ensureRoleDatabase } from '@tillbridge/embedded';
import { POSTGRES_VARIABLE } from './infrastructure.js';

export interface FreshDatabase {
  /** Of a role that owns this database and can connect to no other. */
  readonly url: string;
  drop(): Promise<void>;
}

/** An empty database of the run's Postgres. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const adminUrl = process.env[POSTGRES_VARIABLE];
  if (adminUrl === undefined) {
    throw new Error(
      'There is no Postgres in this run: jest.config.js of the project must export ' +
        '`withInfrastructure` of jest.preset.js.',
    );
  }
  const name = `test_${randomBytes(8).toString('hex')}`;
  const url = await ensureRoleDatabase(adminUrl, name, randomBytes(12).toString('hex'));
  return { url, drop: () => dropRoleDatabase(adminUrl, name) };
}
