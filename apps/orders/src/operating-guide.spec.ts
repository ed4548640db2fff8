import { readdirSync, readFileSync } from 'node:fs';
import { EXCEPTIONS, lookupValue, TABLE_STATES, type ExceptionCode } from '@tillbridge/domain';
import { Agreed, agreementOf, loadConfiguration } from '@tillbridge/runtime';
import { STORY_DAYS } from './trace/trace-book.js';

const ROOT = new URL('../../../', import.meta.url);
const GUIDE = readFileSync(new URL('docs/operating/orders.md', ROOT), 'utf8');
const SECRETS = ['SPARKLAYER_SITE_ID', 'SPARKLAYER_CLIENT_ID', 'SPARKLAYER_CLIENT_SECRET'].concat(
  ['SHOPIFY_ACCESS_TOKEN', 'SHOPIFY_CLIENT_SECRET', 'SQUARE_ACCESS_TOKEN'],
  ['SQUARE_SIGNATURE_KEY'],
);

/** Sections of the guide: a code, `severity, team.`, what it means, and `> ` what to do. */
const sections = [...GUIDE.matchAll(/^#### (\S+)\n\n(\w+), ([\w-]+)\. [^>]+\n\n> (.+)\n/gm)].map(
  ([, code = '', severity, team, action]) => ({ code, severity, team, action }),
);

/** Where exceptions of orders are raised; those of stock have a guide of their own. */
const SOURCES = ['apps/orders/src/', 'libs/domain/src/orders/', 'apps/payments/src/']
  .concat('apps/customers/src/')
  .flatMap((folder) =>
    readdirSync(new URL(folder, ROOT), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
      .map((file) => readFileSync(new URL(`${folder}${file}`, ROOT), 'utf8')),
  )
  .join('\n');

/** The cells of the table whose heading begins with this, a row each, without back-ticks. */
function rowsUnder(heading: string): string[][] {
  const tables = GUIDE.split('\n\n').filter((block) => block.startsWith(`| ${heading} `));
  expect(tables).toHaveLength(1);
  const cells = (line: string) => line.split('|').slice(1, -1).map(toText);
  return tables.join().trim().split('\n').slice(2).map(cells);
}

const toText = (cell: string): string => cell.trim().replaceAll('`', '');

describe('the guide to orders', () => {
  it('tells of each exception of orders what the code says of it', () => {
    expect(sections.length).toBeGreaterThan(0);
    for (const { code, ...told } of sections) {
      expect({ code, ...told }).toEqual({ code, ...EXCEPTIONS[code as ExceptionCode] });
    }
  });

  it('leaves none out and tells none twice', () => {
    const raised = Object.keys(EXCEPTIONS).filter((code) => SOURCES.includes(`'${code}'`));
    expect(sections.map(({ code }) => code).sort()).toEqual(raised.sort());
  });

  it('tells of every state', () => {
    const states = Object.keys(TABLE_STATES).filter((state) => state !== 'unseen');
    expect(
      rowsUnder('state')
        .map(([state]) => state)
        .sort(),
    ).toEqual(states.sort());
  });

  it('looks texts up as the code does', () => {
    for (const [text = '', value] of rowsUnder('text')) expect(lookupValue(text)).toBe(value);
    expect(GUIDE).toContain(`Steps are kept ${STORY_DAYS} days`);
  });

  it('has the times that hold when none are agreed, with their exceptions', () => {
    const rows = rowsUnder('setting');
    const told = Object.fromEntries(rows.map(([name, minutes]) => [name, Number(minutes)]));
    expect(told).toEqual({ ...new Agreed() });
    const codes = rows.map((row) => row.at(-1) ?? '');
    expect(codes.every((code) => sections.some((section) => section.code === code))).toBe(true);
  });

  it('counts business hours as the code does', async () => {
    const example = new URL('tillbridge.example.yaml', ROOT).pathname;
    const env = Object.fromEntries(SECRETS.map((name) => [name, 'x']));
    const { calendar } = agreementOf((await loadConfiguration(example, env)).agreed);
    const rows = rowsUnder('from');
    expect(rows).toHaveLength(4);
    for (const [from = '', minutes, late = ''] of rows) {
      const end = calendar?.afterMs(Date.parse(from), Number(minutes) * 60_000);
      expect([from, end]).toEqual([from, Date.parse(late)]);
    }
  });
});
