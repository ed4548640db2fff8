import {
  committedUnits,
  decidePublication,
  desiredUnits,
  EXCEPTIONS,
  ProductMap,
  sellableUnits,
  type ExceptionCode,
} from '@tillbridge/domain';
import { readdirSync, readFileSync } from 'node:fs';

const ROOT = new URL('../../../../', import.meta.url);
const GUIDE = readFileSync(new URL('docs/operating/stock.md', ROOT), 'utf8');

/** Sections of the guide: a code, `severity, team.`, what it means, and `> ` what to do. */
const sections = [...GUIDE.matchAll(/^### (\S+)\n\n(\w+), ([\w-]+)\. [^>]+\n\n> (.+)\n/gm)].map(
  ([, code = '', severity, team, action]) => ({ code, severity, team, action }),
);

/** The cells of the table under this heading row, a row each. */
function rowsUnder(...heading: string[]): string[][] {
  const tables = GUIDE.split('\n\n').filter((block) => block.startsWith('|'));
  const cells = (line: string) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
  const found = tables.find((table) => cells(table.split('\n')[0] ?? '').join() === heading.join());
  return (found ?? '').trim().split('\n').slice(2).map(cells);
}

describe('the guide to stock', () => {
  it('tells of each exception of stock what the code says of it', () => {
    expect(sections).not.toEqual([]);
    for (const { code, ...told } of sections) {
      expect({ code, ...told }).toEqual({ code, ...EXCEPTIONS[code as ExceptionCode] });
    }
  });

  it('leaves none out', () => {
    const raised = Object.keys(EXCEPTIONS).filter((code) => STOCK_SOURCES.includes(`'${code}'`));
    expect(sections.map(({ code }) => code).sort()).toEqual(raised.sort());
  });

  it('adds up what is for sale as the code does', () => {
    const rows = rowsUnder('on the shelf', 'promised', 'buffer', 'for sale');
    expect(rows).toHaveLength(5);
    for (const row of rows) {
      const [onHandUnits, committed, bufferUnits, forSale] = row.map(Number);
      const shelf = { onHandUnits, committedUnits: committed, bufferUnits };
      expect(sellableUnits(shelf as Parameters<typeof sellableUnits>[0])).toBe(forSale);
    }
  });

  it('adds up what is promised as the code does', () => {
    const rows = rowsUnder('ordered', 'cancelled', 'taken out by the till', 'promised');
    expect(rows).toHaveLength(5);
    for (const row of rows) {
      const [ordered = 0, cancelled = 0, takenOut = 0, promised] = row.map(Number);
      expect(committedUnits(ordered - cancelled, takenOut)).toBe(promised);
    }
  });

  it('shows of cases and kits what the code does', () => {
    const rows = rowsUnder('sold', 'for sale in one store', 'and in another', 'shown');
    expect(rows).toHaveLength(4);
    for (const [sold = '', one = '', another = '', shown] of rows) {
      const parts = [...partsIn(sold)].map(([sku, quantity]) => ({ sku, quantity }));
      const unit = sold.startsWith('the unit');
      const products = new ProductMap({
        packs: [],
        kits: unit ? [] : [{ sku: 'SOLD', components: parts }],
      });
      const sku = unit ? sold.replace('the unit ', '') : 'SOLD';
      expect(desiredUnits(products, sku, [partsIn(one), partsIn(another)])).toBe(Number(shown));
    }
  });

  it('says when a channel is told as the code does', () => {
    const rows = rowsUnder(
      'channel',
      'shows',
      'should show',
      'orders read until then',
      'what happens',
    );
    expect(rows).toHaveLength(6);
    for (const [channel, shows, should, read, happens] of rows) {
      const state = {
        observedUnits: Number(shows),
        desiredUnits: Number(should),
        inFlight: false,
        declinedUnits: null,
        sinceMs: 1,
      };
      for (const compares of channel === 'either' ? [true, false] : [channel === 'Shopify']) {
        const decision = decidePublication(state, read === 'yes' ? 1 : 0, { compares });
        const told = { 'send-fall': 'told', 'send-rise': 'told', wait: 'waits', none: 'nothing' };
        expect(told[decision]).toBe(happens);
      }
    }
  });
});

const STOCK_SOURCES = ['apps/inventory/src/', 'libs/domain/src/stock/']
  .flatMap((folder) =>
    readdirSync(new URL(folder, ROOT), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
      .map((file) => readFileSync(new URL(`${folder}${file}`, ROOT), 'utf8')),
  )
  .join('\n');

/** `3 POT 9 CUP`, also with words around it, as units by SKU. */
function partsIn(text: string): Map<string, number> {
  return new Map(
    [...text.matchAll(/(\d+) ([A-Z]+)/g)].map(([, units, sku = '']) => [sku, Number(units)]),
  );
}
