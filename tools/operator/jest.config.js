export { withInfrastructure as default } from '../../jest.preset.js';
