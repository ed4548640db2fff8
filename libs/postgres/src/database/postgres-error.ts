import { Failure } from '@tillbridge/contracts';

/** Two transactions met; the same work run again is expected to pass. */
export function isConflict(error: unknown): boolean {
  const code = codeOf(error);
  return code === '40001' || code === '40P01';
}

/** A lost or refused connection as the Failure it is; anything else as it came. */
export function asFailure(error: unknown): unknown {
  if (error instanceof Failure || !isUnavailable(error)) return error;
  const text = 'the database cannot be reached, or went away in the middle of the work';
  return new Failure('database-unavailable', { afterMs: 1_000 }, text, { cause: error });
}

const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
/** Shutting down, crashed, starting up, too many connections, idle in a transaction too long. */
const GOING = new Set(['57P01', '57P02', '57P03', '53300', '25P03']);
/** pg names these only by their words; TypeORM lets go of a runner whose connection broke. */
const WORDS = [
  'Connection terminated',
  'timeout exceeded when trying to connect',
  'not queryable',
  'Query runner already released',
];

function isUnavailable(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== undefined) return NETWORK.has(code) || GOING.has(code) || code.startsWith('08');
  return error instanceof Error && WORDS.some((words) => error.message.includes(words));
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, driverError } = error as { code?: unknown; driverError?: { code?: unknown } };
  const found = driverError?.code ?? code;
  return typeof found === 'string' ? found : undefined;
}
