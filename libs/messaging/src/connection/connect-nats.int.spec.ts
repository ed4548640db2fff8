import type { NatsConnection } from '@nats-io/transport-node';
import { eventually, freshNats, type FreshNats } from '@tillbridge/testing';
import { connectNats } from './connect-nats.js';

/** After which the client by itself would close the connection for good. */
const TRIES_OF_THE_CLIENT = 10;

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
});
