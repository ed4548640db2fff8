import { readFileSync } from 'node:fs';
import { SHOPIFY } from './shopify/shopify.capabilities.js';
import { SPARKLAYER } from './sparklayer/sparklayer.capabilities.js';
import { SQUARE } from './square/square.capabilities.js';

/** Every number that a vendor sets and that we write against, as it is declared in the code. */
const DECLARED = [
  ...rowsOf('Square', { ...SQUARE.lengths, metadataEntries: SQUARE.metadataEntries }),
  ...rowsOf('Shopify', SHOPIFY),
  ...rowsOf('SparkLayer', SPARKLAYER),
];

it('the README has every limit as the code declares it, and no other', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const rows = readme
    .replace(/^.*\n## Limits of the vendors\n/s, '')
    .replace(/\n## .*$/s, '')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) => line.split('|').map((cell) => cell.trim()));
  expect(rows.map(([, vendor, limit, most]) => [vendor, limit, most])).toEqual(DECLARED);
});

function rowsOf(vendor: string, limits: Readonly<Record<string, number>>): string[][] {
  return Object.entries(limits).map(([name, most]) => [vendor, `\`${name}\``, String(most)]);
}
