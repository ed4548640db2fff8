import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import {
  AskDeadLetter,
  AskDeadLetterActs,
  AskDeadLetters,
  DiscardDeadLetters,
  ReplayDeadLetters,
  type DeadLetter,
  type DeadLetterAct,
  type DeadLetterActs,
  type DeadLetterKey,
  type DeadLetterPage,
  type DeadLetterSummary,
  type MessageClass,
  type ServiceName,
} from '@tillbridge/contracts';
import { CommandDesk } from '../publishing/command-desk.js';
import { Asker } from '../queries/asker.js';

const PAGE = 500;
/** What one order may name. */
const ORDER = 500;
const LOOK_MS = 200;

export interface DeadLetterFilter {
  readonly consumer?: string;
  readonly code?: string;
}

export interface DeadLetterDecision {
  readonly service: ServiceName;
  readonly letters: readonly DeadLetterKey[];
  readonly by: string;
  readonly reason: string;
  /** How long to wait for what became of them. */
  readonly withinMs?: number;
}

/** Dead letters of the services as a person sees them, over NATS. */
export class DeadLetterDesk {
  private readonly asker: Asker;
  private readonly commands: CommandDesk;

  constructor(nats: NatsConnection) {
    this.asker = new Asker(nats);
    this.commands = new CommandDesk(nats);
  }

  /** At most `limit` of them, and how many there are. @throws Failure when the service is silent */
  async list(
    service: ServiceName,
    filter: DeadLetterFilter,
    limit: number,
  ): Promise<{ readonly deadLetters: DeadLetterSummary[]; readonly total: number }> {
    const deadLetters: DeadLetterSummary[] = [];
    for (;;) {
      const size = Math.min(PAGE, limit - deadLetters.length);
      const last = deadLetters.at(-1);
      const after = last && { consumer: last.consumer, messageId: last.messageId };
      const question = Object.assign(new AskDeadLetters(), { ...filter, after, limit: size });
      const page = await this.asker.ask<DeadLetterPage>(question, { service });
      deadLetters.push(...page.deadLetters);
      const { total } = page;
      if (page.deadLetters.length < size || deadLetters.length >= limit) {
        return { deadLetters, total };
      }
    }
  }

  /** @throws Failure `not-found` */
  show(service: ServiceName, messageId: string): Promise<DeadLetter> {
    const question = Object.assign(new AskDeadLetter(), { messageId });
    return this.asker.ask<DeadLetter>(question, { service });
  }

  /** What was done with dead letters, the latest first. */
  async acts(service: ServiceName, limit: number, actId?: string): Promise<DeadLetterAct[]> {
    const question = Object.assign(new AskDeadLetterActs(), { actId, limit });
    return (await this.asker.ask<DeadLetterActs>(question, { service })).acts;
  }

  /** Runs them again; what became of each. @throws Failure when the order could not be handed over */
  replay(decision: DeadLetterDecision): Promise<DeadLetterAct[]> {
    return this.carryOut(ReplayDeadLetters, decision);
  }

  /** Gives them up. @throws Failure when the order could not be handed over */
  discard(decision: DeadLetterDecision): Promise<DeadLetterAct[]> {
    return this.carryOut(DiscardDeadLetters, decision);
  }

  private async carryOut(
    type: MessageClass<ReplayDeadLetters | DiscardDeadLetters>,
    { service, letters, by, reason, withinMs = 15_000 }: DeadLetterDecision,
  ): Promise<DeadLetterAct[]> {
    const endMs = performance.now() + withinMs;
    const acts: DeadLetterAct[] = [];
    for (let from = 0; from < letters.length; from += ORDER) {
      const part = letters.slice(from, from + ORDER);
      const keys = part.map(({ consumer, messageId }) => ({ consumer, messageId }));
      const order = Object.assign(new type(), { actId: randomUUID(), by, reason, letters: keys });
      await this.commands.hand(order, order.actId, { service });
      acts.push(...(await this.outcomeOf(service, order, endMs)));
    }
    return acts;
  }

  /** What is known of it when all of it is settled, or when the time is over. */
  private async outcomeOf(
    service: ServiceName,
    { actId }: ReplayDeadLetters | DiscardDeadLetters,
    endMs: number,
  ): Promise<DeadLetterAct[]> {
    for (;;) {
      const acts = await this.acts(service, ORDER, actId);
      // An order is carried out whole; those that were no dead letters any more are not among them.
      const settled = acts.length > 0 && acts.every(({ outcome }) => outcome !== 'waiting');
      if (settled || performance.now() >= endMs) return acts;
      await sleep(LOOK_MS);
    }
  }
}
