import type { NatsConnection } from '@nats-io/transport-node';
import { dataFolderLogin } from '@tillbridge/embedded';
import { connectNats, OPERATOR, type NatsLogin } from '@tillbridge/messaging';
import type { OperatorIo } from './run-operator.js';

/**
 * Connects as the operator, does the work and leaves. The server is that of NATS_URL, with
 * NATS_USER and NATS_PASSWORD, or else the one that runs on this machine from `dataDir`.
 */
export async function asOperator<T>(
  io: OperatorIo,
  dataDir: string,
  work: (nats: NatsConnection) => Promise<T>,
): Promise<T> {
  const nats = await connectNats({
    ...(await loginFrom(io.env, dataDir)),
    name: 'tillbridge-operator',
  });
  try {
    return await work(nats);
  } finally {
    await nats.close();
  }
}

async function loginFrom(env: OperatorIo['env'], dataDir: string): Promise<NatsLogin> {
  const { NATS_URL: url, NATS_USER: user = OPERATOR, NATS_PASSWORD: password } = env;
  if (url === undefined || url === '') return dataFolderLogin(dataDir, OPERATOR);
  return { url, user, password };
}
