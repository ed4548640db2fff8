import type { Answer } from '../wire/server-kit.js';

export type SquareErrorCategory =
  | 'API_ERROR'
  | 'AUTHENTICATION_ERROR'
  | 'INVALID_REQUEST_ERROR'
  | 'RATE_LIMIT_ERROR'
  | 'REFUND_ERROR';

/** A refusal as Square words it; the answer carries it in the `errors` envelope. */
export class SquareError extends Error {
  override readonly name = 'SquareError';

  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly field?: string,
    readonly category: SquareErrorCategory = 'INVALID_REQUEST_ERROR',
  ) {
    super(detail);
  }

  toAnswer(): Answer {
    const { category, code, message: detail, field } = this;
    return { status: this.status, body: { errors: [{ category, code, detail, field }] } };
  }
}

export function invalid(code: string, detail: string, field?: string): SquareError {
  return new SquareError(400, code, detail, field);
}

export function notFound(what: string, id: string, field?: string): SquareError {
  return new SquareError(404, 'NOT_FOUND', `${what} with id \`${id}\` was not found.`, field);
}

/** Square can do this, the simulator cannot: refused aloud, so that nobody builds on a guess. */
export function notSimulated(what: string, field?: string): SquareError {
  return invalid('NOT_IMPLEMENTED', `${what} is not simulated.`, field);
}

export function rateLimited(): SquareError {
  const detail = 'This request was rate limited. Please retry later.';
  return new SquareError(429, 'RATE_LIMITED', detail, undefined, 'RATE_LIMIT_ERROR');
}

export function internalError(): SquareError {
  const detail = 'An internal error has occurred, and the API was unable to service your request.';
  return new SquareError(500, 'INTERNAL_SERVER_ERROR', detail, undefined, 'API_ERROR');
}
