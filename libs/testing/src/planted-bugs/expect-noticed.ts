import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlantedBug } from './planted-bug.js';
import { ROOT, runWithBug } from './run-planted.js';

/** The bug can still be planted, and its test is red with it: that test, and because of the bug. */
export async function expectToBeNoticed(bug: PlantedBug): Promise<void> {
  const source = readFileSync(join(ROOT, bug.file), 'utf8');
  expect(`${source.split(bug.find).length - 1} times in ${bug.file}: ${bug.find}`).toBe(
    `1 times in ${bug.file}: ${bug.find}`,
  );
  expect(await runWithBug(bug)).toEqual({ failed: [bug.test], passed: [], broken: [] });
}

/** The README has the table of these guards, a line each, and no other line. */
export function expectToBeListed(bugs: readonly PlantedBug[], readme: string): void {
  const rows = readFileSync(join(ROOT, readme), 'utf8')
    .replace(/^.*\n## Planted bugs\n/s, '')
    .replace(/\n## .*$/s, '')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  expect(rows.slice(2)).toEqual(
    bugs.map(({ guard, without, spec, test }) => [
      '',
      guard,
      without,
      `\`${spec.replace(/^.*\//, '')}\`: ${test}`,
      '',
    ]),
  );
}
