import { readFile } from 'node:fs/promises';
import { plainToInstance } from 'class-transformer';
import { validate, type ValidationError } from 'class-validator';
import { parseDocument } from 'yaml';
import { Configuration } from './configuration.js';
import { ConfigurationErrors, type Mistake } from './configuration-errors.js';
import { crossCheck } from './cross-checks.js';
import { fillFromEnvironment, type Environment } from './environment-values.js';

/**
 * Reads `tillbridge.yaml`, whole. Strings of the form `env:NAME` are taken from `env`.
 *
 * @throws ConfigurationErrors with every mistake and its path in the file.
 */
export async function loadConfiguration(
  path: string,
  env: Environment = process.env,
): Promise<Configuration> {
  const plain = parse(path, await read(path));
  const mistakes: Mistake[] = [];
  const filled = fillFromEnvironment(plain, env, mistakes);
  const unfilled = new Set(mistakes.map((mistake) => mistake.path));
  const configuration = plainToInstance(Configuration, filled, { exposeDefaultValues: true });
  const found = await validate(configuration, { whitelist: true, forbidNonWhitelisted: true });
  for (const mistake of found.flatMap((error) => mistakesOf(error, ''))) {
    if (!unfilled.has(mistake.path)) mistakes.push(mistake);
  }
  // The cross-checks read fields that only now are known to have the right form.
  if (found.length === 0) mistakes.push(...crossCheck(configuration));
  if (mistakes.length > 0) throw new ConfigurationErrors(path, mistakes);
  return configuration;
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const mistake = { path: '(file)', message: 'cannot be read; is the path right?' };
    throw new ConfigurationErrors(path, [mistake], { cause: error });
  }
}

function parse(path: string, text: string): object {
  const document = parseDocument(text, { prettyErrors: true });
  if (document.errors.length > 0) {
    throw new ConfigurationErrors(
      path,
      document.errors.map((error) => ({
        path: `line ${error.linePos?.[0].line ?? 1}`,
        message: `is not YAML: ${error.code.toLowerCase().replaceAll('_', ' ')}`,
      })),
    );
  }
  const plain: unknown = document.toJS();
  if (typeof plain !== 'object' || plain === null || Array.isArray(plain)) {
    const message = 'holds a map with currency, connections, locations and tenders';
    throw new ConfigurationErrors(path, [{ path: '(file)', message }]);
  }
  return plain;
}

function mistakesOf(error: ValidationError, parent: string): Mistake[] {
  const path = pathOf(parent, error.property);
  const rules = Object.entries(error.constraints ?? {});
  const texts = rules.map(([rule, text]) => messageOf(rule, text, error.property));
  const missing = error.value === undefined ? 'is missing: it ' : '';
  const own = texts.length === 0 ? [] : [{ path, message: missing + texts.join(', ') }];
  return own.concat((error.children ?? []).flatMap((child) => mistakesOf(child, path)));
}

function pathOf(parent: string, property: string): string {
  if (/^\d+$/.test(property)) return `${parent}[${property}]`;
  return parent === '' ? property : `${parent}.${property}`;
}

const WORDS: Readonly<Record<string, string>> = {
  whitelistValidation: 'is not a known key here; take it out or correct its spelling',
  arrayUnique: 'lists each id or payment method once',
  unknownValue: 'is not something that is known here',
  nestedValidation: 'is a map or a list of maps, with the keys of the example file',
};

function messageOf(rule: string, text: string, property: string): string {
  return (
    WORDS[rule] ?? text.replace(`each value in ${property} `, 'each ').replace(`${property} `, '')
  );
}
