import { readdirSync, readFileSync } from 'node:fs';
import { allShapes, type MessageShape } from '@tillbridge/contracts';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import fastify, { type FastifyInstance } from 'fastify';
import { eventFiles, ROOT, SCHEMAS } from './event-files.js';

const events = allShapes().filter(({ kind }) => kind === 'event');
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');
const nameOf = ({ subject }: MessageShape): string => subject.replace('{service}', 'service');

const exampleOf = ({ subject }: MessageShape): Record<string, unknown> =>
  JSON.parse(read(`libs/contracts/fixtures/${subject.replace('{service}', 'orders')}.json`));

describe('what others read of our events', () => {
  it('is up to date; `npm run events` renews it', async () => {
    for (const [path, text] of await eventFiles()) {
      expect(`${path}\n${read(path)}`).toBe(`${path}\n${text}`);
    }
  });

  it('has a schema for each event and no other', () => {
    expect(readdirSync(new URL(SCHEMAS, ROOT)).sort()).toEqual(
      events.map((event) => `${nameOf(event)}.schema.json`).sort(),
    );
  });
});

describe('a schema', () => {
  let server: FastifyInstance;
  let url: string;

  beforeAll(async () => {
    // fastify's validator, told to take a message as it is.
    server = fastify({
      ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false } },
    });
    for (const event of events) {
      const body: unknown = JSON.parse(read(`${SCHEMAS}${nameOf(event)}.schema.json`));
      server.post(`/${nameOf(event)}`, { schema: { body } }, () => ({ taken: true }));
    }
    url = await server.listen({ host: '127.0.0.1', port: 0 });
  });

  afterAll(() => server.close());

  const takes = async (event: MessageShape, message: object): Promise<boolean> => {
    const { status } = await fetch(`${url}/${nameOf(event)}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(message),
    });
    expect([200, 400]).toContain(status);
    return status === 200;
  };

  const contractTakes = ({ type }: MessageShape, plain: object): boolean =>
    validateSync(plainToInstance(type, plain), { forbidUnknownValues: false }).length === 0;

  it.each(events)('of $subject takes what was released', async (event) => {
    expect(await takes(event, exampleOf(event))).toBe(true);
    expect(await takes(event, { ...exampleOf(event), fieldOfALaterYear: 1 })).toBe(true);
  });

  it.each(events)('of $subject says of wrong messages what the contract says', async (event) => {
    const example = exampleOf(event);
    for (const wrong of Object.keys(example).flatMap((field) => variants(example, field))) {
      expect([wrong, await takes(event, wrong)]).toEqual([wrong, contractTakes(event, wrong)]);
    }
  });

  it.each(events)('of $subject refuses each field with a value of another kind', async (event) => {
    for (const [field, value] of Object.entries(exampleOf(event))) {
      const other = typeof value === 'boolean' ? 'yes' : true;
      expect([field, await takes(event, { ...exampleOf(event), [field]: other })]).toEqual([
        field,
        false,
      ]);
    }
  });
});

/** The message without the field, and with values at the edge of what it may hold. */
function variants(example: Record<string, unknown>, field: string): object[] {
  const { [field]: value, ...rest } = example;
  const others = typeof value === 'number' ? [-1, 0, 1.5] : typeof value === 'string' ? [''] : [];
  const nested = Array.isArray(value) && typeof value[0] === 'object' ? [[{}]] : [];
  return [rest, ...[...others, ...nested].map((other) => ({ ...example, [field]: other }))];
}
