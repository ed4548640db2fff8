import pg from 'pg';

const NAME = /^[a-z][a-z0-9_]{0,59}$/;

/**
 * A database and a login role of the same name, made or brought up to date. The role can connect
 * to this database and to no other.
 * Returns the URL by which the role connects.
 */
export async function ensureRoleDatabase(
  adminUrl: string,
  name: string,
  password: string,
): Promise<string> {
  assertName(name);
  const secret = pg.escapeLiteral(password);
  await asAdmin(adminUrl, async (client) => {
    const role = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [name]);
    const verb = role.rowCount === 0 ? 'CREATE' : 'ALTER';
    await client.query(`${verb} ROLE ${name} LOGIN PASSWORD ${secret}`);
    const database = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (database.rowCount === 0) await client.query(`CREATE DATABASE ${name} OWNER ${name}`);
    // Postgres lets everybody connect to everything unless told otherwise.
    await client.query(`REVOKE CONNECT, TEMPORARY ON DATABASE ${name} FROM PUBLIC`);
  });
  const url = new URL(adminUrl);
  url.username = name;
  url.password = password;
  url.pathname = `/${name}`;
  return url.href;
}

/** A second database with all that is in the first, for its role. Nobody may be connected to it. */
export async function copyDatabase(adminUrl: string, from: string, to: string): Promise<void> {
  assertName(from);
  assertName(to);
  await asAdmin(adminUrl, async (client) => {
    await client.query(`CREATE DATABASE ${to} TEMPLATE ${from} OWNER ${from}`);
    await client.query(`REVOKE CONNECT, TEMPORARY ON DATABASE ${to} FROM PUBLIC`);
  });
}

/** Removes the database with whoever is still connected to it, and the role. */
export async function dropRoleDatabase(adminUrl: string, name: string): Promise<void> {
  assertName(name);
  await asAdmin(adminUrl, async (client) => {
    await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await client.query(`DROP ROLE IF EXISTS ${name}`);
  });
}

/** The databases that Postgres makes itself are nobody's but the superuser's. */
export async function closeOwnDatabases(adminUrl: string): Promise<void> {
  await asAdmin(adminUrl, async (client) => {
    await client.query('REVOKE CONNECT, TEMPORARY ON DATABASE postgres, template1 FROM PUBLIC');
  });
}

async function asAdmin(
  adminUrl: string,
  work: (client: pg.Client) => Promise<void>,
): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

/** Names go into SQL as they are. */
function assertName(name: string): void {
  if (!NAME.test(name)) throw new Error(`${name} cannot be the name of a database and a role`);
}
