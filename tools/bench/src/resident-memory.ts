import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What these processes hold now together, in MB. */
export async function residentMb(pids: readonly number[]): Promise<number> {
  const args = ['-o', 'rss=', '-p', pids.join(',')];
  const { stdout } = await promisify(execFile)('ps', args);
  const kilobytes = stdout.trim().split(/\s+/).map(Number);
  return kilobytes.reduce((sum, each) => sum + each, 0) / 1_024;
}
