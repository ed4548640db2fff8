import { Failure, type MessageClass, type Received } from '@tillbridge/contracts';
import type { KeptMessage } from '@tillbridge/runtime';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { rememberRules } from './remembered-rules.js';

rememberRules();

/**
 * A message as its handler may see it: whole, typed, valid.
 *
 * @throws Failure `bad-message` that names every wrong field, never its value.
 */
export function decodeMessage<T extends object>(
  message: KeptMessage,
  type: MessageClass<T>,
): Received<T> {
  const { 'ce-id': id, 'ce-time': time, traceparent } = message.headers;
  if (id === undefined || time === undefined) throw bad('it has no ce-id or no ce-time');
  const data = decodeData(message.payload, type);
  const { consumer, subject } = message;
  return { id, subject, consumer, time, ...(traceparent && { traceparent }), data };
}

/** JSON bytes as a valid instance. @throws Failure `bad-message` */
export function decodeData<T extends object>(payload: Uint8Array, type: MessageClass<T>): T {
  const plain = parse(payload);
  if (typeof plain !== 'object' || plain === null || Array.isArray(plain)) {
    throw bad('its data is not a JSON object');
  }
  const data = plainToInstance(type, plain);
  const errors = validateSync(data, { forbidUnknownValues: false });
  if (errors.length > 0) throw bad(errors.flatMap((each) => described(each, '')).join('; '));
  return data;
}

const text = new TextDecoder('utf-8', { fatal: true });

function parse(payload: Uint8Array): unknown {
  try {
    return JSON.parse(text.decode(payload));
  } catch (error) {
    // The parser's own words quote the data.
    throw bad('its data is not JSON', { cause: error });
  }
}

function described(error: ValidationError, parent: string): string[] {
  const path = parent === '' ? error.property : `${parent}.${error.property}`;
  const rules = Object.keys(error.constraints ?? {});
  const own = rules.length === 0 ? [] : [`${path} fails ${rules.join(', ')}`];
  return own.concat((error.children ?? []).flatMap((child) => described(child, path)));
}

function bad(message: string, options?: ErrorOptions): Failure {
  return new Failure('bad-message', 'never', message, options);
}
