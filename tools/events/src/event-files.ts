import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { allShapes, SERVICES, TOPOLOGY, type MessageShape } from '@tillbridge/contracts';
import { format, resolveConfig } from 'prettier';
import { eventsPage, type DescribedEvent } from './events-page.js';
import { orderStatesPage } from './order-states-page.js';
import { schemaOf } from './json-schema.js';
import { readSources, type ClassSource } from './class-source.js';

export const ROOT = new URL('../../../', import.meta.url);

/** The folder of the schemas, from the root. */
export const SCHEMAS = 'docs/events/';

/** What others read of our events and of orders' states, made from the code: text by path. */
export async function eventFiles(): Promise<Map<string, string>> {
  const sources = readSources(fileURLToPath(new URL('libs/contracts/src/', ROOT)));
  const shapes = allShapes().filter(({ kind }) => kind === 'event');
  const events = await Promise.all(shapes.map((shape) => describeEvent(shape, sources)));
  const files = new Map([
    ['docs/events.md', eventsPage(events)],
    ['docs/orders-states.md', orderStatesPage()],
  ]);
  for (const { schemaFile, schema } of events) {
    files.set(`${SCHEMAS}${schemaFile}`, JSON.stringify(schema));
  }
  for (const [path, text] of files) files.set(path, await formatted(path, text));
  return files;
}

async function describeEvent(
  { type, subject }: MessageShape,
  sources: ReadonlyMap<string, ClassSource>,
): Promise<DescribedEvent> {
  // The fixtures have the exceptions of `orders` as their example.
  const fixture = `libs/contracts/fixtures/${subject.replace('{service}', 'orders')}.json`;
  return {
    subject,
    schemaFile: `${subject.replace('{service}', 'service')}.schema.json`,
    schema: schemaOf(type, subject, sources),
    senders: SERVICES.filter((service) => TOPOLOGY[service].publishes.includes(type)),
    readers: SERVICES.filter((service) => TOPOLOGY[service].consumes.includes(type)),
    example: JSON.parse(await readFile(new URL(fixture, ROOT), 'utf8')) as object,
  };
}

async function formatted(path: string, text: string): Promise<string> {
  const filepath = fileURLToPath(new URL(path, ROOT));
  return format(text, { ...(await resolveConfig(filepath)), filepath });
}
