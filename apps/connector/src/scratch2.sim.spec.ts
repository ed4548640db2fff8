import { SquareSim, createWorld } from '@tillbridge/simulators';
import { AdjustStock, PostOrder, ReverseOrder, shapeOf } from '@tillbridge/contracts';
import { eventually } from '@tillbridge/testing';
import { randomUUID } from 'node:crypto';
import { aConnection, ConnectorRig } from '../test/connector-rig.js';
import { createSquare } from './square/square.vendor.js';

it('many, wild', async () => {
  const world = createWorld({
    seed: 3,
    timeScale: 60,
    faults: (process.env.FAULTS ?? 'wild') as never,
  });
  const sim = new SquareSim({
    world,
    accessToken: 'token',
    signatureKey: 'key',
    locations: [
      { id: 'L1', name: 'One' },
      { id: 'L2', name: 'Two' },
    ],
    requestsPerSecond: 10,
    burst: 20,
  });
  await sim.start();
  const N = 300;
  for (let i = 0; i < N; i++)
    sim.addVariation({ sku: 'S' + i, name: 'A', priceMinor: 100, stock: { L1: 500, L2: 50 } });
  const rig = await ConnectorRig.open();
  const connection = aConnection({
    baseUrl: sim.url,
    requestsPerSecond: 10,
    ordersFrom: new Date(Date.now() - 1000).toISOString(),
  } as never);
  const asker = {
    ask: async (q: object) =>
      q.constructor.name === 'AskPosCustomer'
        ? { posCustomerId: null }
        : { recipientName: 'Harbour Cafe', note: 'ring the bell' },
  };
  const configuration = {
    locations: [
      { id: 'one', master: { connection: 'till', vendorLocationId: 'L1' } },
      { id: 'two', master: { connection: 'till', vendorLocationId: 'L2' } },
    ],
  };
  const make = () =>
    createSquare(connection, rig.tools(configuration as never, 'till', asker as never));
  let hosted = rig.host(make());
  const t0 = Date.now();
  await eventually(
    async () => expect((await rig.sent('stock-counted')).length).toBeGreaterThanOrEqual(2 * N),
    { withinMs: 60000, everyMs: 300 },
  );
  console.log('first', Date.now() - t0);
  const posts: PostOrder[] = []; const saleAt: [number,string][] = [];
  const act = (c: object, cls: never) =>
    rig.plan({
      id: randomUUID(),
      connection: 'till',
      act: shapeOf(cls).subject,
      lane: 'other',
      priority: 1,
      command: c,
    });
  for (let i = 0; i < 100; i++) {
    const post = Object.assign(new PostOrder(), {
      postingId: randomUUID(),
      connectionId: 'till',
      orderId: randomUUID(),
      locationId: 'one',
      orderName: '#' + i,
      placedAt: new Date().toISOString(),
      storefrontConnectionId: 'shop',
      currency: world.currency,
      tender: { name: 'On Account', kind: 'STORED_BALANCE' },
      lines: [
        { lineRef: 'l1', sku: 'S' + (i % N), title: 'A', units: 12, unitPriceMinor: 8 },
        { lineRef: 'l2', sku: 'S' + ((i * 7) % N), title: 'B', units: 2, unitPriceMinor: 250 },
      ],
      discountMinor: 0,
      totalMinor: 96 + 500,
    });
    posts.push(post);
    await act(post, PostOrder as never);
    saleAt.push([Date.now(), 'S' + ((i * 3) % N)]); sim.tillSale('L1', [{ sku: 'S' + ((i * 3) % N), units: 1, priceMinor: 100 }]);
    await new Promise((r) => setTimeout(r, 50));
    if (false) {
      await rig.stop();
      hosted = rig.host(make());
    }
  }
  await eventually(async () => expect((await rig.sent('order-posted')).length).toBe(100), {
    withinMs: 120000,
    everyMs: 300,
  });
  { const rows = await rig.database.query<any>("select payload, created_at from outbox where subject like '%stock-counted%'"); const lat: number[] = [];
    for (const [t, sku] of saleAt) { const hit = rows.filter((r) => { const d = JSON.parse(r.payload); return d.sku === sku && d.causes.some((c: any) => c.kind === 'sale' && Math.abs(Date.parse(c.at) - t) < 40); }).map((r) => r.created_at.getTime() - t); if (hit.length) lat.push(Math.min(...hit)); }
    lat.sort((a, b) => a - b); console.log('latency', lat.length, lat[0], lat[Math.floor(lat.length / 2)], lat[Math.floor(lat.length * .9)], lat.at(-1)); console.log(world.journal.reduce((m, j) => ((m[j.call] = (m[j.call] ?? 0) + 1), m), {} as any)); }
  console.log('posted', Date.now() - t0);
  for (const p of posts.slice(0, 20))
    await act(
      Object.assign(new ReverseOrder(), {
        reversalId: randomUUID(),
        connectionId: 'till',
        orderId: p.orderId,
        postingId: p.postingId,
        locationId: 'one',
        whole: true,
        amountMinor: p.totalMinor,
        currency: world.currency,
        changes: p.lines.map((l) => ({ sku: l.sku, units: l.units })),
      }),
      ReverseOrder as never,
    );
  for (let i = 0; i < 20; i++)
    await act(
      Object.assign(new AdjustStock(), {
        adjustmentId: randomUUID(),
        connectionId: 'till',
        orderId: randomUUID(),
        locationId: 'two',
        changes: [{ sku: 'S' + i, units: -2 }],
      }),
      AdjustStock as never,
    );
  await eventually(async () => expect((await rig.sent('stock-adjusted')).length).toBe(40), {
    withinMs: 120000,
    everyMs: 300,
  });
  console.log('adjusted', Date.now() - t0);
  for (const p of posts.slice(50)) {
    const o = sim.orders().find((x) => x.referenceId === p.postingId)!;
    sim.dispatch(o.id, { carrier: 'UPS', trackingNumber: '1Z' });
  }
  world.dice.quiet = true;
  const c = hosted.find('till')!.observer.completedRounds;
  await eventually(
    () => expect(hosted.find('till')!.observer.completedRounds).toBeGreaterThan(c + 1),
    { withinMs: 60000 },
  );
  await eventually(async () => expect(await rig.intents.open(['till'])).toBe(0));
  // figures
  const counted = await rig.sent('stock-counted');
  const last = new Map<string, any>();
  const causes = new Map<string, any>();
  for (const { data } of counted) {
    const k = data.locationId + data.sku;
    if (!last.has(k) || last.get(k).countedAt <= data.countedAt) last.set(k, data);
    for (const c of data.causes) {
      if (causes.has(c.causeId)) throw new Error('cause twice');
      causes.set(c.causeId, { ...c, k });
    }
  }
  let bad = 0;
  for (let i = 0; i < N; i++)
    for (const [l, o] of [
      ['L1', 'one'],
      ['L2', 'two'],
    ]) {
      const k = o + 'S' + i;
      const fig = last.get(k).onHandUnits;
      const sum = [...causes.values()].filter((c) => c.k === k).reduce((s, c) => s + c.units, 0);
      if (fig !== sim.count(l!, 'S' + i) || sum !== fig) bad++;
    }
  const kinds: Record<string, number> = {};
  for (const c of causes.values()) kinds[c.kind] = (kinds[c.kind] ?? 0) + 1;
  const orders = sim.orders().filter((o) => o.createdByApi);
  const states: Record<string, number> = {};
  const lastF = new Map();
  for (const { data } of await rig.sent('fulfilment-observed'))
    lastF.set(data.postingId, data.state);
  for (const s of lastF.values()) states[s] = (states[s] ?? 0) + 1;
  console.log({
    bad,
    kinds,
    orders: orders.length,
    paid: orders.filter((o) => o.paid).length,
    refunded: orders.filter((o) => o.refundedMinor > 0).length,
    states,
    calls: world.journal.length,
    refused: world.journal
      .filter((j) => !j.accepted)
      .reduce((m, j) => ((m[j.call] = (m[j.call] ?? 0) + 1), m), {} as any),
    exceptions: (await rig.sent('exception')).map(
      (e) => e.type + e.data.code + ' ' + e.data.subject + ' ' + e.data.cause,
    ),
    ms: Date.now() - t0,
  });
  expect(bad).toBe(0);
  expect(orders.length).toBe(100);
  await rig.close();
  await sim.stop();
}, 300000);
