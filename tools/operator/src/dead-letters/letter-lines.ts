import type { DeadLetter, DeadLetterAct, ServiceName } from '@tillbridge/contracts';
import { tableLines } from '../table-lines.js';
import type { FoundLetter } from './find-letters.js';

const ERROR_WIDTH = 60;

export function letterLines(letters: readonly FoundLetter[]): string[] {
  return tableLines(
    [
      { heading: 'since', of: ({ letter }) => letter.at },
      { heading: 'service', of: ({ service }) => service },
      { heading: 'message', of: ({ letter }) => letter.messageId },
      { heading: 'subject', of: ({ letter }) => letter.subject },
      { heading: 'tries', of: ({ letter }) => letter.attempts },
      { heading: 'code', of: ({ letter }) => letter.code },
      { heading: 'error', of: ({ letter }) => letter.error, widest: ERROR_WIDTH },
    ],
    letters,
  );
}

/** One letter with its headers and its content, JSON laid out to be read. */
export function shownLines({ service, letter }: FoundLetter<DeadLetter>): string[] {
  const facts = {
    service,
    consumer: letter.consumer,
    message: letter.messageId,
    subject: letter.subject,
    since: letter.at,
    tries: String(letter.attempts),
    code: letter.code,
    error: letter.error,
    ...letter.headers,
  };
  const rows = Object.entries(facts).map(([name, value]) => `${name.padEnd(15)} ${value}`);
  return [...rows, '', ...laidOut(letter)];
}

export function actLines(
  acts: readonly (DeadLetterAct & { readonly service: ServiceName })[],
): string[] {
  return tableLines(
    [
      { heading: 'at', of: ({ at }) => at },
      { heading: 'act', of: ({ act }) => act },
      { heading: 'outcome', of: ({ outcome }) => outcome },
      { heading: 'by', of: ({ by }) => by },
      { heading: 'service', of: ({ service }) => service },
      { heading: 'message', of: ({ messageId }) => messageId },
      { heading: 'code', of: ({ code }) => code },
      { heading: 'reason', of: ({ reason }) => reason, widest: ERROR_WIDTH },
    ],
    acts,
  );
}

function laidOut({ payload, encoding }: DeadLetter): string[] {
  if (encoding === 'base64') return ['base64:', payload];
  try {
    return JSON.stringify(JSON.parse(payload), null, 2).split('\n');
  } catch {
    return payload.split('\n');
  }
}
