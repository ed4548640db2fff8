import { connect } from '@nats-io/transport-node';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import pg from 'pg';
import { eventually, freshDatabase, freshNats } from './index.js';

async function queryAt(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('a fresh database', () => {
  it('is empty and lets its role make tables', async () => {
    const database = await freshDatabase();
    await queryAt(database.url, 'CREATE TABLE shelf (units int)');
    await queryAt(database.url, 'INSERT INTO shelf VALUES (12)');
    expect(await queryAt(database.url, 'SELECT * FROM shelf')).toEqual([{ units: 12 }]);
    const other = await freshDatabase();
    await expect(queryAt(other.url, 'SELECT * FROM shelf')).rejects.toThrow('does not exist');
    await Promise.all([database.drop(), other.drop()]);
  });

  it('can be made by many specs at once', async () => {
    const databases = await Promise.all(Array.from({ length: 6 }, () => freshDatabase()));
    expect(new Set(databases.map((database) => database.url)).size).toBe(6);
    await Promise.all(databases.map((database) => database.drop()));
  });

  it('is gone when dropped, even with somebody connected', async () => {
    const database = await freshDatabase();
    const client = new pg.Client({ connectionString: database.url });
    client.on('error', () => undefined);
    await client.connect();
    await database.drop();
    await expect(queryAt(database.url, 'SELECT 1')).rejects.toThrow();
  });
});

describe('a fresh NATS', () => {
  it('has what it acknowledged after it was killed and started again', async () => {
    const nats = await freshNats();
    const before = await connect({ servers: nats.url, reconnect: false });
    const manager = await jetstreamManager(before);
    await manager.streams.add({ name: 'TILL', subjects: ['till.>'] });
    await jetstream(before).publish('till.sale', 'one');
    await nats.kill();
    await nats.restart();
    const after = await connect({ servers: nats.url });
    const { state } = await (await jetstreamManager(after)).streams.info('TILL');
    expect(state.messages).toBe(1);
    await after.close();
    await nats.drop();
  });
});

describe('eventually', () => {
  it('returns once the check passes', async () => {
    let tries = 0;
    const seen = await eventually(() => {
      tries += 1;
      if (tries < 3) throw new Error('not yet');
      return tries;
    });
    expect(seen).toBe(3);
  });

  it('fails with the last reason when it does not pass in time', async () => {
    const never = (): never => {
      throw new Error('still short');
    };
    await expect(eventually(never, { withinMs: 60 })).rejects.toThrow('still short');
  });
});
