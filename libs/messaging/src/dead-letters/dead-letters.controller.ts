import { Controller } from '@nestjs/common';
import {
  AskDeadLetter,
  AskDeadLetterActs,
  AskDeadLetters,
  DeadLetterActs,
  DiscardDeadLetters,
  ReplayDeadLetters,
  type DeadLetter,
  type DeadLetterPage,
  type Received,
} from '@tillbridge/contracts';
import { DeadLetterStore } from '@tillbridge/runtime';
import { Answers } from '../handlers/answers.js';
import { Consumes } from '../handlers/consumes.js';

/** What every service answers about its dead letters, and does with them when a person says so. */
@Controller()
export class DeadLettersController {
  constructor(private readonly store: DeadLetterStore) {}

  @Answers(AskDeadLetters)
  list(question: AskDeadLetters): Promise<DeadLetterPage> {
    return this.store.list(question);
  }

  @Answers(AskDeadLetter)
  show(question: AskDeadLetter): Promise<DeadLetter> {
    return this.store.show(question);
  }

  @Answers(AskDeadLetterActs)
  async acts(question: AskDeadLetterActs): Promise<DeadLetterActs> {
    return Object.assign(new DeadLetterActs(), { acts: await this.store.acts(question) });
  }

  @Consumes(ReplayDeadLetters, { batch: { size: 10 } })
  async replay(received: Received<ReplayDeadLetters>[]): Promise<void> {
    for (const { data } of received) await this.store.replay(data);
  }

  @Consumes(DiscardDeadLetters, { batch: { size: 10 } })
  async discard(received: Received<DiscardDeadLetters>[]): Promise<void> {
    for (const { data } of received) await this.store.discard(data);
  }
}
