import type {
  AskDeadLetter,
  AskDeadLetterActs,
  AskDeadLetters,
  DeadLetter,
  DeadLetterAct,
  DeadLetterPage,
  DiscardDeadLetters,
  ReplayDeadLetters,
} from '@tillbridge/contracts';

/** A service's dead letters, for people. libs/postgres provides it. */
export abstract class DeadLetterStore {
  abstract list(question: AskDeadLetters): Promise<DeadLetterPage>;
  /** @throws Failure `not-found` */
  abstract show(question: AskDeadLetter): Promise<DeadLetter>;
  abstract acts(question: AskDeadLetterActs): Promise<DeadLetterAct[]>;
  /** Puts them among the messages that wait, due now. Those that are no dead letters are left out. */
  abstract replay(order: ReplayDeadLetters): Promise<void>;
  /** Forgets their content and keeps who did it and why. */
  abstract discard(order: DiscardDeadLetters): Promise<void>;
}
