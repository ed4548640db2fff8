import type { Answer } from '../wire/server-kit.js';

export interface ProblemDetail {
  readonly code: string;
  readonly message: string;
  readonly property?: string;
}

/** A refusal in the form of RFC 7807. */
export function problem(
  status: number,
  title: string,
  detail: string,
  errors?: readonly ProblemDetail[],
): Answer {
  return { status, body: { title, status, detail, ...(errors ? { errors } : {}) } };
}
