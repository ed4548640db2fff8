import { Failure } from '@tillbridge/contracts';
import { KeptSteps } from '../../test/act-run.js';
import { aSquareAccount, aSquareClient, type SquareCall } from '../../test/square-account.js';
import { StockChanges } from './stock-changes.js';

const HOUR_MS = 3_600_000;
const REQUEST = {
  key: 'tb-adj-1',
  mark: 'tb:retail:o',
  locationId: 'harbour',
  changes: [{ sku: 'MUG', units: -3 }],
};

function theChanges(answer: (call: SquareCall) => unknown = () => ({})) {
  const account = aSquareAccount();
  const clock = { ms: Date.parse('2026-03-04T10:00:00Z'), now: () => clock.ms };
  const { client, calls } = aSquareClient(answer);
  const changes = new StockChanges(client, account.refs, account.locations, clock);
  const written = () => calls.filter((call) => call.path.endsWith('batch-create'));
  return { changes, calls, written, clock, account };
}

it('takes out by IN_STOCK to SOLD and puts back from NONE, marked as ours', async () => {
  const { changes, written } = theChanges();
  const both = [
    { sku: 'MUG', units: -3 },
    { sku: 'JUG', units: 2 },
    { sku: 'MUG', units: 0 },
  ];
  await changes.apply(new KeptSteps().run(), { ...REQUEST, changes: both });
  const place = { location_id: 'L2', reference_id: 'tb:retail:o' };
  expect(written().map((call) => call.body.changes)).toMatchObject([
    [
      { adjustment: { ...place, from_state: 'IN_STOCK', to_state: 'SOLD', quantity: '3' } },
      { adjustment: { ...place, from_state: 'NONE', to_state: 'IN_STOCK', quantity: '2' } },
    ],
  ]);
});

it('is dated in the past of both clocks and not older than Square takes', async () => {
  const { changes, written, clock } = theChanges();
  await changes.apply(new KeptSteps().run(), REQUEST);
  const { occurred_at } = written()[0]!.body.changes[0].adjustment;
  expect(clock.ms - Date.parse(occurred_at)).toBe(1_000);
});

it('is dated when the goods left, so that a count since then is not lowered by it', async () => {
  const { changes, written, clock } = theChanges();
  const left = new Date(clock.ms - 3 * HOUR_MS);
  await changes.apply(new KeptSteps().run(), { ...REQUEST, happenedAt: left.toISOString() });
  const { occurred_at } = written()[0]!.body.changes[0].adjustment;
  expect(Date.parse(occurred_at)).toBe(left.getTime() - 1_000);
});

it('is dated now when the goods left longer ago than Square takes, or by a clock ahead of ours', async () => {
  const { changes, written, clock } = theChanges();
  for (const hours of [-30, 1]) {
    const happenedAt = new Date(clock.ms + hours * HOUR_MS).toISOString();
    await changes.apply(new KeptSteps().run(), { ...REQUEST, key: `tb-adj-${hours}`, happenedAt });
  }
  const dates = written().map((call) => call.body.changes[0].adjustment.occurred_at);
  expect(dates.map((each) => clock.ms - Date.parse(each))).toEqual([1_000, 1_000]);
});

it('goes in calls of at most 100, each with a key of its own', async () => {
  const { changes, written, account } = theChanges();
  const skus = Array.from({ length: 250 }, (_, index) => `S${index}`);
  for (const sku of skus) account.memory.held.set(`sku ${sku}`, `VAR-${sku}`);
  const many = skus.map((sku) => ({ sku, units: -1 }));
  await changes.apply(new KeptSteps().run(), { ...REQUEST, changes: many });
  expect(written().map((call) => call.body.changes.length)).toEqual([100, 100, 50]);
  expect(new Set(written().map((call) => call.body.idempotency_key)).size).toBe(3);
});

it('repeats the same bytes while their date is good', async () => {
  let down = true;
  const { changes, written, clock } = theChanges(() => {
    if (down) throw new Failure('vendor-unavailable', { afterMs: 1 }, 'no answer');
    return {};
  });
  const memory = new KeptSteps();
  await expect(changes.apply(memory.run(1), REQUEST)).rejects.toThrow('no answer');
  clock.ms += 10 * HOUR_MS;
  down = false;
  await changes.apply(memory.run(2), REQUEST);
  expect(written()).toHaveLength(2);
  expect(written()[0]!.body).toEqual(written()[1]!.body);
});

describe('after an outage of more than a day', () => {
  async function afterTheOutage(arrived: boolean) {
    let down = true;
    const first: { occurred_at?: string } = {};
    const world = theChanges((call) => {
      if (call.path === 'ledger') {
        const adjustment = { reference_id: 'tb:retail:o', occurred_at: first.occurred_at };
        return arrived ? [{ type: 'ADJUSTMENT', adjustment }] : [];
      }
      first.occurred_at ??= call.body.changes[0].adjustment.occurred_at;
      if (down) throw new Failure('vendor-unavailable', { afterMs: 1 }, 'no answer');
      return {};
    });
    const memory = new KeptSteps();
    await expect(world.changes.apply(memory.run(1), REQUEST)).rejects.toThrow('no answer');
    world.clock.ms += 30 * HOUR_MS;
    down = false;
    await world.changes.apply(memory.run(2), REQUEST);
    return world.written();
  }

  it('does nothing more when the ledger shows that the change arrived', async () => {
    expect(await afterTheOutage(true)).toHaveLength(1);
  });

  it('dates the change anew, under a new key, when it did not', async () => {
    const [before, after, ...more] = await afterTheOutage(false);
    expect(more).toEqual([]);
    expect(after!.body.idempotency_key).not.toBe(before!.body.idempotency_key);
    expect(after!.body.changes[0].adjustment.occurred_at).toBe('2026-03-05T15:59:59.000Z');
  });
});

it.each([
  ['SKU', { changes: [{ sku: 'CUP', units: -1 }] }],
  ['location', { locationId: 'airport' }],
])('writes nothing when the %s is unknown', async (_, about) => {
  const { changes, calls } = theChanges();
  const applied = changes.apply(new KeptSteps().run(), { ...REQUEST, ...about });
  await expect(applied).rejects.toMatchObject({ retry: 'never' });
  expect(calls).toEqual([]);
});
