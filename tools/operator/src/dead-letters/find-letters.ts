import {
  Failure,
  type DeadLetter,
  type DeadLetterSummary,
  type ServiceName,
} from '@tillbridge/contracts';
import type { DeadLetterDesk, DeadLetterFilter } from '@tillbridge/messaging';

export interface FoundLetter<T extends DeadLetterSummary = DeadLetterSummary> {
  readonly service: ServiceName;
  readonly letter: T;
}

export interface FoundLetters {
  readonly letters: FoundLetter[];
  /** Of all services that answered, shown or not. */
  readonly total: number;
  /** What is not known because these did not answer. */
  readonly silent: readonly { readonly service: ServiceName; readonly error: string }[];
}

/** Dead letters of the services that answer; the oldest first. */
export async function findLetters(
  desk: DeadLetterDesk,
  services: readonly ServiceName[],
  filter: DeadLetterFilter,
  limit: number,
): Promise<FoundLetters> {
  const letters: FoundLetter[] = [];
  const silent: { service: ServiceName; error: string }[] = [];
  let total = 0;
  for (const service of services) {
    try {
      const page = await desk.list(service, filter, limit);
      total += page.total;
      letters.push(...page.deadLetters.map((letter) => ({ service, letter })));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      silent.push({ service, error: error.message });
    }
  }
  letters.sort((a, b) => Date.parse(a.letter.at) - Date.parse(b.letter.at));
  return { letters: letters.slice(0, limit), total, silent };
}

/** Every dead letter with this message id; more than one when several services could not take it. */
export async function lettersWithId(
  desk: DeadLetterDesk,
  services: readonly ServiceName[],
  messageId: string,
): Promise<FoundLetter<DeadLetter>[]> {
  const found: FoundLetter<DeadLetter>[] = [];
  for (const service of services) {
    try {
      found.push({ service, letter: await desk.show(service, messageId) });
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'not-found') throw error;
    }
  }
  return found;
}
