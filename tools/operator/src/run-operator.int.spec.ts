import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { Controller, Module } from '@nestjs/common';
import { Failure, OrderChanged, SERVICES, type Received } from '@tillbridge/contracts';
import { connectNats, Consumes, MessagingModule } from '@tillbridge/messaging';
import { Database, PostgresModule } from '@tillbridge/postgres';
import { RuntimeModule } from '@tillbridge/runtime';
import { OperatedHub } from '../test/operated-hub.js';
import { runOperator } from './run-operator.js';

const CONSUMER = 'payments-orders-order-changed-v1';
const SUBJECT = 'evt.orders.order-changed.v1';

/** Ids of the messages that the service under test can handle now. */
const passing = new Set<string>();

@Controller()
class PaymentsController {
  constructor(private readonly database: Database) {}

  @Consumes(OrderChanged)
  async take(received: Received<OrderChanged>[]): Promise<void> {
    const refused = received.find(({ id }) => !passing.has(id));
    if (refused !== undefined) throw new Failure('not-found', 'never', 'still no tender');
    await this.database.handleOnce(received, () => Promise.resolve());
  }
}

@Module({
  imports: [
    RuntimeModule.forService('payments'),
    PostgresModule.forService('payments', { migrations: [] }),
    MessagingModule.forService('payments'),
  ],
  controllers: [PaymentsController],
})
class PaymentsModule {}

let hub: OperatedHub;
let database: Database;

beforeAll(async () => {
  hub = await OperatedHub.start('payments', PaymentsModule);
  database = hub.app.get(Database);
});

afterAll(() => hub.stop());

beforeEach(async () => {
  passing.clear();
  await database.query('DELETE FROM dead_letter');
  await database.query('DELETE FROM dead_letter_act');
});

async function aDeadLetter(code = 'not-found'): Promise<string> {
  const id = randomUUID();
  const order = { orderId: id, revision: 1, connectionId: 'shop', name: '#1', state: 'accepted' };
  const rest = { draft: false, paymentMethod: 'invoice', currency: 'GBP', totalMinor: 5 };
  await database.query(
    `INSERT INTO dead_letter (consumer, message_id, subject, headers, payload, code, error, attempts)
     VALUES ($1, $2, $3, $4, $5, $6, 'no tender', 1)`,
    [
      CONSUMER,
      id,
      SUBJECT,
      JSON.stringify({ 'ce-id': id, 'ce-time': '2026-09-01T00:00:00Z' }),
      Buffer.from(JSON.stringify({ ...order, ...rest })),
      code,
    ],
  );
  return id;
}

/** Only payments runs, so it is named. */
const run = (...args: string[]) => hub.run(...args, '--service', 'payments');

const operator = (...args: string[]) => run('dead-letters', ...args);

it('lists in columns that line up, or as JSON', async () => {
  const ids = [await aDeadLetter(), await aDeadLetter('bug')];
  const { code, out } = await operator('list');
  expect(code).toBe(0);
  expect(out[0]).toMatch(/^since +service +message +subject +tries +code +error$/);
  expect(out.slice(1, 3).map((line) => ids.findIndex((id) => line.includes(id)))).toEqual([0, 1]);
  const starts = out.slice(0, 3).map((line) => line.search(/(code|not-found|bug) /));
  expect(new Set(starts).size).toBe(1);
  expect(out[3]).toBe('2 of 2');
  const listed = (await operator('list', '--json', '--code', 'bug')).json();
  expect(listed).toMatchObject({ total: 1, letters: [{ letter: { messageId: ids[1] } }] });
});

it('shows one with its headers and its content', async () => {
  const id = await aDeadLetter();
  const { code, out } = await operator('show', id);
  expect(code).toBe(0);
  expect(out).toEqual(
    expect.arrayContaining([`message         ${id}`, 'code            not-found']),
  );
  expect(out.join('\n')).toContain(`"orderId": "${id}"`);
});

it('says what it does not find', async () => {
  const { code, complaints } = await operator('show', 'nothing');
  expect([code, complaints]).toEqual([1, ['nothing is no dead letter, or no more']]);
  expect((await operator('replay', 'nothing')).code).toBe(1);
});

it('replays one, and says what became of it', async () => {
  const [fine, broken] = [await aDeadLetter(), await aDeadLetter()];
  passing.add(fine);
  const replayed = await operator('replay', fine, '--json', '--by', 'ops-1');
  expect(replayed).toMatchObject({ code: 0, complaints: ['1 of 1 handled'] });
  expect(replayed.json()).toMatchObject([{ messageId: fine, outcome: 'handled', by: 'ops-1' }]);
  const failed = await operator('replay', broken);
  expect(failed).toMatchObject({ code: 1, complaints: ['0 of 1 handled'] });
  expect(failed.out[1]).toMatch(/replay +parked/);
  expect((await operator('show', broken)).out).toContain('error           still no tender');
});

it('replays all that a filter lets through, and no others', async () => {
  const wanted = [await aDeadLetter('bug'), await aDeadLetter('bug')];
  const other = await aDeadLetter();
  for (const id of [...wanted, other]) passing.add(id);
  const { code, complaints } = await operator('replay', '--all', '--code', 'bug');
  expect([code, complaints]).toEqual([0, ['2 of 2 handled']]);
  const { letters } = (await operator('list', '--json')).json();
  expect(letters).toMatchObject([{ letter: { messageId: other } }]);
});

it('discards only with a reason, and the audit keeps who and why', async () => {
  const id = await aDeadLetter();
  expect((await operator('discard', id)).code).toBe(2);
  expect((await operator('list', '--json')).json().total).toBe(1);
  const { code } = await operator('discard', id, '--reason', 'a test order', '--by', 'ops-2');
  expect(code).toBe(0);
  expect((await operator('list', '--json')).json().total).toBe(0);
  const [line] = (await operator('audit', '--json')).json();
  expect(line).toMatchObject({
    act: 'discard',
    by: 'ops-2',
    reason: 'a test order',
    messageId: id,
  });
});

it('does nothing when it is not told with what', async () => {
  await aDeadLetter();
  expect(await operator('replay')).toMatchObject({
    code: 2,
    complaints: [expect.stringContaining('name the messages, or say --all')],
  });
  expect((await operator('lst')).code).toBe(2);
  expect((await operator('list', '--limit', '0')).code).toBe(2);
});

it('names the services that do not answer', async () => {
  const { code, complaints } = await hub.run('dead-letters', 'list');
  expect(code).toBe(1);
  const silent = SERVICES.filter((service) => service !== 'payments');
  expect(complaints.map((line) => line.split(' ')[0])).toEqual(silent);
});

it('finds the hub that runs from a data folder', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'tillbridge-operator-'));
  const printed: string[] = [];
  const list = (dataDir: string) =>
    runOperator(['dead-letters', 'list', '--service', 'payments', '--data', dataDir], {
      env: {},
      print: (line) => printed.push(line),
      complain: (line) => printed.push(line),
    });
  expect(await list(folder)).toBe(2);
  expect(printed.join()).toContain('There is no hub in');
  await mkdir(path.join(folder, 'nats'));
  const users = [{ user: 'operator', password: 'operator' }];
  const config = { host: '127.0.0.1', port: hub.nats.port, authorization: { users } };
  await writeFile(path.join(folder, 'nats', 'nats-server.json'), JSON.stringify(config));
  expect(await list(folder)).toBe(0);
  await rm(folder, { recursive: true });
});

describe('rebuild', () => {
  const HOUR_MS = 3_600_000;
  const ago = (hours: number) => new Date(Date.now() - hours * HOUR_MS).toISOString();

  it('has what was published since then published again, and waits for it', async () => {
    for (const hours of [1, 3]) {
      await database.query(
        `INSERT INTO outbox (message_id, subject, headers, payload, published_at, first_published_at)
         VALUES ($1, 'evt.payments.receivable-changed.v1', $2, '{}', $3, $3)`,
        [`told-${hours}`, JSON.stringify({ 'ce-id': `told-${hours}` }), ago(hours)],
      );
    }
    const { code, out } = await run('rebuild', '--since', ago(2));
    expect(out.slice(1)).toEqual([expect.stringMatching(/^payments +\d+ +published again$/)]);
    expect(code).toBe(0);
    const connection = await connectNats({
      url: hub.nats.url,
      user: 'provisioner',
      password: 'provisioner',
    });
    const { streams } = await jetstreamManager(connection, { checkAPI: false });
    const { state } = await streams.info('EVENTS', {
      subjects_filter: 'evt.payments.receivable-changed.v1',
    });
    expect(state.subjects).toEqual({ 'evt.payments.receivable-changed.v1': 1 });
    await connection.close();
  });

  it('says what a service refuses, and as JSON too', async () => {
    const { code, out } = await run('rebuild', '--since', ago(-2), '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out.join('\n'))).toMatchObject([
      { service: 'payments', error: expect.stringContaining('qry.payments.rebuild-outbox.v1') },
    ]);
  });

  it('begins nothing without a time that can be read', async () => {
    expect((await run('rebuild')).code).toBe(2);
    const { code, complaints } = await run('rebuild', '--since', 'yesterday');
    expect([code, complaints.join()]).toEqual([
      2,
      expect.stringContaining('is a time like 2026-03-02T09:00:00Z'),
    ]);
  });
});
