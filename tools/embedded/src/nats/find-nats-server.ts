import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { natsFromDebian } from './nats-debian.js';
import { natsFromRelease, RELEASES_URL } from './nats-release.js';
import { isAtLeast, OLDEST_NATS, versionIn } from './nats-version.js';
import { readServerInfo } from './server-info.js';

const run = promisify(execFile);

export type Report = (line: string) => void;

/** A server that runs already, or a program to start one with. */
export type NatsFound =
  | { readonly kind: 'running'; readonly url: string; readonly version: string }
  | { readonly kind: 'program'; readonly path: string; readonly version: string };

export interface NatsSearch {
  /** Where a fetched program is kept: `~/.cache/tillbridge` unless given. */
  readonly cacheDir?: string;
  readonly report?: Report;
  readonly env?: NodeJS.ProcessEnv;
  /** Where official releases are: for tests. */
  readonly releasesUrl?: string;
}

/**
 * Finds a NATS server of at least `OLDEST_NATS`, fetching one if it must.
 *
 * In this order: `NATS_URL`, the PATH, the cache, the official release archive checked against its
 * published SHA-256, the signed Debian package. Nothing is installed on the system.
 * @throws an Error that names every way tried, what stood in it, and what to do.
 */
export async function findNatsServer(search: NatsSearch = {}): Promise<NatsFound> {
  const env = search.env ?? process.env;
  const report = search.report ?? (() => undefined);
  const cacheDir = search.cacheDir ?? defaultCacheDir(env);
  if (env['NATS_URL']) return natsAt(env['NATS_URL'], report);

  const binDir = join(cacheDir, 'nats');
  const ways: readonly Way[] = [
    { name: 'PATH', find: () => natsOnPath(env) },
    { name: 'cache', find: () => accepted(join(binDir, 'nats-server')) },
    {
      name: 'official release',
      find: () => natsFromRelease(binDir, search.releasesUrl ?? RELEASES_URL).then(accepted),
    },
    { name: 'Debian package', find: () => natsFromDebian(binDir, env, report).then(accepted) },
  ];
  const obstacles: string[] = [];
  for (const way of ways) {
    try {
      const found = await way.find();
      report(`NATS ${found.version}: ${way.name}, ${found.path}`);
      return found;
    } catch (error) {
      const obstacle = `${way.name}: ${messageOf(error)}`;
      obstacles.push(obstacle);
      report(`NATS not from ${obstacle}`);
    }
  }
  throw new Error(
    `No NATS server of at least ${OLDEST_NATS} could be found or fetched.\n` +
      obstacles.map((obstacle) => `  - ${obstacle}\n`).join('') +
      `Install one (https://docs.nats.io), or set NATS_URL to one that runs with JetStream.`,
  );
}

interface Way {
  readonly name: string;
  readonly find: () => Promise<Program>;
}

type Program = Extract<NatsFound, { kind: 'program' }>;

/** `${XDG_CACHE_HOME:-~/.cache}/tillbridge`. */
function defaultCacheDir(env: NodeJS.ProcessEnv): string {
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'tillbridge');
}

async function natsAt(url: string, report: Report): Promise<NatsFound> {
  const { hostname, port } = new URL(url.includes('://') ? url : `nats://${url}`);
  const info = await readServerInfo(hostname, Number(port || 4222), 5000);
  if (info === undefined) {
    throw new Error(`NATS_URL names ${hostname}:${port || 4222}, where no NATS server answers.`);
  }
  if (!isAtLeast(info.version, OLDEST_NATS)) throw new Error(tooOld(info.version, 'at NATS_URL'));
  if (info.jetstream !== true) {
    throw new Error('The NATS server at NATS_URL runs without JetStream: start it with JetStream.');
  }
  report(`NATS ${info.version}: NATS_URL, ${hostname}:${port || 4222}`);
  return { kind: 'running', url, version: info.version };
}

async function natsOnPath(env: NodeJS.ProcessEnv): Promise<Program> {
  const refused: string[] = [];
  for (const folder of (env['PATH'] ?? '').split(delimiter).filter(Boolean)) {
    const path = join(folder, 'nats-server');
    if (!(await isExecutable(path))) continue;
    try {
      return await accepted(path);
    } catch (error) {
      refused.push(messageOf(error));
    }
  }
  throw new Error(refused.length > 0 ? refused.join(' ') : 'no nats-server there');
}

/** Asks the program for its version. @throws when it does not run here or is too old. */
async function accepted(path: string): Promise<Program> {
  if (!(await isExecutable(path))) throw new Error(`no ${path} yet`);
  const { stdout, stderr } = await run(path, ['--version'], { timeout: 10_000 }).catch(
    (cause: unknown) => Promise.reject(new Error(`${path} does not run on this system`, { cause })),
  );
  const version = versionIn(stdout + stderr);
  if (version === undefined) throw new Error(`${path} does not say its version`);
  if (!isAtLeast(version, OLDEST_NATS)) throw new Error(tooOld(version, path));
  return { kind: 'program', path, version };
}

function tooOld(version: string, where: string): string {
  return (
    `The NATS server ${where} is ${version}, which is too old: ` +
    `at least ${OLDEST_NATS} is needed, older ones can lose acknowledged messages.`
  );
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
