export { eventually } from './eventually.js';
export { freshDatabase, type FreshDatabase } from './fresh-database.js';
export { freshNats, type FreshNats } from './fresh-nats.js';
