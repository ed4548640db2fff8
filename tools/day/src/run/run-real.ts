import { setTimeout as wait } from 'node:timers/promises';
import { Hub } from '../hub/hub.js';

const CONNECTOR_PORT = 8405;

export interface RealOptions {
  readonly configurationPath: string;
  readonly dataDir: string;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** The hub on a merchant's own accounts, until it is stopped. */
export async function runReal(options: RealOptions): Promise<void> {
  const hub = await Hub.start({
    dataDir: options.dataDir,
    reset: false,
    timeScale: 1,
    configuration: { path: options.configurationPath },
    environment: {},
    connectorPort: CONNECTOR_PORT,
    report: options.say,
  });
  try {
    const { url, user, password } = hub.embedded.monitor;
    options.say(
      `Webhooks arrive at ${hub.embedded.services.urlOf('connector')}/webhooks/<connection>`,
    );
    options.say(`Events: nats sub 'evt.>' --server ${url} --user ${user} --password ${password}`);
    await wait(2 ** 31 - 1, undefined, { signal: options.signal }).catch(() => undefined);
  } finally {
    await hub.stop();
  }
}
