import preset from '../../jest.preset.js';

/** Whole products: one at a time, each with its own servers. */
export default { ...preset, testTimeout: 240_000, maxWorkers: 1 };
