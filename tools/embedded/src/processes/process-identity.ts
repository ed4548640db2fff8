import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Tells a process from a later one with the same number: the moment it started, as the system
 * writes it. `undefined` when there is no such process.
 */
export async function identityOf(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') {
    const listed = await run('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => undefined);
    return listed?.stdout.trim() || undefined;
  }
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return undefined;
  // The command's name is in brackets and may hold spaces; fields are counted after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const zombie = fields[0] === 'Z';
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  return zombie ? undefined : `${boot.trim()}/${fields[19]}`;
}

/**
 * Stops the process that a pid file of ours names, if it is still that process.
 * Returns its number when there was one to stop.
 */
export async function stopLeftover(pidFile: string): Promise<number | undefined> {
  const noted = await readFile(pidFile, 'utf8').catch(() => undefined);
  if (noted === undefined) return undefined;
  const { pid, identity } = parseNote(noted);
  await rm(pidFile, { force: true });
  const same = async (): Promise<boolean> => (await identityOf(pid)) === identity;
  if (identity === undefined || !(await same())) return undefined;
  process.kill(pid, 'SIGINT');
  for (let waitedMs = 0; await same(); waitedMs += 100) {
    if (waitedMs === 10_000) process.kill(pid, 'SIGKILL');
    if (waitedMs > 15_000) throw new Error(`Process ${pid} of an earlier run does not end`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return pid;
}

function parseNote(noted: string): { pid: number; identity: string | undefined } {
  try {
    return JSON.parse(noted) as { pid: number; identity: string | undefined };
  } catch {
    // Half-written by a crash: there is nothing to go by.
    return { pid: 0, identity: undefined };
  }
}
