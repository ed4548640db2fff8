/** What an operator looks up. Never renamed, only added. */
export type FailureCode =
  | 'bad-message'
  | 'vendor-unavailable'
  | 'vendor-refused'
  | 'vendor-throttled'
  | 'vendor-unauthorised'
  | 'vendor-conflict'
  | 'query-timeout'
  | 'query-failed'
  | 'not-found'
  | 'not-ready'
  | 'database-unavailable'
  | 'rebuild-refused'
  | 'configuration';

/** Something outside went wrong that somebody may have to act on. Anything else thrown is a bug. */
export class Failure extends Error {
  override readonly name = 'Failure';

  constructor(
    readonly code: FailureCode,
    readonly retry: { readonly afterMs: number } | 'never',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
