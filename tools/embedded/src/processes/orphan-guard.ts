import { spawn } from 'node:child_process';

/**
 * Ends `pid` when this process dies, in whatever way, `kill -9` included.
 *
 * A shell of its own session waits on a pipe that only we hold. When we are gone the pipe closes,
 * and the shell asks the process to end, then makes it after ten seconds. A service could watch
 * such a pipe itself, Postgres and NATS cannot, so all are treated alike.
 * Returns what calls the guard off; to be called once the process is known to be gone.
 */
export function guardAgainstOrphan(pid: number): () => void {
  const guard = spawn('/bin/sh', ['-c', WAIT_THEN_END, 'guard', String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.unref();
  // The handle is unref'd so that a guard never keeps its owner alive.
  (guard.stdin as { unref?: () => void } | null)?.unref?.();
  guard.on('error', () => undefined);
  return () => {
    guard.kill('SIGKILL');
  };
}

// SIGINT is a fast shutdown for Postgres and an orderly one for NATS and for our services.
const WAIT_THEN_END = `
read -r _
kill -INT "$1" 2>/dev/null || exit 0
tries=0
while [ "$tries" -lt 40 ] && kill -0 "$1" 2>/dev/null; do sleep 0.25; tries=$((tries + 1)); done
kill -KILL "$1" 2>/dev/null
`;
