import { invalid, notSimulated } from './square-error.js';

/** Throws a SquareError when the value is not as the API wants it. */
export type Check = (value: unknown, path: string) => void;

interface Field {
  readonly check: Check;
  readonly required: true;
}

/** An object with these fields and no others; null counts as absent. */
export function shape(fields: Readonly<Record<string, Check | Field>>): Check {
  return (value, path) => {
    if (!isPlainObject(value)) throw invalid('EXPECTED_OBJECT', 'Expected an object.', path);
    for (const name of Object.keys(value)) {
      if (!Object.hasOwn(fields, name)) {
        const detail = `Unknown field \`${name}\`.`;
        throw invalid('UNKNOWN_BODY_PARAMETER', detail, inside(path, name));
      }
    }
    for (const [name, field] of Object.entries(fields)) {
      const held = value[name];
      if (held !== undefined && held !== null) {
        (typeof field === 'function' ? field : field.check)(held, inside(path, name));
      } else if (typeof field !== 'function') {
        const detail = 'Missing required parameter.';
        throw invalid('MISSING_REQUIRED_PARAMETER', detail, inside(path, name));
      }
    }
  };
}

export function required(check: Check): Field {
  return { check, required: true };
}

export function text(minLength: number, maxLength: number): Check {
  return (value, path) => {
    if (typeof value !== 'string') throw invalid('EXPECTED_STRING', 'Expected a string.', path);
    // Lengths are counted in characters, as people see them, not in UTF-16 units.
    const { length } = [...value];
    if (length < minLength) throw invalid('VALUE_TOO_SHORT', 'Field must not be blank.', path);
    if (length > maxLength) {
      const detail = `Field must not be greater than ${maxLength} in length.`;
      throw invalid('VALUE_TOO_LONG', detail, path);
    }
  };
}

export function oneOf(...values: readonly string[]): Check {
  return (value, path) => {
    if (typeof value !== 'string') throw invalid('EXPECTED_STRING', 'Expected a string.', path);
    if (!values.includes(value)) {
      throw invalid('INVALID_ENUM_VALUE', `\`${value}\` is not a valid enum value.`, path);
    }
  };
}

export function integer(minimum: number, maximum = Number.MAX_SAFE_INTEGER): Check {
  return (value, path) => {
    if (!Number.isSafeInteger(value)) {
      throw invalid('EXPECTED_INTEGER', 'Expected an integer value.', path);
    }
    const number = value as number;
    if (number < minimum) throw invalid('VALUE_TOO_LOW', `Must be at least ${minimum}.`, path);
    if (number > maximum) throw invalid('VALUE_TOO_HIGH', `Must be at most ${maximum}.`, path);
  };
}

export const flag: Check = (value, path) => {
  if (typeof value !== 'boolean') throw invalid('EXPECTED_BOOLEAN', 'Expected a boolean.', path);
};

export function list(check: Check, minItems = 0, maxItems = Number.MAX_SAFE_INTEGER): Check {
  return (value, path) => {
    if (!Array.isArray(value)) throw invalid('EXPECTED_ARRAY', 'Expected an array.', path);
    if (value.length < minItems) throw invalid('ARRAY_EMPTY', 'Array must not be empty.', path);
    if (value.length > maxItems) {
      const detail = `Array must not have more than ${maxItems} items.`;
      throw invalid('ARRAY_LENGTH_TOO_LONG', detail, path);
    }
    value.forEach((item, index) => check(item, `${path}[${index}]`));
  };
}

/** An RFC 3339 time with its offset. */
export const time: Check = (value, path) => {
  const pattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;
  if (typeof value !== 'string' || !pattern.test(value) || Number.isNaN(Date.parse(value))) {
    throw invalid('INVALID_TIME', 'Expected an RFC 3339 timestamp.', path);
  }
};

/** A whole number above zero, written as a string. */
export function wholeQuantity(maxLength: number): Check {
  const fits = text(1, maxLength);
  return (value, path) => {
    fits(value, path);
    if (!/^\d+(\.\d{1,5})?$/.test(value as string)) {
      throw invalid('INVALID_VALUE', 'Expected a decimal quantity.', path);
    }
    if (!/^\d+(\.0+)?$/.test(value as string)) {
      throw invalid('INVALID_VALUE', 'This item is counted in whole units.', path);
    }
  };
}

export function money(currency: string, minimum = 0): Check {
  const check = shape({ amount: required(integer(minimum)), currency: required(text(3, 3)) });
  return (value, path) => {
    check(value, path);
    if ((value as { currency: string }).currency !== currency) {
      const detail = `The currency of the location is ${currency}.`;
      throw invalid('INVALID_VALUE', detail, inside(path, 'currency'));
    }
  };
}

/** At most ten private entries. */
export const metadata: Check = (value, path) => {
  if (!isPlainObject(value)) throw invalid('EXPECTED_MAP', 'Expected a map.', path);
  const entries = Object.entries(value);
  if (entries.length > 10) throw invalid('TOO_MANY_MAP_ENTRIES', 'At most 10 entries.', path);
  for (const [key, held] of entries) {
    if (key.length > 60) throw invalid('MAP_KEY_LENGTH_TOO_LONG', 'At most 60 characters.', path);
    if (!/^[A-Za-z0-9_-]+$/.test(key)) {
      throw invalid('VALUE_REGEX_MISMATCH', 'Keys are letters, digits, `_` and `-`.', path);
    }
    text(1, 255)(held, inside(path, key));
  }
};

export const unsimulated: Check = (_value, path) => {
  throw notSimulated(path, path);
};

function inside(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
