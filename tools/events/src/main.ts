import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventFiles, ROOT, SCHEMAS } from './event-files.js';

/** Writes docs/events.md and the schemas beside it. Schemas of events that are gone go with them. */
const files = await eventFiles();
await rm(new URL(SCHEMAS, ROOT), { recursive: true, force: true });
for (const [path, text] of files) {
  const file = fileURLToPath(new URL(path, ROOT));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
process.stdout.write(`${files.size} files written, docs/events.md first\n`);
