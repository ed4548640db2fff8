import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** A line that is not in the repository, put into a file that is not, and what lint must say. */
interface Planted {
  readonly rule: string;
  readonly file: string;
  readonly line: string;
  readonly title?: string;
}

const BOUNDARIES = '@nx/enforce-module-boundaries';

const VIOLATIONS: readonly Planted[] = [
  // One room reaching into another.
  planted(BOUNDARIES, 'libs/contracts/src/planted.ts', "export * from '@tillbridge/postgres';"),
  planted(BOUNDARIES, 'libs/postgres/src/planted.ts', "export * from '@tillbridge/messaging';"),
  planted(BOUNDARIES, 'libs/messaging/src/planted.ts', "export * from '@tillbridge/postgres';"),
  planted(BOUNDARIES, 'libs/messaging/src/planted.ts', "export * from '@tillbridge/testing';"),
  planted(BOUNDARIES, 'libs/domain/src/planted.ts', "export * from '@tillbridge/contracts';"),
  planted(
    BOUNDARIES,
    'apps/orders/src/planted.ts',
    "export * from '../../inventory/src/inventory.module.js';",
  ),
  planted(BOUNDARIES, 'apps/orders/src/planted.ts', "export * from '@tillbridge/testing';"),
  planted(BOUNDARIES, 'apps/orders/src/planted.ts', "export * from '@tillbridge/simulators';"),
  planted(
    BOUNDARIES,
    'apps/orders/src/planted.ts',
    "export * from '../../../libs/domain/src/index.js';",
  ),
  planted(BOUNDARIES, 'tools/simulators/src/planted.ts', "export * from '@tillbridge/domain';"),
  // The pure room.
  planted('no-restricted-imports', 'libs/domain/src/planted.ts', "export * from 'node:fs';"),
  planted('no-restricted-imports', 'libs/domain/src/planted.ts', "export * from '@nestjs/common';"),
  planted('no-restricted-properties', 'libs/domain/src/planted.ts', 'export default Date.now();'),
  planted(
    'no-restricted-properties',
    'libs/domain/src/planted.ts',
    'export default Math.random();',
  ),
  planted('no-restricted-syntax', 'libs/domain/src/planted.ts', 'export default new Date();'),
  planted('no-restricted-globals', 'libs/domain/src/planted.ts', 'export default process.env;'),
  planted('no-restricted-globals', 'libs/domain/src/planted.ts', 'export default fetch;'),
  // Vendors, and the oracle.
  planted(
    'no-restricted-imports',
    'apps/connector/src/shopify/planted.ts',
    "export * from '../square/square-orders.js';",
  ),
  planted(
    'no-restricted-imports',
    'tools/day/src/oracle/planted.ts',
    "export * from '@tillbridge/domain';",
  ),
  // Size and names.
  planted('max-lines', 'apps/orders/src/planted.ts', 'export {};\n'.repeat(401)),
  planted(
    'max-lines-per-function',
    'apps/orders/src/planted.ts',
    `export const f = () => {${'\n'.repeat(70)}};`,
  ),
  planted('no-restricted-syntax', 'apps/orders/src/utils.ts', 'export {};'),
];

const ALLOWED: readonly Omit<Planted, 'rule'>[] = [
  { file: 'apps/orders/src/planted.ts', line: "export * from '@tillbridge/postgres';" },
  { file: 'apps/orders/src/planted.spec.ts', line: "export * from '@tillbridge/testing';" },
  { file: 'libs/messaging/src/planted.spec.ts', line: "export * from '@tillbridge/testing';" },
  { file: 'libs/contracts/src/planted.ts', line: "export * from '@tillbridge/domain';" },
  { file: 'tools/day/src/planted.ts', line: "export * from '@tillbridge/simulators';" },
];

let lint: ESLint;

beforeAll(() => {
  // The boundaries' rule says nothing when there is no project graph, so one is made first.
  execFileSync('npx', ['nx', 'show', 'projects'], {
    cwd: ROOT,
    env: { ...process.env, NX_DAEMON: 'false' },
  });
  lint = new ESLint({
    cwd: ROOT,
    // The files are not there, so there are no types to ask about.
    overrideConfig: [{ languageOptions: { parserOptions: { projectService: false } } }],
    ruleFilter: ({ ruleId }) => !TYPED.has(ruleId),
  });
});

const TYPED = new Set(
  [
    'await-thenable',
    'consistent-type-exports',
    'no-floating-promises',
    'no-misused-promises',
    'only-throw-error',
    'switch-exhaustiveness-check',
  ].map((rule) => `@typescript-eslint/${rule}`),
);

async function complaintsAbout({ file, line }: Omit<Planted, 'rule'>): Promise<(string | null)[]> {
  const [result] = await lint.lintText(`${line}\n`, { filePath: `${ROOT}/${file}` });
  return result?.messages.map((message) => message.ruleId) ?? [];
}

it.each(VIOLATIONS)('$rule is red in $file: $title', async (violation) => {
  expect(await complaintsAbout(violation)).toContain(violation.rule);
});

it.each(ALLOWED)('no rule is red in $file: $line', async (line) => {
  expect(await complaintsAbout(line)).toEqual([]);
});

function planted(rule: string, file: string, line: string): Planted {
  return { rule, file, line, title: line.split('\n')[0] };
}
