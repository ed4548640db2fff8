import { errors, type NatsConnection } from '@nats-io/transport-node';
import {
  Failure,
  shapeOf,
  subjectOf,
  type MessageClass,
  type ServiceName,
} from '@tillbridge/contracts';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { answerIn } from './reply-envelope.js';

export interface AskOptions {
  /** Fills `{connection}`; the question's own `connectionId` when left out. */
  readonly connection?: string;
  /** Fills `{service}`. */
  readonly service?: ServiceName;
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 5_000;

/** Asks other services. Nothing is stored: who asks decides what a missing answer means. */
export class Asker {
  constructor(private readonly nats: NatsConnection) {}

  /**
   * @throws Failure `query-timeout` when nobody answered in time, `query-failed` for an answer that
   * is none, and otherwise the Failure that the other side threw.
   */
  async ask<A>(question: object, to: AskOptions = {}): Promise<A> {
    const type = question.constructor as MessageClass<object>;
    const connection = to.connection ?? (question as { connectionId?: string }).connectionId;
    const subject = subjectOf(type, { connection, service: to.service });
    const envelope = await this.request(subject, question, to.timeoutMs ?? TIMEOUT_MS);
    const plain = answerIn(envelope, subject);
    const { answer: answerType } = shapeOf(type);
    if (answerType === undefined || typeof plain !== 'object' || plain === null) {
      throw invalid(subject, 'it is no object');
    }
    const answer = plainToInstance(answerType, plain) as object;
    const wrong = validateSync(answer, { forbidUnknownValues: false });
    if (wrong.length > 0) throw invalid(subject, wrong.map(({ property }) => property).join(', '));
    return answer as A;
  }

  private async request(subject: string, question: object, timeout: number): Promise<unknown> {
    try {
      const reply = await this.nats.request(subject, JSON.stringify(question), { timeout });
      return reply.json();
    } catch (error) {
      const silent =
        error instanceof errors.TimeoutError ||
        (error instanceof errors.RequestError && error.isNoResponders());
      const text = silent ? 'nobody answered in time' : 'could not be asked';
      const code = silent ? 'query-timeout' : 'query-failed';
      throw new Failure(code, { afterMs: 1_000 }, `${subject}: ${text}`, { cause: error });
    }
  }
}

function invalid(subject: string, why: string): Failure {
  return new Failure('query-failed', 'never', `${subject} was answered wrongly: ${why}`);
}
