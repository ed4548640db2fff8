export { eventFiles } from './event-files.js';
