import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { EnvHttpProxyAgent, fetch } from 'undici';

const run = promisify(execFile);

export const RELEASES_URL = 'https://github.com/nats-io/nats-server/releases/download';
const RELEASE = '2.14.2';

/**
 * Downloads the official archive, checks it against the SHA-256 published beside it, and puts the
 * program into `binDir`. Gives up within seconds where the network does not reach it.
 */
export async function natsFromRelease(binDir: string, releasesUrl: string): Promise<string> {
  const archive = `nats-server-v${RELEASE}-${releasePlatform()}.tar.gz`;
  const folder = `${releasesUrl}/v${RELEASE}`;
  const sums = (await download(`${folder}/SHA256SUMS`, 10_000)).toString('utf8');
  const published = sumFor(sums, archive);
  const bytes = await download(`${folder}/${archive}`, 120_000);
  const sum = createHash('sha256').update(bytes).digest('hex');
  if (sum !== published) {
    throw new Error(`${archive} has SHA-256 ${sum}, published is ${published}: not used`);
  }
  await mkdir(binDir, { recursive: true });
  const unpackDir = await mkdtemp(join(binDir, 'release-'));
  try {
    const packed = join(unpackDir, archive);
    await writeFile(packed, bytes);
    await run('tar', ['-xzf', packed, '-C', unpackDir, '--strip-components=1']);
    const program = join(unpackDir, 'nats-server');
    await chmod(program, 0o755);
    await rename(program, join(binDir, 'nats-server'));
  } finally {
    await rm(unpackDir, { recursive: true, force: true });
  }
  return join(binDir, 'nats-server');
}

function releasePlatform(): string {
  const cpu = { x64: 'amd64', arm64: 'arm64' }[arch() as string];
  const system = { linux: 'linux', darwin: 'darwin' }[platform() as string];
  if (cpu === undefined || system === undefined) {
    throw new Error(`no archive is fetched for ${platform()} on ${arch()}`);
  }
  return `${system}-${cpu}`;
}

function sumFor(sums: string, archive: string): string {
  for (const line of sums.split('\n')) {
    const [sum, name] = line.trim().split(/\s+\*?/);
    if (name === archive && sum !== undefined && /^[0-9a-f]{64}$/.test(sum)) return sum;
  }
  throw new Error(`SHA256SUMS of the release does not name ${archive}`);
}

async function download(url: string, withinMs: number): Promise<Buffer> {
  // The connection gets four seconds: most machines that cannot reach it do not refuse, they hang.
  const dispatcher = new EnvHttpProxyAgent({ connect: { timeout: 4000 } });
  try {
    const response = await fetch(url, { dispatcher, signal: AbortSignal.timeout(withinMs) });
    if (!response.ok) throw new Error(`${response.status} for ${url}`);
    return Buffer.from(await response.arrayBuffer());
  } catch (cause) {
    const why = cause instanceof Error ? (cause.cause ?? cause) : cause;
    throw new Error(`${url} cannot be fetched (${why instanceof Error ? why.message : why})`, {
      cause,
    });
  } finally {
    // The fetch is over or given up; whatever the agent still holds must not keep us alive.
    await dispatcher.destroy();
  }
}
