import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = new URL('../../../../', import.meta.url);
const README = readFileSync(new URL('apps/inventory/README.md', ROOT), 'utf8');
/** A cell that names a test: `master-lives`: a till tells of … */
const NAMED = /\| `([a-z-]+)`: (.+?) +\|$/gm;

const rows = [...README.matchAll(NAMED)].map(([, spec = '', title = '']) => [spec, title] as const);

it.each(rows)('the README names a test that is there: %s, %s', (spec, title) => {
  // Before the title of a test stands that of its `describe`, where there is one.
  expect(titlesIn(spec).filter((each) => title.endsWith(each))).not.toEqual([]);
});

it('the README names them', () => {
  expect(rows.length).toBeGreaterThan(20);
});

/** Titles of tests stand on the line of their `it`. */
function titlesIn(spec: string): string[] {
  const files = ['apps/inventory/src/', 'libs/domain/src/'].flatMap((folder) => {
    const path = new URL(folder, ROOT);
    return readdirSync(path, { recursive: true, encoding: 'utf8' })
      .filter((file) => new RegExp(`(^|/)${spec}(\\.int)?\\.spec\\.ts$`).test(file))
      .map((file) => fileURLToPath(new URL(file, path)));
  });
  return files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\bit\('(.+)', (?:async )?\(/g)].map(
      ([, title = '']) => title,
    ),
  );
}
