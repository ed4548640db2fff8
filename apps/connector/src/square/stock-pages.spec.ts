import { aSquareAccount, aSquareClient } from '../../test/square-account.js';
import { CatalogueFeed } from './catalogue.feed.js';
import { StockPages } from './stock-pages.js';

function aCount(variationId: string, quantity: number, second: number, location = 'L1') {
  return {
    catalog_object_id: variationId,
    location_id: location,
    state: 'IN_STOCK',
    quantity: String(quantity),
    calculated_at: `2026-03-04T10:00:0${second}Z`,
  };
}

/** Counts in pages of one. */
function pagesOf(counts: ReturnType<typeof aCount>[]) {
  const { refs, locations, memory } = aSquareAccount();
  const { client, calls } = aSquareClient(({ body }) => {
    const { updated_after: moved = '', catalog_object_ids: ids, cursor = '0' } = body;
    const asked = counts.filter(
      (each) =>
        each.calculated_at > moved && (ids === undefined || ids.includes(each.catalog_object_id)),
    );
    const next = Number(cursor) + 1;
    return {
      counts: asked.slice(Number(cursor), next),
      ...(next < asked.length ? { cursor: String(next) } : {}),
    };
  });
  const catalogue = new CatalogueFeed(client, refs, locations, 1_000);
  return { pages: new StockPages({ client, refs, locations, catalogue }), calls, memory };
}

it('gives every figure by our names of place and goods, a page of the vendor at a time', async () => {
  const { pages } = pagesOf([aCount('VAR-MUG', 40, 1), aCount('VAR-JUG', -2, 2, 'L2')]);
  const first = await pages.read({});
  expect(first).toMatchObject({
    figures: [
      {
        locationId: 'high-street',
        sku: 'MUG',
        onHandUnits: 40,
        countedAt: '2026-03-04T10:00:01.000000Z',
      },
    ],
  });
  const second = await pages.read({ after: first.next ?? '' });
  expect(second.figures).toMatchObject([{ locationId: 'harbour', sku: 'JUG', onHandUnits: -2 }]);
  expect(second.next).toBeUndefined();
});

it('asks only for what moved, and remembers nothing of it that the stock feed would believe', async () => {
  const { pages, calls, memory } = pagesOf([aCount('VAR-MUG', 40, 1), aCount('VAR-JUG', 3, 5)]);
  const before = [...memory.held.keys()];
  const { figures } = await pages.read({ since: '2026-03-04T10:00:03Z' });
  expect(figures).toMatchObject([{ sku: 'JUG' }]);
  expect(calls[0]?.body).toMatchObject({ location_ids: ['L1', 'L2'] });
  expect([...memory.held.keys()]).toEqual(before);
});

it('answers SKUs whole, at all places, and does not mention what is not in the catalogue', async () => {
  const { pages } = pagesOf([
    aCount('VAR-MUG', 40, 1),
    aCount('VAR-MUG', 9, 1, 'L2'),
    aCount('VAR-JUG', 3, 5),
  ]);
  const page = await pages.read({ skus: ['MUG', 'NONE'] });
  expect(page.figures.map(({ locationId, onHandUnits }) => [locationId, onHandUnits])).toEqual([
    ['high-street', 40],
    ['harbour', 9],
  ]);
  expect(await pages.read({ skus: ['NONE'] })).toEqual({ figures: [] });
});
