import type { NatsConnection } from '@nats-io/transport-node';
import { eventually, freshNats, type FreshNats } from '@tillbridge/testing';
import { connectNats } from './connect-nats.js';

/** After which the client by itself would close the connection for good. */
const TRIES_OF_THE_CLIENT = 10;
/** So many in a row have the same effect. */
const REFUSALS_OF_THE_CLIENT = 2;

let nats: FreshNats;
let connection: NatsConnection;

beforeEach(async () => {
  nats = await freshNats();
  connection = await connectNats({ url: nats.url });
});

afterEach(async () => {
  await connection.close();
  await nats.drop();
});

describe('a connection', () => {
  it('is back after an outage of more tries than the client makes by itself', async () => {
    const status = connection.status();
    await nats.kill();
    let tries = 0;
    for await (const { type } of status) {
      if (type === 'reconnecting') tries += 1;
      if (tries > TRIES_OF_THE_CLIENT + 1) break;
    }
    await nats.restart();
    await eventually(() => connection.flush());
    expect(connection.isClosed()).toBe(false);
  });

  it('is back after a server that refused its password more often than the client bears', async () => {
    const users = [{ user: 'orders', password: 'right' }];
    const guarded = await freshNats({ users });
    const orders = await connectNats({ url: guarded.url, ...users[0] });
    const status = orders.status();
    await restartWith('another');
    let refusals = 0;
    for await (const { type } of status) {
      if (type === 'error') refusals += 1;
      if (refusals > REFUSALS_OF_THE_CLIENT) break;
    }
    expect(refusals).toBe(REFUSALS_OF_THE_CLIENT + 1);
    await restartWith('right');
    await eventually(() => orders.flush());
    await orders.close();
    await guarded.drop();

    async function restartWith(password: string): Promise<void> {
      await guarded.kill();
      users[0] = { user: 'orders', password };
      await guarded.restart();
    }
  });
});
