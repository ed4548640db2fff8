import { Failure, OrderObserved, OrdersPolled } from '@tillbridge/contracts';
import { eventually } from '@tillbridge/testing';
import { randomUUID } from 'node:crypto';
import { aReading, aVendor, type VendorScript } from '../../test/a-vendor.js';
import { ConnectorRig } from '../../test/connector-rig.js';
import type { EntityKey, Feed, PollPage } from '../vendor.js';
import { EntityBook } from './entity-book.js';

let rig: ConnectorRig;

beforeEach(async () => {
  rig = await ConnectorRig.open();
});
afterEach(async () => {
  await rig.close();
});

function host(script: VendorScript) {
  return rig.host(aVendor(script)).find('till')!.observer;
}

async function want(...ids: string[]): Promise<void> {
  const keys = ids.map((id) => ({ kind: 'thing', id }));
  await rig.database.inTransaction((tx) => rig.queue.want(tx, 'till', keys));
}

function aFeed(poll: Feed['poll'], about: Partial<Feed> = {}): Feed {
  return { name: 'things', everyMs: 50, minPauseMs: 10, poll, ...about };
}

it('tells a thing once, however often it is read, and again when it has changed', async () => {
  let poNumber = 'A';
  const observer = host({ fetch: async (keys) => keys.map(({ id }) => aReading(id, poNumber)) });
  for (const content of ['A', 'A', 'B', 'B', 'A']) {
    poNumber = content;
    await want('cart');
    observer.wake();
    await eventually(async () => expect(await rig.queue.open(['till'])).toBe(0));
  }
  const sent = await rig.sent('purchase-observed');
  expect(sent.map(({ data }) => [data.poNumber, data.revision])).toEqual([
    ['A', 1],
    ['B', 2],
    ['A', 3],
  ]);
});

it('gives the same fact the same id when the database has to be made anew', async () => {
  const ids = async (one: ConnectorRig) => {
    const observer = one
      .host(aVendor({ fetch: async (keys) => keys.map(({ id }) => aReading(id, 'A')) }))
      .find('till')!.observer;
    await one.database.inTransaction((tx) =>
      one.queue.want(tx, 'till', [{ kind: 'thing', id: 'cart' }]),
    );
    observer.wake();
    return eventually(async () => {
      const sent = await one.sent('purchase-observed');
      expect(sent).toHaveLength(1);
      return sent[0]!.id;
    });
  };
  const other = await ConnectorRig.open();
  try {
    expect(await ids(rig)).toBe(await ids(other));
  } finally {
    await other.close();
  }
});

it('reads again what was wanted again while it was being read', async () => {
  let reads = 0;
  const observer = host({
    fetch: async (keys) => {
      reads += 1;
      const poNumber = `read ${reads}`;
      if (reads === 1) await want('cart');
      return keys.map(({ id }) => aReading(id, poNumber));
    },
  });
  await want('cart');
  observer.wake();
  await eventually(async () => expect(await rig.sent('purchase-observed')).toHaveLength(2));
});

it('sets one unreadable thing apart with its cause, and tells all the others', async () => {
  let broken = true;
  const observer = host({
    fetch: async (keys) => {
      if (broken && keys.some(({ id }) => id === 'bad')) {
        throw new Failure('vendor-refused', 'never', 'this one is rotten');
      }
      return keys.map(({ id }) => aReading(id, 'A'));
    },
  });
  await want('a', 'b', 'bad', 'c');
  observer.wake();
  await eventually(async () => expect(await rig.queue.open(['till'])).toBe(0));
  const told = (await rig.sent('purchase-observed')).map(({ data }) => data.cartId);
  expect(told.sort()).toEqual(['a', 'b', 'c']);
  expect(await rig.sent('exception-raised')).toMatchObject([
    { data: { code: 'connection-failing', subject: 'till/thing/bad', system: 'till' } },
  ]);

  broken = false;
  await want('bad');
  observer.wake();
  await eventually(async () => expect(await rig.sent('purchase-observed')).toHaveLength(4));
  expect(await rig.sent('exception-cleared')).toMatchObject([
    { data: { subject: 'till/thing/bad' } },
  ]);
});

it('keeps trying while the vendor is away, and drops nothing', async () => {
  let tries = 0;
  const observer = host({
    fetch: async (keys) => {
      tries += 1;
      if (tries < 5) throw new Failure('vendor-unavailable', { afterMs: 1 }, 'away');
      return keys.map(({ id }) => aReading(id, 'A'));
    },
  });
  await want('a', 'b');
  observer.wake();
  await eventually(async () => expect(await rig.sent('purchase-observed')).toHaveLength(2));
  expect(tries).toBe(5);
});

it('does not let a reading overtake what an act has seen since it was begun', async () => {
  const reads: string[] = [];
  const observer = host({
    fetch: async (keys) => {
      reads.push('read');
      if (reads.length === 1) {
        // While the old figure is on its way, an act changes it and notes what it is now.
        await rig.database.inTransaction((tx) =>
          new EntityBook().record(tx, {
            connection: 'till',
            observations: [aReading('cart', 'new')],
            begunAtMs: Date.now(),
            whenOvertaken: 'record',
          }),
        );
        return keys.map(({ id }) => aReading(id, 'old'));
      }
      return keys.map(({ id }) => aReading(id, 'new'));
    },
  });
  await want('cart');
  observer.wake();
  await eventually(() => expect(reads.length).toBe(2));
  await eventually(async () => expect(await rig.queue.open(['till'])).toBe(0));
  const told = (await rig.sent('purchase-observed')).map(({ data }) => data.poNumber);
  expect(told).toEqual(['new']);
});

describe('a feed', () => {
  it('goes on from its mark, which moves only with a page that was committed', async () => {
    const marks: (string | null)[] = [];
    let fail = true;
    const feed = aFeed(async function* (mark): AsyncIterable<PollPage> {
      marks.push(mark);
      yield { observations: [aReading('a', 'A')] };
      if (fail) throw new Failure('vendor-unavailable', { afterMs: 1 }, 'away');
      yield { observations: [aReading('b', 'A')], mark: `after ${mark}` };
    });
    host({ feeds: [feed] });
    await eventually(() => expect(marks.length).toBeGreaterThanOrEqual(2));
    fail = false;
    await eventually(() => expect(marks).toContain('after null'));
    expect(marks.indexOf('after null')).toBeGreaterThanOrEqual(2);
    expect(await rig.sent('purchase-observed')).toHaveLength(2);
  });

  it('is run when it is woken, but not more often than it bears', async () => {
    const runs: { at: number; woken: boolean }[] = [];
    const feed = aFeed(
      async function* (_, woken): AsyncIterable<PollPage> {
        runs.push({ at: Date.now(), woken });
        yield { observations: [], mark: 'm' };
      },
      { everyMs: 3_600_000, minPauseMs: 700 },
    );
    const observer = host({ feeds: [feed] });
    await eventually(() => expect(runs).toHaveLength(1));
    for (let nudge = 0; nudge < 20; nudge += 1) {
      observer.wake(['things']);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await eventually(() => expect(runs.length).toBeGreaterThanOrEqual(2));
    expect(runs[0]!.woken).toBe(false);
    expect(runs[1]!.woken).toBe(true);
    expect(runs[1]!.at - runs[0]!.at).toBeGreaterThanOrEqual(700);
    expect(runs.length).toBeLessThanOrEqual(3);
  });

  it('tells of a vendor that keeps failing, and takes it back', async () => {
    let fail = true;
    const feed = aFeed(async function* (): AsyncIterable<PollPage> {
      if (fail) throw new Failure('vendor-unavailable', { afterMs: 1 }, 'away');
      yield { observations: [] };
    });
    host({ feeds: [feed] });
    await eventually(async () =>
      expect(await rig.sent('exception-raised')).toMatchObject([
        { data: { code: 'connection-failing', subject: 'till/feed things' } },
      ]),
    );
    fail = false;
    await eventually(async () => expect(await rig.sent('exception-cleared')).toHaveLength(1));
  });

  it('counts a round when every frequent feed has come to its end', async () => {
    const names = ['a', 'b'];
    const feeds = names.map((name) =>
      aFeed(
        async function* (): AsyncIterable<PollPage> {
          yield { observations: [] };
        },
        { name },
      ),
    );
    const seldom = aFeed(
      async function* (): AsyncIterable<PollPage> {
        yield { observations: [] };
        throw new Failure('vendor-unavailable', { afterMs: 60_000 }, 'away');
      },
      { name: 'seldom', everyMs: 3_600_000 },
    );
    const observer = host({ feeds: [...feeds, seldom] });
    await eventually(() => expect(observer.completedRounds).toBeGreaterThanOrEqual(2));
  });
});

describe('a completed poll', () => {
  const polled = (requires: string[]) =>
    Object.assign(new OrdersPolled(), {
      connectionId: 'till',
      completeThrough: '2026-03-04T10:15:30Z',
      requires,
    });

  it('names the order facts since the poll before and that poll, and no others', async () => {
    const order = (id: string) =>
      aReading(id, 'A', {
        toMessage: (revision) =>
          Object.assign(new OrderObserved(), { orderId: randomUUID(), vendorId: id, revision }),
      });
    let poll = 0;
    const feed = aFeed(async function* (): AsyncIterable<PollPage> {
      poll += 1;
      yield { observations: [order('always'), order(`only in ${Math.min(poll, 2)}`)] };
      yield { observations: [aReading('no order', 'A')], completed: polled, mark: 'm' };
    });
    host({ feeds: [feed] });
    await eventually(async () =>
      expect((await rig.sent('orders-polled')).length).toBeGreaterThan(2),
    );
    const facts = await rig.sent('order-observed');
    const polls = await rig.sent('orders-polled');
    const required = polls.map(({ data }) => data.requires.sort());
    expect(facts.map(({ data }) => data.vendorId)).toEqual(['always', 'only in 1', 'only in 2']);
    const ids = facts.map(({ id }) => id);
    const [first = '', second = ''] = polls.map(({ id }) => id);
    expect(required.slice(0, 3)).toEqual([
      ids.slice(0, 2).sort(),
      [...ids.slice(2), first].sort(),
      [second],
    ]);
  });

  it('waits for what it had to leave to the fetch queue', async () => {
    const events: string[] = [];
    let overtakes = true;
    const feed = aFeed(async function* (): AsyncIterable<PollPage> {
      if (overtakes) {
        overtakes = false;
        await rig.database.inTransaction((tx) =>
          new EntityBook().record(tx, {
            connection: 'till',
            observations: [aReading('cart', 'by an act')],
            begunAtMs: Date.now(),
            whenOvertaken: 'record',
          }),
        );
      }
      yield { observations: [aReading('cart', 'by the poll')], completed: polled, mark: 'm' };
    });
    const fetch = async (keys: readonly EntityKey[]) => {
      events.push(`sent before the read: ${(await rig.sent('orders-polled')).length}`);
      return keys.map(({ id }) => aReading(id, 'by the read'));
    };
    host({ feeds: [feed], fetch });
    await eventually(async () => expect(await rig.sent('orders-polled')).not.toHaveLength(0));
    expect(events[0]).toBe('sent before the read: 0');
  });
});
