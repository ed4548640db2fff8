import { readdirSync, readFileSync } from 'node:fs';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import {
  allShapes,
  OPERATOR_TOPOLOGY,
  SERVICES,
  shapeOf,
  TOPOLOGY,
  type MessageClass,
} from './index.js';

const FIXTURES = new URL('../fixtures/', import.meta.url);

/** `cmd.pos.{connection}.post-order.v1` is kept as `cmd.pos.post-order.v1.json`. */
const fixtureOf = (subject: string): string =>
  `${subject.replace('.{connection}', '').replace('{service}', 'orders')}.json`;

const read = (file: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(file, FIXTURES), 'utf8'));

/** Paths of what is wrong; a field that the contract does not know is wrong as well. */
const mistakesIn = (type: MessageClass, plain: object): string[] =>
  validateSync(plainToInstance(type, plain), {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: false,
  }).map((mistake) => mistake.property);

const streamed = allShapes().filter(({ kind }) => kind !== 'query');

describe('a message ever released', () => {
  it.each(streamed)('$subject is still read', ({ type, subject }) => {
    expect(mistakesIn(type, read(fixtureOf(subject)))).toEqual([]);
  });

  it.each(streamed)('$subject is refused with a field of another kind', ({ type, subject }) => {
    const message = read(fixtureOf(subject));
    for (const [field, value] of Object.entries(message)) {
      const another = typeof value === 'boolean' ? 'yes' : true;
      expect(mistakesIn(type, { ...message, [field]: another })).toContain(field);
    }
  });

  it('is kept by its subject, and nothing else is kept', () => {
    expect(readdirSync(FIXTURES).sort()).toEqual(
      streamed.map(({ subject }) => fixtureOf(subject)).sort(),
    );
  });

  it('has a subject of its own', () => {
    const subjects = allShapes().map(({ subject }) => subject);
    expect(new Set(subjects).size).toBe(subjects.length);
  });
});

const saying = (direction: 'publishes' | 'consumes' | 'asks' | 'answers', type: MessageClass) =>
  SERVICES.filter((service) => TOPOLOGY[service][direction].includes(type));

const publishersOf = (type: MessageClass): string[] => {
  const { publishes, publishesToOne } = OPERATOR_TOPOLOGY;
  const operated: readonly MessageClass[] = [...publishes, ...publishesToOne];
  return [...saying('publishes', type), ...(operated.includes(type) ? ['operator'] : [])];
};

describe('the topology', () => {
  it('has every message that is heard said by one alone', () => {
    for (const service of SERVICES) {
      for (const type of TOPOLOGY[service].consumes) {
        const publishers = publishersOf(type);
        expect([shapeOf(type).subject, publishers.length]).toEqual([shapeOf(type).subject, 1]);
      }
    }
  });

  it('has every command to a vendor heard by the connector alone, and naming its connection', () => {
    for (const { kind, type, subject } of streamed) {
      if (kind !== 'command' || !subject.includes('{connection}')) continue;
      expect([subject, saying('consumes', type)]).toEqual([subject, ['connector']]);
      expect(read(fixtureOf(subject))).toHaveProperty('connectionId');
    }
  });

  it('has what people have services do heard and answered by every service', () => {
    for (const type of OPERATOR_TOPOLOGY.publishes) {
      expect(saying('consumes', type)).toEqual([...SERVICES]);
    }
    for (const type of OPERATOR_TOPOLOGY.publishesToOne) {
      expect(saying('consumes', type)).toHaveLength(1);
    }
    for (const type of OPERATOR_TOPOLOGY.asks) {
      expect(saying('answers', type)).toEqual([...SERVICES]);
    }
  });

  it('has every question answered', () => {
    const asked = [
      ...SERVICES.flatMap((service) => TOPOLOGY[service].asks),
      ...OPERATOR_TOPOLOGY.asksOne,
    ];
    for (const type of asked) expect(saying('answers', type)).toHaveLength(1);
  });

  it('has every event said by somebody, and questions never in a stream', () => {
    for (const { type } of streamed) expect(publishersOf(type)).not.toEqual([]);
    for (const { kind, type } of allShapes()) {
      if (kind === 'query') expect(saying('publishes', type)).toEqual([]);
    }
  });
});
