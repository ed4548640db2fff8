export { eventually } from './eventually.js';
export { freshDatabase, type FreshDatabase } from './fresh-database.js';
export { freshNats, type FreshNats } from './fresh-nats.js';
export { freshPostgres, type FreshPostgres } from './fresh-postgres.js';
export { goldenSchema } from './golden-schema.js';
export { migrationsIn } from './migrations-in.js';
export { readSchema } from './read-schema.js';
export { untilBlocked } from './until-blocked.js';
export { freePort } from '@tillbridge/embedded';
