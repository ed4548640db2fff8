import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { configurationChanges } from './configuration-changes.js';
import { ConfigurationInForce, derivedFrom } from './configuration-in-force.js';
import { changedCredentials, digestOf, publicConfiguration } from './public-configuration.js';

const EXAMPLE = new URL('../../../../tillbridge.example.yaml', import.meta.url);
const text = await readFile(EXAMPLE, 'utf8');
const example = () => parse(text);

/** What is told of the example after `change`. */
function changesAfter(change: (plain: any) => void) {
  const plain = example();
  change(plain);
  return configurationChanges(publicConfiguration(example()), publicConfiguration(plain)).map(
    ({ kind, subject, text: told, restart }) => [
      kind,
      subject,
      told,
      ...(restart ? ['restart'] : []),
    ],
  );
}

describe('what is different in another file', () => {
  it('is nothing when nothing is', () => {
    expect(changesAfter(() => undefined)).toEqual([]);
    expect(changesAfter((plain) => plain.connections[0].mode === 'observe')).toEqual([]);
  });

  it('is named: locations', () => {
    expect(
      changesAfter(({ locations }) => {
        locations[0].master.vendorLocationId = 'L9';
        locations[0].feeds = [];
        locations[1].bufferUnits = 3;
        locations.reverse();
        locations.push({ ...locations[0], id: 'annex', feeds: [] });
      }),
    ).toEqual([
      ['location-remapped', 'high-street', 'tills L1HIGHSTREET to tills L9'],
      ['location-feeds-changed', 'high-street', 'shop gid://shopify/Location/1001 to nothing'],
      ['location-changed', 'harbour', 'bufferUnits: 2 to 3'],
      ['location-added', 'annex', 'tills L2HARBOUR, feeds nothing'],
      ['locations-reordered', 'locations', 'high-street, harbour to harbour, high-street'],
    ]);
    expect(changesAfter(({ locations }) => locations.pop())).toEqual([
      ['location-closed', 'harbour', 'tills L2HARBOUR, feeds shop gid://shopify/Location/1002'],
    ]);
  });

  it('is named: goods', () => {
    expect(
      changesAfter(({ products }) => {
        products.packs[0].units = 10;
        products.packs.push({ sku: 'CUP-6', of: 'CUP-WHITE', units: 6 });
        products.kits = [];
        products.renamed = [{ from: 'MUG', to: 'MUG-RED' }];
        products.bufferUnits = { 'MUG-RED': 4 };
      }),
    ).toEqual([
      ['pack-changed', 'MUG-RED-CASE12', '12 of MUG-RED to 10 of MUG-RED'],
      ['pack-added', 'CUP-6', '6 of CUP-WHITE'],
      ['kit-removed', 'TEA-SET', '1 of TEAPOT-WHITE, 4 of CUP-WHITE'],
      ['sku-rename-ended', 'MUG-CRIMSON', 'MUG-RED'],
      ['sku-renamed', 'MUG', 'MUG-RED'],
      ['buffer-removed', 'TEAPOT-WHITE', '1'],
      ['buffer-added', 'MUG-RED', '4'],
    ]);
  });

  it('is named: tenders, times, and settings of sections that have no words of their own', () => {
    expect(
      changesAfter((plain) => {
        plain.tenders[0].name = 'Account';
        plain.agreed.draftOpenMinutes = 60;
        plain.reconciliation.nightlyAt = '03:00';
      }),
    ).toEqual([
      ['tender-changed', 'on-account', 'On Account, STORED_BALANCE to Account, STORED_BALANCE'],
      ['setting-changed', 'agreed.draftOpenMinutes', '2880 to 60'],
      ['setting-changed', 'reconciliation.nightlyAt', '"02:30" to "03:00"'],
    ]);
  });

  it('says what waits for the next start', () => {
    expect(
      changesAfter(({ connections }) => {
        connections[1].mode = 'live';
        connections[1].pollSeconds = 5;
        connections[2].id = 'counters';
      }),
    ).toEqual([
      ['connection-changed', 'shop', 'mode, pollSeconds'],
      ['connection-removed', 'tills', 'square', 'restart'],
      ['connection-added', 'counters', 'square', 'restart'],
    ]);
  });

  it('never holds a credential, and names whose are others', () => {
    const plain = example();
    plain.connections[1].accessToken = 'shpat_new';
    expect(
      configurationChanges(publicConfiguration(example()), publicConfiguration(plain)),
    ).toEqual([]);
    expect(JSON.stringify(publicConfiguration(plain))).not.toMatch(/shpat_new|env:/);
    expect(changedCredentials(example(), plain)).toEqual(['shop']);
    expect(digestOf(plain)).not.toBe(digestOf(example()));
  });
});

describe('the configuration in force', () => {
  it('shows the parts of the one taken last, and what is worked out from it', () => {
    const inForce = new ConfigurationInForce(example());
    let made = 0;
    const currency = derivedFrom(inForce.view, (configuration) => {
      made += 1;
      return configuration.currency;
    });
    expect([currency(), currency(), made]).toEqual(['GBP', 'GBP', 1]);
    inForce.take({ ...example(), currency: 'EUR' });
    expect([inForce.view.currency, currency(), made]).toEqual(['EUR', 'EUR', 2]);
  });
});
