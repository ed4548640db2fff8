/** A server that would lose what it has acknowledged, or does not know what is asked of it. */
export class UnfitServer extends Error {
  override readonly name = 'UnfitServer';
}

const OLDEST = [2, 14, 2] as const;
const TIMEOUT_MS = 5_000;

/** @throws UnfitServer when it is older than 2.14.2 */
export function refuseOldServer(version: string): void {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.-]/).map(Number);
  const [oldMajor, oldMinor, oldPatch] = OLDEST;
  const newEnough =
    major !== oldMajor
      ? major > oldMajor
      : minor !== oldMinor
        ? minor > oldMinor
        : patch >= oldPatch;
  if (newEnough) return;
  throw new UnfitServer(
    `This NATS server is ${version}. Tillbridge needs ${OLDEST.join('.')} or later: older ones ` +
      'know no atomic batches, or can lose acknowledged messages. Upgrade the server first.',
  );
}

/**
 * Refuses servers that acknowledge before they have written to disk (`sync_interval`, two minutes
 * unless set): a power cut takes from them what was acknowledged. A server tells it neither to its
 * clients nor by JetStream's API, only to the system account and on its monitoring port.
 *
 * @throws UnfitServer that names the server and the setting, or says that it cannot be known
 */
export async function refuseUnsyncedServers(
  monitoringUrls: readonly string[] | undefined,
): Promise<void> {
  if (monitoringUrls === undefined || monitoringUrls.length === 0) {
    throw new UnfitServer(
      'In profile production NATS_MONITORING_URL must name the monitoring port of every NATS ' +
        'server, with commas between them: only there it is told whether it syncs always.',
    );
  }
  for (const url of monitoringUrls) {
    const { jetstream } = await readVarz(url);
    if (jetstream?.config?.sync_always === true) continue;
    throw new UnfitServer(
      `The NATS server at ${url} does not write to disk before it acknowledges: a power cut loses ` +
        'messages. Set `sync_interval: always` in its `jetstream` block and restart it.',
    );
  }
}

/** As far as we read it. */
interface Varz {
  readonly jetstream?: { readonly config?: { readonly sync_always?: boolean } };
}

async function readVarz(url: string): Promise<Varz> {
  try {
    const answer = await fetch(new URL('/varz', url), {
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    return (await answer.json()) as Varz;
  } catch (cause) {
    throw new UnfitServer(`The monitoring port at ${url} does not say how NATS is set up`, {
      cause,
    });
  }
}
