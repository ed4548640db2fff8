import { aSquareAccount } from '../../test/square-account.js';
import type { PollPage } from '../vendor.js';
import { CatalogueFeed } from './catalogue.feed.js';
import type { CatalogueObject } from './square-model.js';
import type { SquareClient } from './square.client.js';

function aVariation(id: string, sku?: string, more = {}): CatalogueObject {
  return { type: 'ITEM_VARIATION', id, item_variation_data: { sku, ...more } };
}

async function polled(objects: CatalogueObject[], mark: string | null = 'before') {
  const { memory, refs, locations } = aSquareAccount();
  const client = {
    catalogue: async function* () {
      yield objects;
    },
  } as unknown as SquareClient;
  const feed = new CatalogueFeed(client, refs, locations, 1_000);
  const pages: PollPage[] = [];
  for await (const page of feed.poll(mark)) pages.push(page);
  for (const page of pages) await memory.put(page.refs ?? []);
  return { pages, held: memory.held };
}

it('knows the variation of each SKU, inside its item or beside it', async () => {
  const item = { type: 'ITEM', id: 'I', item_data: { variations: [aVariation('V1', 'CUP')] } };
  const { held } = await polled([item, aVariation('V2', 'cup')]);
  expect(held.get('sku CUP')).toBe('V1');
  expect(held.get('sku cup')).toBe('V2');
  expect(held.get('variation V1')).toBe('CUP');
});

it('has the figures read of what is new or has another SKU, and of nothing else', async () => {
  const known = aVariation('VAR-MUG', 'MUG');
  const { pages } = await polled([known, aVariation('VAR-JUG', 'JUG-2'), aVariation('V9')]);
  expect(pages[0]!.wants).toEqual([
    { kind: 'count', id: 'L1|VAR-JUG' },
    { kind: 'count', id: 'L2|VAR-JUG' },
  ]);
});

it('leaves that to the first look at stock when nothing was known before', async () => {
  const { pages } = await polled([aVariation('V1', 'CUP')], null);
  expect(pages[0]!.wants).toEqual([]);
});

it('leaves out a pack that Square converts itself, and says why', async () => {
  const conversion = { stockable_conversion: { stockable_item_variation_id: 'VAR-MUG' } };
  const { pages, held } = await polled([aVariation('V12', 'MUG-12', conversion)]);
  expect(held.has('sku MUG-12')).toBe(false);
  expect(pages[0]!.raises).toMatchObject([{ code: 'sku-unknown', subject: 'MUG-12' }]);
});
