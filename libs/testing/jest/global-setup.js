import { register } from 'node:module';

/** Starts Postgres and finds NATS once for a run of Jest; the specs' processes inherit where. */
export default async function setUp() {
  // Jest transforms what specs import, not what this file does: Node must read TypeScript itself.
  register('./typescript-hooks.js', import.meta.url);
  const { startInfrastructure } = await import('../src/infrastructure.ts');
  const infrastructure = await startInfrastructure();
  Object.assign(process.env, infrastructure.env);
  globalThis.tillbridgeInfrastructure = infrastructure;
}
