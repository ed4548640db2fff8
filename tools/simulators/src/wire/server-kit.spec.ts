import { request } from 'undici';

import { FaultDice } from './fault-dice.js';
import { ServerKit } from './server-kit.js';
import { createWorld } from './simulated-world.js';
import type { SimulatedWorld } from './simulated-world.js';

const NOTHING = {
  duplicate: 0,
  late: 0,
  reorder: 0,
  lost: 0,
  throttle: 0,
  error500: 0,
  timeoutAfterWrite: 0,
  slow: 0,
};

describe('the server kit', () => {
  const kits: ServerKit[] = [];
  afterEach(async () => {
    await Promise.all(kits.splice(0).map((kit) => kit.stop()));
  });

  async function aServer(rates: Partial<typeof NOTHING>): Promise<{
    url: string;
    world: SimulatedWorld;
    written: string[];
  }> {
    const calm = createWorld({ seed: 1 });
    const world = { ...calm, dice: new FaultDice(1, { ...NOTHING, ...rates }) };
    const kit = new ServerKit({
      world,
      vendor: 'square',
      throttled: () => ({ status: 429, body: { error: 'too many' } }),
      broken: () => ({ status: 500, body: { error: 'broken' } }),
    });
    const written: string[] = [];
    kit.route('POST', '/things/:id', (call) => {
      written.push(call.rawBody.toString('utf8'));
      return { status: 200, body: { id: call.params.id, bytes: call.rawBody.length } };
    });
    await kit.start();
    kits.push(kit);
    return { url: kit.url, world, written };
  }

  function post(url: string): ReturnType<typeof request> {
    const headers = { 'content-type': 'application/json' };
    return request(`${url}/things/7`, { method: 'POST', headers, body: '{ "a":  1 }' });
  }

  it('hands the body over byte for byte', async () => {
    const { url, written } = await aServer({});
    const answer = await post(url);
    expect(await answer.body.json()).toEqual({ id: '7', bytes: 11 });
    expect(written).toEqual(['{ "a":  1 }']);
  });

  it.each([
    ['throttle', 429],
    ['error500', 500],
  ] as const)('does nothing when it answers with %s', async (kind, status) => {
    const { url, world, written } = await aServer({ [kind]: 1 });
    const answer = await post(url);
    await answer.body.dump();
    expect(answer.statusCode).toBe(status);
    expect(written).toEqual([]);
    expect(world.journal).toMatchObject([{ call: `fault:${kind}`, accepted: false }]);
  });

  it('does nothing for anybody while its vendor is away, and all as before afterwards', async () => {
    const { url, world, written } = await aServer({});
    world.outages.set('square', 'unavailable');
    const refused = await post(url);
    await refused.body.dump();
    expect(refused.statusCode).toBe(503);
    world.outages.set('square', 'refuses');
    await expect(post(url)).rejects.toThrow();
    expect(written).toEqual([]);
    world.outages.delete('square');
    await (await post(url)).body.dump();
    expect(written).toHaveLength(1);
  });

  it('has written when the answer never arrives', async () => {
    const { url, written } = await aServer({ timeoutAfterWrite: 1 });
    await expect(post(url)).rejects.toThrow();
    expect(written).toHaveLength(1);
  });

  it('is disturbed no more once the dice are quiet', async () => {
    const { url, world } = await aServer({ error500: 1 });
    world.dice.quiet = true;
    const answer = await post(url);
    await answer.body.dump();
    expect(answer.statusCode).toBe(200);
  });
});
