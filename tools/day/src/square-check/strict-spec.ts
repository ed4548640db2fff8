type Json = unknown;
type JsonObject = Record<string, Json>;

/** Parts of the API that the connector uses; the rest would only cost time. */
const USED = /^\/v2\/(orders|payments|refunds|inventory|catalog|customers|locations|webhooks)/;
const REQUEST_SUFFIX = '__Request';

/**
 * Square's OpenAPI document made strict, in a copy: unresolvable references are stubbed, and every
 * object that a request may hold refuses properties it does not name.
 */
export function strictSpec(original: JsonObject): JsonObject {
  const spec = structuredClone(original) as JsonObject & {
    paths: Record<string, Record<string, JsonObject>>;
    components: { schemas: Record<string, Json> };
  };
  spec.paths = Object.fromEntries(Object.entries(spec.paths).filter(([path]) => USED.test(path)));
  const { schemas } = spec.components;
  spec.components.schemas = stubUnresolvable(schemas, new Set(Object.keys(schemas))) as JsonObject;
  const requests = new Map<string, Json>();
  for (const operations of Object.values(spec.paths)) {
    for (const operation of Object.values(operations)) {
      if (!isObject(operation['requestBody'])) continue;
      operation['requestBody'] = strict(
        operation['requestBody'],
        spec.components.schemas,
        requests,
      );
    }
  }
  Object.assign(spec.components.schemas, Object.fromEntries(requests));
  return spec;
}

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const LOCAL = /^#\/components\/schemas\/(.+)$/;

function stubUnresolvable(value: Json, known: ReadonlySet<string>): Json {
  if (Array.isArray(value)) return value.map((item) => stubUnresolvable(item, known));
  if (!isObject(value)) return value;
  const ref = value['$ref'];
  if (typeof ref === 'string') {
    const name = LOCAL.exec(ref)?.[1];
    return name !== undefined && known.has(name) ? value : {};
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, stubUnresolvable(item, known)]),
  );
}

/** A copy of a request's schema, and of all it refers to, that refuses unknown properties. */
function strict(value: Json, schemas: JsonObject, requests: Map<string, Json>): Json {
  if (Array.isArray(value)) return value.map((item) => strict(item, schemas, requests));
  if (!isObject(value)) return value;
  const name = typeof value['$ref'] === 'string' ? LOCAL.exec(value['$ref'])?.[1] : undefined;
  if (name !== undefined) {
    if (!requests.has(name + REQUEST_SUFFIX)) {
      requests.set(name + REQUEST_SUFFIX, {}); // Before its content: schemas refer to themselves.
      requests.set(name + REQUEST_SUFFIX, strict(schemas[name], schemas, requests));
    }
    return { $ref: `#/components/schemas/${name}${REQUEST_SUFFIX}` };
  }
  const copy = Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'example' && key !== 'examples')
      .map(([key, item]) => [key, strict(item, schemas, requests)]),
  );
  if (isObject(copy['properties']) && copy['additionalProperties'] === undefined) {
    copy['additionalProperties'] = false;
  }
  return copy;
}
