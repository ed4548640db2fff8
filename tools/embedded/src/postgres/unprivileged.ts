import { execFile, spawnSync } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** How a command runs, and who owns what it writes. */
export interface Runner {
  readonly uid?: number;
  readonly gid?: number;
  /** Put before the command and its arguments. */
  readonly prefix: readonly string[];
  /** Whom the data folder must belong to, when not to us. */
  readonly owner?: { readonly uid: number; readonly gid: number };
}

/**
 * Postgres refuses to run as root, so root runs it as `nobody`, a user that every system has: none
 * is made. Where `nobody` cannot reach the folders (they lie below `/root`, say), the process keeps
 * the one capability that lets it, by `setpriv`.
 * @throws when there is no way, with what to do.
 */
export async function unprivileged(folders: readonly string[]): Promise<Runner> {
  if (process.getuid?.() !== 0) return { prefix: [] };
  const owner = { uid: await idOfNobody('-u'), gid: await idOfNobody('-g') };
  if (folders.every((folder) => canEnter(folder, owner))) return { ...owner, prefix: [], owner };
  const setpriv = '/usr/bin/setpriv';
  const keep = '-all,+dac_override';
  const prefix = [
    setpriv,
    `--reuid=${owner.uid}`,
    `--regid=${owner.gid}`,
    '--clear-groups',
    // Without it access(2) forgets the capability, and Postgres does not find its own programs.
    '--securebits=+no_setuid_fixup',
    `--inh-caps=${keep}`,
    `--ambient-caps=${keep}`,
  ];
  const works = await access(setpriv, constants.X_OK)
    .then(() => run(setpriv, [...prefix.slice(1), '/bin/ls', ...folders]))
    .then(() => true)
    .catch(() => false);
  if (works) return { prefix, owner };
  throw new Error(
    `Postgres does not run as root, and the user "nobody" cannot enter ${folders.join(' or ')}. ` +
      'Run this as a user other than root, or from a folder that every user may enter.',
  );
}

async function idOfNobody(flag: '-u' | '-g'): Promise<number> {
  const { stdout } = await run('id', [flag, 'nobody']);
  return Number.parseInt(stdout, 10);
}

function canEnter(folder: string, who: { uid: number; gid: number }): boolean {
  return spawnSync('/bin/ls', [folder], { ...who, stdio: 'ignore' }).status === 0;
}
