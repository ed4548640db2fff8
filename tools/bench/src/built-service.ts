import path from 'node:path';
import type { ServiceName } from '@tillbridge/contracts';
import { freePort, untilReady, workspaceRoot, type ServerProcess } from '@tillbridge/embedded';
import type { Servers } from './servers.js';

const READY_WITHIN_MS = 60_000;

/**
 * Starts a service as it was built, a process like any other, and waits until it is ready. `env` is that of
 * `Servers.environmentOf`: each call of that makes a new password.
 */
export async function startBuiltService(
  servers: Servers,
  service: ServiceName,
  env: Readonly<Record<string, string>>,
): Promise<ServerProcess> {
  const port = await freePort();
  const program = await servers.startProgram({
    name: service,
    main: path.join(workspaceRoot(), 'apps', service, 'dist', 'main.js'),
    env: { ...env, HTTP_PORT: String(port) },
  });
  await untilReady(program, service, READY_WITHIN_MS, async () => {
    const ready = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined);
    return ready?.ok === true;
  });
  return program;
}
