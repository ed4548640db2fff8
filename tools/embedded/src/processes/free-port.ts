import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the range from which systems take the ports of outgoing connections (Linux: from 32768).
 * A server's port from that range can be lost while it restarts, even to a client of its own: one
 * that tries again and again to connect to it may get it as its own port, and talk to itself.
 */
const [LOWEST, HIGHEST] = [20_000, 32_000];

/** Who was given a port may not listen on it yet, and is not to lose it to the next who asks. */
const given = new Set<number>();

/**
 * A TCP port on 127.0.0.1 that nobody listens on, and that this process has given to nobody else: the
 * preferred one if it is free.
 */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred !== undefined && (await isFree(preferred))) return preferred;
  for (let tries = 0; tries < 1_000; tries += 1) {
    const port = randomInt(LOWEST, HIGHEST);
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) return port;
  }
  throw new Error(`No free port was found between ${LOWEST} and ${HIGHEST}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
