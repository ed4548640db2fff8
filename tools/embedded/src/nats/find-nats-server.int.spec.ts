import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findNatsServer } from './find-nats-server.js';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'tillbridge-find-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const realProgram = (): string => process.env['TILLBRIDGE_TEST_NATS'] ?? '';

/** A program that says it is NATS of this version. */
async function aNatsProgram(path: string, version: string): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, `#!/bin/sh\necho "nats-server: v${version}"\n`);
  await chmod(path, 0o755);
}

/** A PATH with sh and nothing else, so that the machine's own programs do not count. */
async function pathWith(version: string | undefined): Promise<string> {
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  if (version !== undefined) await aNatsProgram(join(bin, 'nats-server'), version);
  return bin;
}

async function serving<T>(files: Record<string, Buffer>, work: (url: string) => Promise<T>) {
  const server: Server = createHttpServer((request, response) => {
    const body = files[request.url ?? ''];
    response.writeHead(body === undefined ? 404 : 200).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** An archive of the official form that holds a program saying `version`. */
async function aRelease(version: string): Promise<{ name: string; bytes: Buffer }> {
  const cpu = process.arch === 'arm64' ? 'arm64' : 'amd64';
  const name = `nats-server-v2.14.2-${process.platform}-${cpu}`;
  await aNatsProgram(join(folder, name, 'nats-server'), version);
  execFileSync('tar', ['-czf', join(folder, 'archive'), '-C', folder, name]);
  return { name: `${name}.tar.gz`, bytes: await readFile(join(folder, 'archive')) };
}

describe('a NATS program', () => {
  it('is taken from the PATH when it is new enough', async () => {
    const found = await findNatsServer({
      cacheDir: folder,
      env: { PATH: await pathWith('2.14.2') },
    });
    expect(found).toEqual({
      kind: 'program',
      path: join(folder, 'bin', 'nats-server'),
      version: '2.14.2',
    });
  });

  it('is taken from the cache when the PATH has one that is too old, and that is said', async () => {
    await aNatsProgram(join(folder, 'nats', 'nats-server'), '2.15.1');
    const lines: string[] = [];
    const found = await findNatsServer({
      cacheDir: folder,
      env: { PATH: await pathWith('2.9.10') },
      report: (line) => lines.push(line),
    });
    expect(found).toMatchObject({ path: join(folder, 'nats', 'nats-server'), version: '2.15.1' });
    expect(lines[0]).toMatch(/PATH: .*2\.9\.10, which is too old: at least 2\.14\.2 is needed/);
  });

  it('is fetched from the release when its SHA-256 is the published one', async () => {
    const { name, bytes } = await aRelease('2.14.2');
    const sum = createHash('sha256').update(bytes).digest('hex');
    const files = {
      '/v2.14.2/SHA256SUMS': Buffer.from(`${'0'.repeat(64)}  other.zip\n${sum}  ${name}\n`),
      [`/v2.14.2/${name}`]: bytes,
    };
    const cacheDir = join(folder, 'cache');
    const env = { PATH: await pathWith(undefined) };
    const found = await serving(files, (releasesUrl) =>
      findNatsServer({ cacheDir, env, releasesUrl }),
    );
    expect(found).toMatchObject({ path: join(cacheDir, 'nats', 'nats-server'), version: '2.14.2' });
  });

  it('is not taken from a release with another SHA-256 than published', async () => {
    const { name, bytes } = await aRelease('2.14.2');
    const files = {
      '/v2.14.2/SHA256SUMS': Buffer.from(`${'a'.repeat(64)}  ${name}\n`),
      [`/v2.14.2/${name}`]: bytes,
    };
    const lines: string[] = [];
    const env = { PATH: await pathWith(undefined) };
    await serving(files, (releasesUrl) =>
      findNatsServer({
        cacheDir: join(folder, 'cache'),
        env,
        releasesUrl,
        report: (line) => lines.push(line),
      }).catch(() => undefined),
    );
    expect(lines.join('\n')).toMatch(/official release: .* published is a{64}: not used/);
  });
});

describe('a running NATS at NATS_URL', () => {
  async function greetedBy(info: object): Promise<unknown> {
    const server = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.write(`INFO ${JSON.stringify(info)} \r\n`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      return await findNatsServer({ env: { NATS_URL: `nats://user:secret@127.0.0.1:${port}` } });
    } finally {
      server.close();
    }
  }

  it('is used as it is', async () => {
    const found = await greetedBy({ version: '2.15.0', jetstream: true });
    expect(found).toMatchObject({ kind: 'running', version: '2.15.0' });
  });

  it('is refused when it is too old, with the version that is needed', async () => {
    await expect(greetedBy({ version: '2.12.1', jetstream: true })).rejects.toThrow(
      'The NATS server at NATS_URL is 2.12.1, which is too old: at least 2.14.2 is needed',
    );
  });

  it('is refused without JetStream', async () => {
    await expect(greetedBy({ version: '2.15.0' })).rejects.toThrow('without JetStream');
  });

  it('is missed by name when nobody answers', async () => {
    await expect(
      findNatsServer({ env: { NATS_URL: 'nats://user:secret@127.0.0.1:1' } }),
    ).rejects.toThrow('NATS_URL names 127.0.0.1:1, where no NATS server answers.');
  });
});

it('finds the real program by a link on the PATH', async () => {
  await mkdir(join(folder, 'bin'));
  await symlink(realProgram(), join(folder, 'bin', 'nats-server'));
  const found = await findNatsServer({ cacheDir: folder, env: { PATH: join(folder, 'bin') } });
  expect(found).toMatchObject({ kind: 'program', path: join(folder, 'bin', 'nats-server') });
});
