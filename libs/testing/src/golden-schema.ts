import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { readSchema } from './read-schema.js';

const HEAD = `-- What the migrations of this service make, for readers and reviewers; nothing runs it.
-- Written by its spec: RENEW_SCHEMA=1 npx nx test SERVICE

`;

/**
 * The schema kept in `file` and that of a migrated database; they should be equal. With RENEW_SCHEMA
 * set, the file is written anew first.
 */
export async function goldenSchema(
  file: URL,
  service: string,
  url: string,
): Promise<{ readonly kept: string; readonly found: string }> {
  const found = HEAD.replace('SERVICE', `@tillbridge/${service}`) + (await readSchema(url));
  if (process.env['RENEW_SCHEMA'] !== undefined) await writeFile(file, found);
  const kept = await readFile(file, 'utf8').catch(() => {
    throw new Error(`${fileURLToPath(file)} is not there: run the spec with RENEW_SCHEMA=1`);
  });
  return { kept, found };
}
