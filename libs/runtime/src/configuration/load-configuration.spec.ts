import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { Agreed, agreementOf } from './agreed.js';
import { ConfigurationErrors } from './configuration-errors.js';
import { ShopifyConnection, SquareConnection } from './configuration.js';
import { loadConfiguration } from './load-configuration.js';

const EXAMPLE = new URL('../../../../tillbridge.example.yaml', import.meta.url);
const SECRETS = {
  SPARKLAYER_SITE_ID: 'site',
  SPARKLAYER_CLIENT_ID: 'client',
  SPARKLAYER_CLIENT_SECRET: 'hush-1',
  SHOPIFY_ACCESS_TOKEN: 'hush-2',
  SHOPIFY_CLIENT_SECRET: 'hush-3',
  SQUARE_ACCESS_TOKEN: 'hush-4',
  SQUARE_SIGNATURE_KEY: 'hush-5',
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tillbridge-configuration-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function loadText(text: string, env: Record<string, string> = SECRETS) {
  const path = join(folder, 'tillbridge.yaml');
  await writeFile(path, text);
  return loadConfiguration(path, env);
}

/** The example after `change`, and what is found wrong in it. */
async function mistakesAfter(change: (plain: any) => void, env: Record<string, string> = SECRETS) {
  const plain = parse(await readFile(EXAMPLE, 'utf8'));
  change(plain);
  const error = await loadText(stringify(plain), env).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error === undefined) return [];
  if (!(error instanceof ConfigurationErrors)) throw error;
  return error.mistakes;
}

const pathsAfter = async (change: (plain: any) => void) =>
  (await mistakesAfter(change)).map(({ path }) => path);

describe('the example file', () => {
  it('loads, with secrets from the environment', async () => {
    const configuration = await loadConfiguration(EXAMPLE.pathname, SECRETS);
    const [, shop, tills] = configuration.connections;
    expect(shop).toBeInstanceOf(ShopifyConnection);
    expect(shop).toMatchObject({ accessToken: 'hush-2', webhookSecrets: ['hush-3'] });
    expect(tills).toBeInstanceOf(SquareConnection);
    expect(configuration.locations.map(({ id }) => id)).toEqual(['high-street', 'harbour']);
    expect(configuration.products.packs).toMatchObject([{ of: 'MUG-RED', units: 12 }]);
  });

  it('holds defaults for what is left out', async () => {
    const plain = parse(await readFile(EXAMPLE, 'utf8'));
    delete plain.connections[1].mode;
    delete plain.connections[1].pollSeconds;
    delete plain.locations[0].bufferUnits;
    plain.products = null;
    delete plain.agreed;
    const configuration = await loadText(stringify(plain));
    expect(configuration.connections[1]).toMatchObject({ mode: 'observe', pollSeconds: 60 });
    expect(configuration.locations[0]?.bufferUnits).toBe(0);
    expect(configuration.products.kits).toEqual([]);
    expect(configuration.agreed.draftOpenMinutes).toBe(2880);
  });
});

describe('what is agreed', () => {
  it('is that of the channel where it has its own, else that of all', async () => {
    const { agreed, connections } = await loadConfiguration(EXAMPLE.pathname, SECRETS);
    const shop = connections.find((each) => each instanceof ShopifyConnection)!;
    expect(agreementOf(agreed, shop.agreed)).toMatchObject({
      draftOpenMinutes: shop.agreed?.draftOpenMinutes,
      undispatchedMinutes: agreed.undispatchedMinutes,
    });
    expect(shop.agreed?.draftOpenMinutes).not.toBe(agreed.draftOpenMinutes);
    // Half an hour before two holidays and a weekend, half an hour after.
    const { calendar } = agreementOf(agreed);
    const from = Date.parse('2026-12-24T17:00:00Z');
    expect(calendar?.afterMs(from, 60 * 60_000)).toBe(Date.parse('2026-12-29T08:30:00Z'));
    expect(agreementOf(new Agreed(), { closeMinutes: 1 })).not.toHaveProperty('calendar');
  });

  it('names hours that cannot be', async () => {
    const mistakes = await mistakesAfter((plain) => {
      plain.agreed.businessHours.timezone = 'London';
      plain.agreed.businessHours.days.mon = ['9', '17:30'];
      plain.agreed.businessHours.days.monday = ['09:00', '17:30'];
      plain.agreed.businessHours.holidays = ['25/12/2026'];
      plain.connections[1].agreed.postMinutes = 0;
    });
    expect(mistakes.map(({ path }) => path).sort()).toEqual([
      'agreed.businessHours.days.mon',
      'agreed.businessHours.days.monday',
      'agreed.businessHours.holidays',
      'agreed.businessHours.timezone',
      'connections[1].agreed.postMinutes',
    ]);
    const backwards = await mistakesAfter((plain) => {
      plain.agreed.businessHours.days = { tue: ['17:00', '09:00'] };
      plain.connections[1].agreed.businessHours = { timezone: 'UTC', days: {} };
    });
    expect(backwards.map(({ path, message }) => `${path} ${message}`).sort()).toEqual([
      'agreed.businessHours.days.tue closes after it opens',
      'connections[1].agreed.businessHours.days has at least one day',
    ]);
  });
});

describe('mistakes', () => {
  it('are all named at once, each with its path', async () => {
    const paths = await pathsAfter((plain) => {
      plain.currency = 'pounds';
      plain.connections[1].mode = 'maybe';
      plain.connections[1].shopDomein = 'x';
      plain.locations[1].bufferUnits = -1;
      plain.locations[1].feeds[0].colour = 'red';
      plain.tenders[0].name = '';
      plain.products.kits[0].components[1].quantity = 0;
    });
    expect(paths.sort()).toEqual([
      'connections[1].mode',
      'connections[1].shopDomein',
      'currency',
      'locations[1].bufferUnits',
      'locations[1].feeds[0].colour',
      'products.kits[0].components[1].quantity',
      'tenders[0].name',
    ]);
  });

  it('name the missing variable and never show what others hold', async () => {
    const { SQUARE_ACCESS_TOKEN: _, ...env } = SECRETS;
    const mistakes = await mistakesAfter((plain) => {
      plain.connections[1].accessToken = 'env:NOT SO';
      plain.connections[1].webhookSecrets = [];
    }, env);
    expect(mistakes).toEqual([
      { path: 'connections[1].accessToken', message: expect.stringContaining('env:SQUARE_TOKEN') },
      {
        path: 'connections[2].accessToken',
        message: 'needs the environment variable SQUARE_ACCESS_TOKEN, which is not set',
      },
      { path: 'connections[1].webhookSecrets', message: expect.any(String) },
    ]);
    expect(JSON.stringify(mistakes)).not.toContain('hush');
  });

  it('name an unknown vendor at the connection', async () => {
    expect(
      await pathsAfter((plain) => {
        plain.connections[2].vendor = 'abacus';
      }),
    ).toContain('connections[2].vendor');
  });

  it('are found between the parts of the file', async () => {
    const mistakes = await mistakesAfter((plain) => {
      plain.connections[0].storefront = 'tills';
      plain.locations[0].master.connection = 'trade';
      plain.locations[0].feeds[0].connection = 'nowhere';
      plain.locations[1].feeds.push({ connection: 'shop', vendorLocationId: 'gid://x' });
      plain.products.packs.push({ sku: 'TEA-SET', of: 'CUP-WHITE', units: 6 });
      plain.products.kits.push({ sku: 'GIFT', components: [{ sku: 'TEA-SET', quantity: 1 }] });
      plain.connections[1].poNumberPattern = 'PO([';
    });
    expect(mistakes.map(({ path }) => path)).toEqual([
      'connections[0].storefront',
      'connections[1].poNumberPattern',
      'locations[0].master.connection',
      'locations[0].feeds[0].connection',
      'locations[1].feeds[1].connection',
      'products.kits[0].sku',
      'products.kits[1].components[0].sku',
    ]);
    expect(mistakes[0]?.message).toBe("is the id of a shopify connection (shop), not 'tills'");
  });

  it('include ids that are there twice, and one shelf as two locations', async () => {
    expect(
      await pathsAfter((plain) => {
        plain.locations[1].id = 'high-street';
      }),
    ).toEqual(['locations']);
    expect(
      await pathsAfter((plain) => {
        plain.locations[1].master.vendorLocationId = 'L1HIGHSTREET';
      }),
    ).toEqual(['locations[1].master.vendorLocationId']);
  });

  it('name a place that its platform counts itself and that others feed, or that feeds others', async () => {
    const mistakes = await mistakesAfter((plain) => {
      const [first, second] = plain.locations;
      first.master = { connection: 'shop', vendorLocationId: second.feeds[0].vendorLocationId };
    });
    expect(mistakes).toEqual([
      { path: 'locations[0].feeds', message: expect.stringContaining('is empty') },
      {
        path: 'locations[1].feeds[0].vendorLocationId',
        message: "is the master of locations[0]: 'shop' counts that place itself",
      },
    ]);
  });

  it('name a posting at the master itself, at no POS, or at a place that is somebody’s already', async () => {
    const mistakesOf = (posting: object, change: (plain: any) => void = () => undefined) =>
      mistakesAfter((plain) => {
        plain.connections.push({ ...plain.connections[2], id: 'desk' });
        plain.locations[0].posting = posting;
        change(plain);
      });
    const at = (connection: string, vendorLocationId = 'L9') => ({ connection, vendorLocationId });
    expect(await mistakesOf(at('desk'))).toEqual([]);
    expect(await mistakesOf(at('tills'))).toEqual([
      {
        path: 'locations[0].posting.connection',
        message: "is the master itself ('tills'): leave it out",
      },
    ]);
    const [noPos, ...more] = await mistakesOf(at('shop'));
    expect([noPos?.path, more]).toEqual(['locations[0].posting.connection', []]);
    const twice = await mistakesOf(at('desk'), (plain) => {
      plain.locations[1].posting = at('desk');
    });
    expect(twice).toEqual([
      {
        path: 'locations[1].posting.vendorLocationId',
        message: 'is the posting of locations[0] already: one shelf is one location',
      },
    ]);
    const own = { connection: 'shop', vendorLocationId: 'gid://shopify/Location/9' };
    const [ofPlatform] = await mistakesOf(at('desk'), (plain) => {
      Object.assign(plain.locations[0], { master: own, feeds: [] });
    });
    expect(ofPlatform).toMatchObject({ path: 'locations[0].posting' });
  });

  it('are none where a platform is the master of a place of its own', async () => {
    const own = { connection: 'shop', vendorLocationId: 'gid://shopify/Location/9' };
    expect(
      await mistakesAfter((plain) => {
        plain.locations.push({ id: 'pop-up', name: 'Pop-up', master: own, feeds: [] });
      }),
    ).toEqual([]);
  });

  it('include a component that is a pack, and one that is listed twice', async () => {
    expect(
      await pathsAfter((plain) => {
        plain.products.kits[0].components[0].sku = 'MUG-RED-CASE12';
        plain.products.kits[0].components.push({ sku: 'CUP-WHITE', quantity: 1 });
      }),
    ).toEqual(['products.kits[0].components[0].sku', 'products.kits[0].components[2].sku']);
  });

  it('include a buffer that is no whole number of units', async () => {
    expect(
      await pathsAfter((plain) => {
        plain.products.bufferUnits = { 'TEAPOT-WHITE': -1, 'CUP-WHITE': 'many' };
      }),
    ).toEqual(['products.bufferUnits.TEAPOT-WHITE', 'products.bufferUnits.CUP-WHITE']);
  });

  it('include a feed into the stock that SparkLayer fills itself', async () => {
    const mistakes = await mistakesAfter((plain) => {
      plain.locations[0].feeds.push({ connection: 'trade', vendorLocationId: 'default' });
      plain.locations[1].feeds.push({ connection: 'trade', vendorLocationId: 'hub-harbour' });
    });
    expect(mistakes.map(({ path }) => path)).toEqual(['locations[0].feeds[1].vendorLocationId']);
  });

  it('ask for a pattern when a PO number is looked for in notes', async () => {
    expect(
      await pathsAfter((plain) => {
        delete plain.connections[1].poNumberPattern;
      }),
    ).toEqual(['connections[1].poNumberPattern']);
  });

  it.each([
    ['', '(file)'],
    ['- a\n- b', '(file)'],
    ['currency: GBP\n  bad: [', 'line 2'],
    ['currency: GBP\ncurrency: EUR', 'line 2'],
  ])('are clear when the file is no such map: %j', async (text, path) => {
    await expect(loadText(text)).rejects.toMatchObject({
      mistakes: expect.arrayContaining([expect.objectContaining({ path })]),
    });
  });

  it('are clear when there is no file', async () => {
    await expect(loadConfiguration(join(folder, 'none.yaml'), {})).rejects.toThrow(
      'cannot be read',
    );
  });

  it('read well', async () => {
    const mistakes = await mistakesAfter((plain) => {
      delete plain.connections[1].shopDomain;
      plain.connections[1].completeDrafts = 'nobody';
      plain.connections[2].baseUrl = 'square';
      plain.locations = 'two';
    });
    expect(mistakes.map(({ path, message }) => `${path} ${message}`)).toMatchInlineSnapshot(`
     [
       "connections[1].shopDomain is missing: it must be a string",
       "connections[1].completeDrafts must be one of the following values: staff, sparklayer, hub",
       "connections[2].baseUrl must be a URL address",
       "locations lists each id or payment method once, must contain at least 1 elements, must be an array, is a map or a list of maps, with the keys of the example file",
     ]
    `);
  });

  it('do not come with the parts that are missing whole', async () => {
    expect(
      await pathsAfter((plain) => {
        delete plain.connections;
        delete plain.locations[0].master;
      }),
    ).toEqual(['connections', 'locations[0].master']);
  });
});

describe('names of SKUs', () => {
  const renamed = (...names: [from: string, to: string][]) =>
    pathsAfter((plain) => {
      plain.products.renamed = names.map(([from, to]) => ({ from, to }));
    });

  it('lead to a base SKU in one step', async () => {
    expect(await renamed(['MUG', 'MUG-RED'], ['BEAKER', 'MUG-RED'])).toEqual([]);
    expect(await renamed(['MUG', 'CUP'], ['MUG', 'POT'])).toEqual(['products.renamed[1].from']);
    expect(await renamed(['MUG', 'CUP'], ['CUP', 'POT'])).toEqual(['products.renamed[0].to']);
    expect(await renamed(['MUG', 'TEA-SET'])).toEqual(['products.renamed[0].to']);
  });

  it('are the new ones everywhere else in the file', async () => {
    expect(await renamed(['MUG-RED', 'MUG'], ['TEA-SET', 'TEA'])).toEqual([
      'products.kits[0].sku',
      'products.packs[0].of',
    ]);
  });
});
