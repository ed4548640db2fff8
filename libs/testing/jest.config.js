import { withInfrastructure } from '../../jest.preset.js';

/** Planted bugs mostly wait for what never comes, so several runs share the two cores. */
export default { ...withInfrastructure, maxConcurrency: 4 };
