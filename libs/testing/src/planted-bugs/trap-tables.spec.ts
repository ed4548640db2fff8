import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './run-planted.js';

/** A test's title: a string before a function. */
const TITLE = /(?<!describe\()(['`])((?:(?!\1).)+)\1,\s*(?:async\s*)?\(/g;

const titles = ['apps', 'libs', 'tools'].flatMap((room) =>
  readdirSync(join(ROOT, room)).flatMap((project) => titlesBelow(join(ROOT, room, project, 'src'))),
);

it.each(['libs/messaging', 'libs/postgres'])(
  'every trap in the README of %s names a test, and all that are named exist',
  (lib) => {
    const rows = trapsIn(join(ROOT, lib, 'README.md'));
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.filter(({ tests }) => tests.length === 0)).toEqual([]);
    const named = rows.flatMap(({ tests }) => tests);
    expect(named.filter((name) => !exists(name))).toEqual([]);
  },
);

/** The rows of the table, each with the names in its last column. */
function trapsIn(readme: string): { trap: string; tests: string[] }[] {
  return readFileSync(readme, 'utf8')
    .replace(/^.*\n## Traps and their tests\n/s, '')
    .replace(/\n##+ .*$/s, '')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) => {
      const [, trap = '', , last = ''] = line.split('|').map((cell) => cell.trim());
      return { trap, tests: [...last.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name) };
    });
}

/** A name that ends with … is the beginning of one. */
function exists(name: string): boolean {
  const beginning = name.replace(/ ?…$/, '');
  return titles.some((title) =>
    name.endsWith('…') ? title.startsWith(beginning) : title === name,
  );
}

function titlesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.spec.ts'))
    .flatMap((file) => [...readFileSync(join(folder, file), 'utf8').matchAll(TITLE)])
    .map(([, , title = '']) => title);
}
