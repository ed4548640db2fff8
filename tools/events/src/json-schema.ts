import type { MessageClass } from '@tillbridge/contracts';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage } from 'class-validator';
import type { ClassSource, FieldSource } from './class-source.js';

/** The part of JSON Schema (draft 7) that our contracts need. */
export interface JsonSchema {
  readonly $schema?: string;
  readonly $id?: string;
  readonly $ref?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
}

type Sources = ReadonlyMap<string, ClassSource>;

/** Of one decorator of a field, as class-validator keeps it. */
type Rule = ReturnType<
  ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']
>[number];

/**
 * The schema of what is sent as this contract. Fields it does not name are allowed: a reader ignores
 * them, so that a contract can gain one.
 *
 * @throws Error when a class has no comment, or a decorator that is not known here yet.
 */
export function schemaOf(type: MessageClass, subject: string, sources: Sources): JsonSchema {
  const nested = new Map<string, JsonSchema>();
  const whole = objectSchema(type, sources, nested);
  if (whole.description === undefined) throw new Error(`${type.name} has no comment above it`);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: `urn:tillbridge:${subject.replace('{service}', 'service')}`,
    title: type.name,
    ...whole,
    ...(nested.size > 0 && { definitions: Object.fromEntries(nested) }),
  };
}

function objectSchema(
  type: MessageClass,
  sources: Sources,
  nested: Map<string, JsonSchema>,
): JsonSchema {
  const { meaning, fields } = wholeSource(type.name, sources);
  const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', true, false);
  const properties: Record<string, JsonSchema> = {};
  for (const [name, field] of fields) {
    const own = rules.filter(({ propertyName }) => propertyName === name);
    if (own.length === 0) throw new Error(`${type.name}.${name} has no decorator`);
    const inner = (): JsonSchema => nestedSchema(type, name, sources, nested);
    properties[name] = described(fieldSchema(own, inner), field);
  }
  return {
    ...(meaning && { description: meaning }),
    type: 'object',
    required: [...fields].flatMap(([name, { mayBeMissing }]) => (mayBeMissing ? [] : [name])),
    properties,
  };
}

/** With the fields that it inherits, these first; and with its parent's words when it has none. */
function wholeSource(name: string, sources: Sources): ClassSource {
  const own = sources.get(name);
  if (own === undefined) throw new Error(`the source of ${name} was not found`);
  if (own.parent === undefined) return own;
  const above = wholeSource(own.parent, sources);
  return {
    meaning: own.meaning || above.meaning,
    fields: new Map([...above.fields, ...own.fields]),
  };
}

function described(schema: JsonSchema, { meaning, mayBeNull }: FieldSource): JsonSchema {
  const description = meaning === '' ? {} : { description: meaning };
  if (mayBeNull) return { ...description, anyOf: [schema, { type: 'null' }] };
  // Beside a $ref nothing else counts in draft 7.
  if (schema.$ref !== undefined) return { ...description, anyOf: [schema] };
  return { ...description, ...schema };
}

function fieldSchema(rules: readonly Rule[], inner: () => JsonSchema): JsonSchema {
  const own = rules.filter(({ each }) => !each).map((rule) => keywordsOf(rule, inner));
  const items = rules.filter(({ each }) => each).map((rule) => keywordsOf(rule, inner));
  const whole: JsonSchema = Object.assign({}, ...own);
  return items.length === 0 ? whole : { ...whole, items: Object.assign({}, ...items) };
}

function keywordsOf({ type, name, constraints }: Rule, inner: () => JsonSchema): JsonSchema {
  switch (name ?? type) {
    case 'isOptional':
      return {};
    case 'nestedValidation':
      return inner();
    case 'isString':
      return { type: 'string' };
    case 'isUuid':
      return { type: 'string', format: 'uuid' };
    case 'isIso8601':
      return { type: 'string', format: 'date-time' };
    case 'isLength':
      return { minLength: constraints[0], maxLength: constraints[1] };
    case 'isIn':
      return { type: 'string', enum: constraints[0] };
    case 'isBoolean':
      return { type: 'boolean' };
    case 'isInt':
      return { type: 'integer' };
    case 'min':
      return { minimum: constraints[0] };
    case 'isArray':
      return { type: 'array' };
    default:
      throw new Error(`the decorator ${name ?? type} has no JSON Schema here yet`);
  }
}

function nestedSchema(
  type: MessageClass,
  field: string,
  sources: Sources,
  nested: Map<string, JsonSchema>,
): JsonSchema {
  // class-transformer tells nobody which class @Type names, but it makes an instance of it.
  const made = plainToInstance(type, { [field]: {} }) as Record<string, object>;
  const inner = made[field]?.constructor as MessageClass;
  if (!nested.has(inner.name)) nested.set(inner.name, objectSchema(inner, sources, nested));
  return { $ref: `#/definitions/${inner.name}` };
}
