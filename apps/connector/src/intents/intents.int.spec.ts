import { Failure, SetStock, shapeOf } from '@tillbridge/contracts';
import { eventually } from '@tillbridge/testing';
import { randomUUID } from 'node:crypto';
import { aReading, aSetStock, aStockSet, aVendor } from '../../test/a-vendor.js';
import { ConnectorRig } from '../../test/connector-rig.js';
import type { Act, ActResult, ActRun } from '../vendor.js';

let rig: ConnectorRig;

beforeEach(async () => {
  rig = await ConnectorRig.open();
});
afterEach(async () => {
  await rig.close();
});

function anAct(perform: (command: SetStock, run: ActRun) => Promise<ActResult>): Act<SetStock> {
  return {
    command: SetStock,
    perform,
    refused: (command) => [aStockSet(`${command.batchId}-refused`)],
    notSent: (command) => [aStockSet(`${command.batchId}-not-sent`)],
  };
}

function done(command: SetStock): ActResult {
  return { messages: () => [aStockSet(command.batchId)] };
}

function anIntent(batchId: string, lane: 'stock' | 'other' = 'other', priority = 1) {
  const act = shapeOf(SetStock).subject;
  const command = aSetStock(batchId);
  return { id: randomUUID(), connection: 'till', act, lane, priority, command } as const;
}

async function results(): Promise<string[]> {
  return (await rig.sent('stock-set')).map(({ data }) => data.batchId);
}

it('is planned once, however often its command is delivered', async () => {
  let performed = 0;
  rig.host(
    aVendor({
      acts: [
        anAct(async (command) => {
          performed += 1;
          return done(command);
        }),
      ],
    }),
  );
  const intent = anIntent('A');
  await rig.plan(intent);
  await rig.plan(intent);
  await eventually(async () => expect(await results()).toEqual(['A']));
  await rig.plan(intent);
  await eventually(async () => expect(await rig.intents.load(['till'])).toEqual([]));
  expect(performed).toBe(1);
});

it('sends the same bytes again after a crash between the call and its result', async () => {
  const sent: string[] = [];
  let crashed = false;
  const act = anAct(async (command, run) => {
    // The keys are not in the order in which the database gives them back.
    const body = await run.fixed('body', () => ({ zulu: 1, alpha: Math.random(), mike: [2, 1] }));
    await run.step('call', async () => {
      sent.push(JSON.stringify(body));
      // The process dies here: the call went out, nothing of it was noted.
      if (!crashed) await new Promise<never>(() => (crashed = true));
      return 'ok';
    });
    return done(command);
  });
  rig.host(aVendor({ acts: [act] }));
  await rig.plan(anIntent('A'));
  await eventually(() => expect(crashed).toBe(true));
  await rig.kill();
  rig.host(aVendor({ acts: [act] }));
  await eventually(async () => expect(await results()).toEqual(['A']));
  expect(sent).toHaveLength(2);
  expect(sent[0]).toBe(sent[1]);
});

it('does not repeat a step that was noted before the crash', async () => {
  const calls: string[] = [];
  let tries = 0;
  const act = anAct(async (command, run) => {
    tries += 1;
    const id = await run.step('create', async () => {
      calls.push('create');
      return { id: 'ORD' };
    });
    if (tries === 1) throw new Failure('vendor-unavailable', { afterMs: 1 }, 'no answer');
    await run.step('pay', async () => calls.push(`pay ${id.id}`));
    return done(command);
  });
  rig.host(aVendor({ acts: [act] }));
  await rig.plan(anIntent('A'));
  await eventually(async () => expect(await results()).toEqual(['A']));
  expect(calls).toEqual(['create', 'pay ORD']);
});

it('writes result, observation and its own end in one commit', async () => {
  const act = anAct(async (command) => ({
    observations: [aReading('cart', 'A', { told: true }), aReading('other', 'A')],
    refs: [{ kind: 'k', key: 'x', value: { y: 1 } }],
    messages: (revisions) => [
      aStockSet(`${command.batchId} at revision ${revisions.get('thing|cart')}`),
    ],
  }));
  rig.host(aVendor({ acts: [act] }));
  await rig.plan(anIntent('A'));
  await eventually(async () => expect(await results()).toEqual(['A at revision 1']));
  expect((await rig.sent('purchase-observed')).map(({ data }) => data.cartId)).toEqual(['other']);
  const refs = rig.tools({}, 'till').refs;
  expect(await refs.get('k', ['x'])).toEqual(new Map([['x', { y: 1 }]]));
  const [row] = await rig.database.query('select state, steps from intent');
  expect(row).toEqual({ state: 'done', steps: {} });
});

it('is refused for good, with a result, when the vendor will never take it', async () => {
  const refuse = anAct(async () => {
    throw new Failure('vendor-refused', 'never', 'no');
  });
  rig.host(aVendor({ acts: [refuse] }));
  await rig.plan(anIntent('A'));
  await eventually(async () => expect(await results()).toEqual(['A-refused']));
  expect(await rig.intents.load(['till'])).toEqual([]);
});

it('sends nothing where the connection only observes', async () => {
  let performed = 0;
  const act = anAct(async (command) => {
    performed += 1;
    return done(command);
  });
  rig.host(aVendor({ acts: [act], mode: 'observe' }));
  await rig.plan(anIntent('A'));
  await eventually(async () => expect(await results()).toEqual(['A-not-sent']));
  expect(performed).toBe(0);
});

it('sets several batches of stock at once: one that has to wait holds up none', async () => {
  let running = 0;
  let most = 0;
  const act = anAct(async (command, run) => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, 50));
    running -= 1;
    if (command.batchId === 'A' && run.attempt === 1) {
      throw new Failure('vendor-throttled', { afterMs: 200 }, 'slower');
    }
    return done(command);
  });
  await rig.plan(...['A', 'B', 'C', 'D'].map((batch) => anIntent(batch, 'stock', 0)));
  rig.host(aVendor({ acts: [act] }));
  await eventually(async () => expect(await results()).toHaveLength(4));
  expect((await results()).at(-1)).toBe('A');
  expect(most).toBeGreaterThan(1);
});

it('does other acts side by side, the urgent first, and none holds up the rest', async () => {
  const begun: string[] = [];
  const act = anAct(async (command, run) => {
    begun.push(command.batchId);
    await new Promise((resolve) => setTimeout(resolve, 30));
    if (command.batchId === 'stuck' && run.attempt < 4) throw new Error('a bug');
    return done(command);
  });
  await rig.plan(
    anIntent('late', 'other', 2),
    anIntent('stuck', 'other', 1),
    anIntent('soon', 'other', 1),
    anIntent('sooner', 'other', 1),
  );
  rig.host(aVendor({ acts: [act] }));
  await eventually(async () =>
    expect((await results()).sort()).toEqual(['late', 'soon', 'sooner', 'stuck']),
  );
  expect(begun.slice(0, 2).sort()).toEqual(['soon', 'stuck']);
});

it('waits at least as long as the vendor asks', async () => {
  const atMs: number[] = [];
  const act = anAct(async (command, run) => {
    atMs.push(Date.now());
    if (run.attempt === 1) throw new Failure('vendor-throttled', { afterMs: 600 }, 'slower');
    return done(command);
  });
  rig.host(aVendor({ acts: [act] }));
  await rig.plan(anIntent('A'));
  await eventually(async () => expect(await results()).toEqual(['A']));
  expect(atMs[1]! - atMs[0]!).toBeGreaterThanOrEqual(600);
});

it('is done once while a second process is there, which goes on when the first has left', async () => {
  const performed: string[] = [];
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const actOf = (process: string) =>
    anAct(async (command) => {
      performed.push(`${command.batchId} by the ${process}`);
      if (command.batchId === 'A') await released;
      return done(command);
    });
  rig.host(aVendor({ acts: [actOf('first')] }));
  await rig.plan(anIntent('A'));
  await eventually(() => expect(performed).toEqual(['A by the first']));
  // What the first has begun looks to the second like what a dead process has left.
  const second = rig.hostBeside(aVendor({ acts: [actOf('second')] }));
  try {
    await eventually(async () => expect(await rig.askers()).toBe(2));
    const left = rig.stop();
    release();
    await left;
    await rig.plan(anIntent('B'));
    await eventually(async () => expect(await results()).toEqual(['A', 'B']));
    expect(performed).toEqual(['A by the first', 'B by the second']);
  } finally {
    await second.beforeApplicationShutdown();
  }
});
