import { readFileSync } from 'node:fs';

const source = readFileSync(new URL('./bare-program.ts', import.meta.url), 'utf8');

it('is bare: under 100 lines, and nothing imported but the two clients', () => {
  expect(source.trimEnd().split('\n').length).toBeLessThan(100);
  const imported = [...source.matchAll(/from '([^']+)'/g)].map(([, name]) => name);
  expect(imported).toEqual(['@nats-io/jetstream', '@nats-io/transport-node', 'pg']);
});
