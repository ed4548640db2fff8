import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureRoleDatabase, startPostgres, type PostgresServer } from '@tillbridge/embedded';
import { FOLDER_VARIABLE } from './infrastructure.js';

export interface FreshPostgres {
  /** Of a role that owns the one database. */
  readonly url: string;
  /** As in a crash: no goodbye to anybody. */
  kill(): Promise<void>;
  /** Starts it again on its port with what it had stored, after `kill`. */
  restart(): Promise<void>;
  /** Stops it and forgets what it stored. */
  drop(): Promise<void>;
}

/** A Postgres of a spec's own, about two seconds: only for specs that stop it or kill it. */
export async function freshPostgres(): Promise<FreshPostgres> {
  const folder = process.env[FOLDER_VARIABLE];
  if (folder === undefined) {
    throw new Error(
      'There is no folder for this run: jest.config.js of the project must export ' +
        '`withInfrastructure` of jest.preset.js.',
    );
  }
  const dataDir = await mkdtemp(join(folder, 'own-postgres-'));
  let server: PostgresServer = await startPostgres({ dataDir });
  const name = `test_${randomBytes(8).toString('hex')}`;
  const url = await ensureRoleDatabase(server.adminUrl, name, randomBytes(12).toString('hex'));
  return {
    url,
    kill: () => server.kill(),
    restart: async () => {
      const { port } = server;
      server = await startPostgres({ dataDir, port });
      if (server.port !== port) throw new Error(`Port ${port} was taken while Postgres was down`);
    },
    drop: async () => {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
