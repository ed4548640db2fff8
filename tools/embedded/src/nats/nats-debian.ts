import { execFile } from 'node:child_process';
import {
  access,
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Report } from './find-nats-server.js';

const run = promisify(execFile);

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
const DEFAULT_MIRROR = 'http://deb.debian.org/debian';

/**
 * Fetches the signed package of Debian testing and unpacks the program out of it into `binDir`.
 *
 * apt itself verifies the archive's signature and the package's hash, with folders and a source
 * list of its own, so that the system's lists and packages stay as they are; a proxy set in
 * apt.conf counts. Works for any user.
 */
export async function natsFromDebian(
  binDir: string,
  env: NodeJS.ProcessEnv,
  report: Report,
): Promise<string> {
  await access(KEYRING).catch(() => Promise.reject(new Error('this is not a Debian system')));
  await run('apt-get', ['--version'], { env }).catch(() =>
    Promise.reject(new Error('there is no apt-get')),
  );
  await mkdir(binDir, { recursive: true });
  const aptDir = await mkdtemp(join(binDir, 'apt-'));
  try {
    const options = await privateApt(aptDir);
    report('NATS: reading the package list of Debian testing');
    await apt([...options, 'update'], aptDir, env);
    report('NATS: fetching the package nats-server of Debian testing');
    await apt([...options, 'download', 'nats-server'], aptDir, env);
    const packages = (await readdir(aptDir)).filter((name) => name.endsWith('.deb'));
    if (packages[0] === undefined) throw new Error('apt-get brought no package');
    await run('dpkg', ['-x', join(aptDir, packages[0]), join(aptDir, 'unpacked')]);
    return await moveProgram(join(aptDir, 'unpacked'), binDir);
  } finally {
    await rm(aptDir, { recursive: true, force: true });
  }
}

async function privateApt(aptDir: string): Promise<string[]> {
  const sources = join(aptDir, 'sources');
  await mkdir(join(aptDir, 'lists', 'partial'), { recursive: true });
  await mkdir(join(aptDir, 'cache', 'archives', 'partial'), { recursive: true });
  await mkdir(sources);
  await writeFile(
    join(sources, 'testing.sources'),
    `Types: deb\nURIs: ${await configuredMirror()}\nSuites: testing\nComponents: main\n` +
      `Signed-By: ${KEYRING}\n`,
  );
  const settings = {
    'Dir::State::Lists': join(aptDir, 'lists'),
    'Dir::Cache': join(aptDir, 'cache'),
    'Dir::Etc::sourcelist': '/dev/null',
    'Dir::Etc::sourceparts': sources,
    'Dir::Etc::preferences': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '2',
    // A half-fetched list would otherwise be a warning, and an old package the result.
    'APT::Update::Error-Mode': 'any',
    // As root, apt would download as a user that may not reach these folders.
    'APT::Sandbox::User': 'root',
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}

async function apt(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<void> {
  const english = { ...env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['-q', ...args], {
    cwd,
    env: english,
    timeout: 120_000,
    maxBuffer: 1 << 24,
  }).catch((cause: { stderr?: string; message: string }) => {
    const said = (cause.stderr ?? cause.message).trim().split('\n').slice(0, 4).join(' ');
    throw new Error(`apt-get ${args.at(-1)}: ${said}`, { cause });
  });
}

/** The mirror this machine takes Debian from: the first source that is one. */
async function configuredMirror(): Promise<string> {
  const parts = await readdir('/etc/apt/sources.list.d').catch(() => []);
  const files = [
    '/etc/apt/sources.list',
    ...parts.map((name) => `/etc/apt/sources.list.d/${name}`),
  ];
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => '');
    const mirror = mirrorIn(text);
    if (mirror !== undefined) return mirror;
  }
  return DEFAULT_MIRROR;
}

/** The first archive named `…/debian` in a list of either form (`deb …` lines, or `URIs:`). */
export function mirrorIn(sources: string): string | undefined {
  for (const line of sources.split('\n')) {
    const uris = /^\s*(?:deb\s+(?:\[[^\]]*\]\s+)?|URIs:\s*)(.+)$/.exec(line)?.[1] ?? '';
    const mirror = uris.split(/\s+/).find((uri) => /^https?:\/\/\S+\/debian\/?$/.test(uri));
    if (mirror !== undefined) return mirror;
  }
  return undefined;
}

async function moveProgram(unpacked: string, binDir: string): Promise<string> {
  for (const folder of ['usr/sbin', 'usr/bin']) {
    const program = join(unpacked, folder, 'nats-server');
    if (
      await access(program).then(
        () => true,
        () => false,
      )
    ) {
      // Copied beside its place and renamed, so that a second copy never sees half a file.
      const arriving = join(unpacked, 'nats-server');
      await copyFile(program, arriving);
      await chmod(arriving, 0o755);
      await rename(arriving, join(binDir, 'nats-server'));
      return join(binDir, 'nats-server');
    }
  }
  throw new Error('the package holds no nats-server');
}
