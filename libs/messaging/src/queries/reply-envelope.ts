import { Failure, type FailureCode } from '@tillbridge/contracts';

/** What travels back. A failure can never be mistaken for an answer. */
export type ReplyEnvelope =
  | { readonly ok: true; readonly answer: unknown }
  | {
      readonly ok: false;
      readonly failure: {
        readonly code: FailureCode;
        readonly retry: { readonly afterMs: number } | 'never';
        readonly message: string;
      };
    };

/** The words of a bug stay in the log of the service that has it. */
export function toFailureEnvelope(error: unknown): ReplyEnvelope {
  if (error instanceof Failure) {
    const { code, retry, message } = error;
    return { ok: false, failure: { code, retry, message } };
  }
  const failure = { code: 'query-failed', retry: { afterMs: 1_000 }, message: 'a bug' } as const;
  return { ok: false, failure };
}

/** The answer in a reply. @throws Failure the other side's, or `query-failed` for what is no reply. */
export function answerIn(envelope: unknown, subject: string): unknown {
  const reply = envelope as Partial<ReplyEnvelope> | null;
  if (reply?.ok === true && 'answer' in reply) return reply.answer;
  const failure = reply?.ok === false ? reply.failure : undefined;
  if (failure?.code === undefined) throw failed(subject, 'its reply is none');
  if (failure.code === 'query-failed') throw failed(subject, failure.message);
  throw new Failure(failure.code, failure.retry, `${subject}: ${failure.message}`);
}

function failed(subject: string, why: string): Failure {
  return new Failure('query-failed', { afterMs: 1_000 }, `${subject} was not answered: ${why}`);
}
