import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The processes that `pid` started and that are there, without `pid` itself. */
export async function childrenOf(pid: number): Promise<number[]> {
  const parents = process.platform === 'linux' ? await parentsFromProc() : await parentsFromPs();
  return parents.filter(([, parent]) => parent === pid).map(([child]) => child);
}

type Pair = readonly [pid: number, parent: number];

/** Small systems have no `ps`. */
async function parentsFromProc(): Promise<Pair[]> {
  const numbers = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const pairs = await Promise.all(
    numbers.map(async (name): Promise<Pair[]> => {
      // A process that ended since it was listed has nothing to read.
      const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => undefined);
      if (stat === undefined) return [];
      // The command's name is in brackets and may hold spaces; fields are counted after it.
      const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return [[Number(name), Number(parent)]];
    }),
  );
  return pairs.flat();
}

async function parentsFromPs(): Promise<Pair[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=']);
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .map(([pid = 0, parent = 0]) => [pid, parent]);
}
