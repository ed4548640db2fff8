import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimFolder } from './folder-claim.js';
import { identityOf, stopLeftover } from './process-identity.js';
import { startProcess, untilReady, type ServerCommand } from './server-process.js';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'tillbridge-process-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const aCommand = (script: string): ServerCommand => ({
  name: 'The till',
  command: '/bin/sh',
  args: ['-c', script],
  logFile: join(folder, 'log'),
  pidFile: join(folder, 'pid.json'),
  stopSignal: 'SIGTERM',
});

it('asks a process to end, and makes one that does not listen', async () => {
  const polite = await startProcess(aCommand('trap "exit 7" TERM; while :; do sleep 0.05; done'));
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(await polite.stop()).toEqual({ code: 7, signal: null });

  const deaf = await startProcess(aCommand('trap "" TERM; while :; do sleep 0.05; done'));
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(await deaf.stop(300)).toEqual({ code: null, signal: 'SIGKILL' });
  expect(await identityOf(deaf.pid)).toBeUndefined();
});

it('quotes the last words of a process that ends while starting', async () => {
  const server = await startProcess(aCommand('echo "no such drawer" >&2; exit 3'));
  await expect(untilReady(server, 'The till', 5000, async () => false)).rejects.toThrow(
    'The till ended while starting. It said:\nno such drawer',
  );
});

it('gives up on a process that is never ready', async () => {
  const server = await startProcess(aCommand('exec sleep 60'));
  await expect(untilReady(server, 'The till', 150, async () => false)).rejects.toThrow(
    'was not ready after 0.15 s',
  );
  await server.stop();
});

it('ends the processes of an owner that was killed', async () => {
  const url = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
  const owner = spawn(process.execPath, [
    '--input-type=module',
    '--eval',
    `import { register } from 'node:module';
     register(${url('../../../../libs/testing/jest/typescript-hooks.js')});
     const { startProcess } = await import(${url('./server-process.ts')});
     const server = await startProcess(${JSON.stringify(aCommand('exec sleep 60'))});
     process.stdout.write(String(server.pid));
     setInterval(() => undefined, 1000);`,
  ]);
  const [said] = (await once(owner.stdout, 'data')) as [Buffer];
  const pid = Number(said.toString());
  expect(await identityOf(pid)).toBeDefined();
  owner.kill('SIGKILL');
  await once(owner, 'exit');
  for (let tries = 0; tries < 100 && (await identityOf(pid)) !== undefined; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(await identityOf(pid)).toBeUndefined();
});

it('stops a leftover by its pid file, but not a later process with that number', async () => {
  const pidFile = join(folder, 'pid.json');
  const left = await startProcess(aCommand('exec sleep 60'));
  const note = await readFile(pidFile, 'utf8');
  expect(await stopLeftover(pidFile)).toBe(left.pid);
  expect(await stopLeftover(pidFile)).toBeUndefined();

  const later = await startProcess(aCommand('exec sleep 60'));
  await writeFile(pidFile, JSON.stringify({ ...JSON.parse(note), pid: later.pid }));
  expect(await stopLeftover(pidFile)).toBeUndefined();
  expect(later.running).toBe(true);
  await later.stop();
});

it('gives a folder to one process at a time and takes it back from a dead one', async () => {
  const claim = await claimFolder(folder);
  await expect(claimFolder(folder)).rejects.toThrow(`in use by process ${process.pid}`);
  await claim.release();
  await writeFile(join(folder, 'in-use.json'), JSON.stringify({ pid: 1, identity: 'long ago' }));
  await (await claimFolder(folder)).release();
});
