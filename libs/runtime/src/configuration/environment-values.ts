import type { Mistake } from './configuration-errors.js';

export type Environment = Readonly<Record<string, string | undefined>>;

const REFERENCE = /^env:(.*)$/s;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** A copy of `value` with each `env:NAME` replaced; what is missing is added to `mistakes`. */
export function fillFromEnvironment(
  value: unknown,
  env: Environment,
  mistakes: Mistake[],
  path = '',
): unknown {
  if (Array.isArray(value)) {
    return value.map((item, at) => fillFromEnvironment(item, env, mistakes, `${path}[${at}]`));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        // A key with nothing after it is a key left out.
        .filter(([, item]) => item !== null)
        .map(([key, item]) => {
          const itemPath = path === '' ? key : `${path}.${key}`;
          return [key, fillFromEnvironment(item, env, mistakes, itemPath)];
        }),
    );
  }
  const name = typeof value === 'string' ? REFERENCE.exec(value)?.[1] : undefined;
  if (name === undefined) return value;
  if (!NAME.test(name)) {
    mistakes.push({ path, message: 'names a variable after env:, such as env:SQUARE_TOKEN' });
    return '';
  }
  const found = env[name];
  if (found !== undefined && found !== '') return found;
  mistakes.push({ path, message: `needs the environment variable ${name}, which is not set` });
  return '';
}
