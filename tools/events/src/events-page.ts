import type { JsonSchema } from './json-schema.js';

export interface DescribedEvent {
  readonly subject: string;
  readonly schemaFile: string;
  readonly schema: JsonSchema;
  readonly senders: readonly string[];
  readonly readers: readonly string[];
  readonly example: object;
}

/** The page that a monitoring consumer reads: how to listen, and every event. */
export function eventsPage(events: readonly DescribedEvent[]): string {
  const list = events.map(({ subject }) => `- [\`${subject}\`](#${anchorOf(subject)})`).join('\n');
  return [INTRODUCTION, list, ...events.map(eventSection)].join('\n\n');
}

const INTRODUCTION = `# Events

Made from \`libs/contracts\` by \`npm run events\`; a test compares. Everything that happens in Tillbridge is
told on NATS, in the stream \`EVENTS\` (\`evt.>\`, kept 30 days). The user \`monitor\` may hear all of it
and say nothing. [monitoring](monitoring/README.md) is a program that does.

A message is CloudEvents 1.0 in binary mode: the data is JSON, the envelope is in headers, percent-encoded
where a value is not plain ASCII.

| header | holds |
| --- | --- |
| \`ce-id\` | of this message: the same however often it is sent |
| \`ce-type\` | the subject |
| \`ce-source\` | \`/tillbridge/<service>\` |
| \`ce-subject\` | our id of the thing it is about: an order, a SKU, a connection |
| \`ce-time\` | when it was decided, ISO 8601, UTC |
| \`traceparent\` | W3C trace context |

- **A message may come twice**, and sometimes whole batches do: who listens hears also what the stream then
  refuses because one of the batch is known, and hears it again as the rest goes one by one; a rebuild of a
  lost stream repeats days. Only \`ce-id\` tells. Remember the ids of the last minutes, or better, act so
  that a repeat does nothing. Who only counts or adds up must do so by id.
- **Messages may come in another order than they were sent.** Where there is a \`revision\`, the highest wins.
- **There may be fields that are not in the schema.** Ignore them. A field never changes its meaning: that
  is a new version, with a subject of its own.
- **No personal data is in an event**, and money is in whole minor units (pence, cents).`;

/** As GitHub and most others make it of a heading. */
function anchorOf(subject: string): string {
  return subject.replaceAll(/[^a-z0-9-]/g, '');
}

function eventSection({ subject, schemaFile, schema, ...event }: DescribedEvent): string {
  const { senders, readers } = event;
  const whoReads = readers.length === 0 ? 'whoever watches' : readers.join(', ');
  const fields = fieldRows(schema, schema, '').map((row) => `| ${row.join(' | ')} |`);
  return [
    `## ${subject}`,
    `${senders.join(', ')} ▶ ${whoReads} · [schema](events/${schemaFile})`,
    String(schema.description),
    ['| field | is | unit | meaning |', '| --- | --- | --- | --- |', ...fields].join('\n'),
    `\`\`\`json\n${JSON.stringify(event.example, null, 2)}\n\`\`\``,
  ].join('\n\n');
}

function fieldRows(object: JsonSchema, whole: JsonSchema, path: string): string[][] {
  return Object.entries(object.properties ?? {}).flatMap(([name, field]) => {
    const here = `${path}${name}`;
    const schema = field.anyOf?.[0] ?? field;
    const wide = [
      ...(object.required?.includes(name) ? [] : ['may be missing']),
      ...(field.anyOf?.some(({ type }) => type === 'null') ? ['may be null'] : []),
    ];
    const inner = definitionOf(schema, whole) ?? definitionOf(schema.items, whole);
    const kind = [kindOf(schema), ...wide].join(', ');
    const row = [`\`${here}\``, kind, unitOf(name, schema), field.description ?? ''];
    if (inner === undefined) return [row];
    return [row, ...fieldRows(inner, whole, `${here}${schema.items ? '[]' : ''}.`)];
  });
}

function definitionOf(schema: JsonSchema | undefined, whole: JsonSchema): JsonSchema | undefined {
  const name = schema?.$ref?.replace('#/definitions/', '');
  return name === undefined ? undefined : whole.definitions?.[name];
}

function kindOf(schema: JsonSchema): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.items !== undefined) {
    return schema.items.$ref === undefined ? `list of ${kindOf(schema.items)}` : 'list';
  }
  if (schema.$ref !== undefined) return 'object';
  if (schema.format !== undefined) return schema.format === 'uuid' ? 'UUID' : 'time';
  if (schema.type === 'integer') {
    return schema.minimum === undefined ? 'whole number' : `whole number ≥ ${schema.minimum}`;
  }
  if (schema.type === 'boolean') return 'true or false';
  const { minLength, maxLength } = schema;
  return maxLength === undefined ? 'text' : `text of ${lengths(minLength ?? 0, maxLength)}`;
}

function lengths(min: number, max: number): string {
  return min === max ? `${max} characters` : `${min} to ${max} characters`;
}

/** Our fields end in their unit. */
function unitOf(name: string, { format }: JsonSchema): string {
  if (/Minor$/.test(name)) return 'pence, cents';
  if (/units$/i.test(name)) return 'units';
  if (/quantity$/i.test(name)) return 'what the channel sells';
  if (name === 'currency') return 'ISO 4217';
  if (format === 'date-time' || /(^at|At)$/.test(name)) return 'ISO 8601, UTC';
  return '';
}
