import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

interface ServerConfig {
  readonly host: string;
  readonly port: number;
  readonly authorization?: {
    readonly users: readonly { readonly user: string; readonly password: string }[];
  };
}

/**
 * How to reach the NATS server of a hub that runs on this machine from this data folder, as one of
 * its users.
 *
 * @throws Error when no hub has run from there, or none with such a user.
 */
export async function dataFolderLogin(
  dataDir: string,
  user: string,
): Promise<{ readonly url: string; readonly user: string; readonly password: string }> {
  const file = join(dataDir, 'nats', 'nats-server.json');
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    const what = `There is no hub in ${dataDir}: ${file} cannot be read.`;
    throw new Error(what, { cause });
  });
  const { host, port, authorization } = JSON.parse(text) as ServerConfig;
  const found = authorization?.users.find((each) => each.user === user);
  if (found === undefined) throw new Error(`The hub in ${dataDir} has no user '${user}'`);
  return { url: `nats://${host}:${port}`, user, password: found.password };
}
