import { readFileSync } from 'node:fs';

it.each(['messaging', 'stock'])('is bare, in %s: under 100 lines and the two clients', (bench) => {
  const source = readFileSync(new URL(`./${bench}/bare-program.ts`, import.meta.url), 'utf8');
  const lines = source.trimEnd().split('\n');
  expect(lines.length).toBeLessThan(100);
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(100);
  const imported = [...source.matchAll(/from '([^']+)'/g)].map(([, name]) => name);
  expect(imported).toEqual(['@nats-io/jetstream', '@nats-io/transport-node', 'pg']);
});
