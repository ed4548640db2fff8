import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { identityOf } from './process-identity.js';

/**
 * Makes a data folder ours until released, so that two copies never share one.
 * A claim of a process that is gone is taken over.
 */
export async function claimFolder(dataDir: string): Promise<{ release: () => Promise<void> }> {
  const file = join(dataDir, 'in-use.json');
  await mkdir(dataDir, { recursive: true });
  for (let tries = 0; tries < 2; tries += 1) {
    const claim = await open(file, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return undefined;
      throw error;
    });
    if (claim !== undefined) {
      const identity = await identityOf(process.pid);
      await claim.writeFile(JSON.stringify({ pid: process.pid, identity }));
      await claim.close();
      return { release: () => rm(file, { force: true }) };
    }
    await refuseIfAlive(file, dataDir);
    await rm(file, { force: true });
  }
  throw new Error(`${dataDir} is being claimed by another process at this moment; try again`);
}

async function refuseIfAlive(file: string, dataDir: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const claim = text === '' ? undefined : (JSON.parse(text) as { pid: number; identity?: string });
  if (claim?.identity === undefined || (await identityOf(claim.pid)) !== claim.identity) return;
  throw new Error(
    `${dataDir} is in use by process ${claim.pid}. Stop it, or give this copy a data folder of its own.`,
  );
}
