import type { ServiceName } from '@tillbridge/contracts';
import { Database } from './database.js';
import { openDataSource, type DatabaseOptions } from './open-data-source.js';

/** A migrated database outside Nest, for tools and tests. Close it. */
export async function openDatabase(
  options: DatabaseOptions & { readonly service: ServiceName; readonly now?: () => Date },
): Promise<Database> {
  const dataSource = await openDataSource(options);
  return new Database(dataSource, options.service, options.now);
}
