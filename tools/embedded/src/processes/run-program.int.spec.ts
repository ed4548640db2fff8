import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformFile } from '@swc/core';

const SOURCE = fileURLToPath(new URL('run-program.ts', import.meta.url));

/** Puts away what it has when it is asked to stop; that never ends when its argument is `deaf`. */
const A_PROGRAM = `
  import { runProgram } from './run-program.js';
  runProgram(async (stop) => {
    const open = setInterval(() => undefined, 1_000);
    const asked = new Promise((resolve) => stop.addEventListener('abort', resolve));
    console.log('begun');
    await asked;
    console.log(stop.reason.message);
    if (process.argv[2] === 'deaf') return new Promise(() => undefined);
    clearInterval(open);
    return 4;
  });
`;

let folder: string;
const running: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tillbridge-program-'));
  const parser = { syntax: 'typescript' } as const;
  const { code } = await transformFile(SOURCE, { swcrc: false, jsc: { target: 'es2022', parser } });
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await writeFile(join(folder, 'run-program.js'), code);
});
afterEach(() => running.splice(0).forEach((child) => child.kill('SIGKILL')));
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(source: string, ...args: string[]) {
  await writeFile(join(folder, 'main.js'), source);
  const child = spawn(process.execPath, [join(folder, 'main.js'), ...args]);
  running.push(child);
  const told = { out: '', error: '' };
  child.stdout.on('data', (data) => (told.out += data));
  child.stderr.on('data', (data) => (told.error += data));
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, ...told }));
  /** Comes back when the program has written such a line. */
  const says = async (line: string): Promise<void> => {
    while (!told.out.includes(`${line}\n`)) await once(child.stdout, 'data');
  };
  return { child, ended, says };
}

describe('a program', () => {
  it('ends with its result as the exit code', async () => {
    const { ended } = await run(
      "import { runProgram } from './run-program.js'; runProgram(async () => 5);",
    );
    expect(await ended).toEqual({ code: 5, signal: null, out: '', error: '' });
  });

  it('that fails ends with 1 and says why in its own words', async () => {
    const { ended } = await run(`import { runProgram } from './run-program.js';
      runProgram(async () => { throw new Error('the folder is in use'); });`);
    expect(await ended).toEqual({
      code: 1,
      signal: null,
      out: '',
      error: 'the folder is in use\n',
    });
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('asked by %s puts away what it has', async (signal) => {
    const { child, ended, says } = await run(A_PROGRAM);
    await says('begun');
    child.kill(signal);
    expect(await ended).toMatchObject({ code: 4, signal: null, out: 'begun\nstopped\n' });
  });

  it.each([
    ['SIGINT', 'SIGINT'],
    ['SIGTERM', 'SIGTERM'],
    ['SIGINT', 'SIGTERM'],
  ] as const)('asked by %s and then by %s ends at once', async (first, second) => {
    const { child, ended, says } = await run(A_PROGRAM, 'deaf');
    await says('begun');
    child.kill(first);
    await says('stopped');
    child.kill(second);
    expect(await ended).toMatchObject({ code: null, signal: second });
  });
});
