import { fileURLToPath } from 'node:url';

/** Jest settings shared by every project: ESM through swc, sources of libraries taken directly. */
const swc = {
  sourceMaps: 'inline',
  module: { type: 'es6' },
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    keepClassNames: true,
  },
};

const testing = new URL('./libs/testing/jest/', import.meta.url);

/** A run with a bug planted into a source shows that some test notices: libs/testing. */
const planted = process.env.TILLBRIDGE_PLANTED_BUG !== undefined;
const compiler = planted ? fileURLToPath(new URL('planting-transform.js', testing)) : '@swc/jest';

const preset = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': [compiler, { ...swc, swcrc: false }] },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testEnvironmentOptions: {
    customExportConditions: ['tillbridge-source', 'node', 'node-addons'],
  },
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['/dist/'],
  maxWorkers: 2,
  testTimeout: 60_000,
};

export default preset;

const infrastructure = {
  globalSetup: fileURLToPath(new URL('global-setup.js', testing)),
  globalTeardown: fileURLToPath(new URL('global-teardown.js', testing)),
};

/**
 * For projects with specs that run on real Postgres and NATS (`@tillbridge/testing`). A planted run
 * is started by a test and uses the servers of the run around it.
 */
export const withInfrastructure = { ...preset, ...(!planted && infrastructure) };
