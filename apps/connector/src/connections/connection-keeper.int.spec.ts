import { Failure } from '@tillbridge/contracts';
import { eventually } from '@tillbridge/testing';
import { aReading, aVendor } from '../../test/a-vendor.js';
import { ConnectorRig } from '../../test/connector-rig.js';

let rig: ConnectorRig;

beforeEach(async () => {
  rig = await ConnectorRig.open();
});
afterEach(async () => {
  await rig.close();
});

it('tells people at once of refused credentials, tries again, and takes it back', async () => {
  const answers = ['refuse', 'refuse', 'accept'];
  const vendor = aVendor({
    connect: async () => {
      if (answers.shift() !== 'refuse') return;
      throw new Failure('vendor-unauthorised', { afterMs: 1 }, 'the token is not known');
    },
  });
  rig.host(vendor);
  await eventually(async () => expect(await rig.sent('exception-cleared')).toHaveLength(1));
  expect(await rig.sent('exception-raised')).toMatchObject([
    { data: { code: 'connection-failing', subject: 'till/connect', system: 'till' } },
  ]);
  expect(answers).toEqual([]);
});

it('does not keep anything else from going on', async () => {
  const vendor = aVendor({
    connect: () => Promise.reject(new Failure('vendor-unavailable', { afterMs: 1 }, 'away')),
    fetch: async (keys) => keys.map(({ id }) => aReading(id, 'A')),
  });
  const { observer } = rig.host(vendor).find('till')!;
  await rig.database.inTransaction((tx) =>
    rig.queue.want(tx, 'till', [{ kind: 'thing', id: 'cart' }]),
  );
  observer.wake();
  await eventually(async () => expect(await rig.sent('purchase-observed')).toHaveLength(1));
});
