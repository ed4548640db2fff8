import { Failure } from '@tillbridge/contracts';
import { asFailure, isConflict } from './postgres-error.js';

const withCode = (code: string) => Object.assign(new Error('said the server'), { code });

it.each(['57P01', '25P03', '53300', '08006', 'ECONNREFUSED'])(
  '%s is a database that is away, with its cause',
  (code) => {
    const cause = withCode(code);
    expect(asFailure(cause)).toMatchObject({ code: 'database-unavailable', cause });
    expect(asFailure({ driverError: cause })).toMatchObject({ code: 'database-unavailable' });
  },
);

it('anything else stays what it is', () => {
  for (const error of [
    withCode('23505'),
    new Error('a bug'),
    new Failure('not-found', 'never', ''),
  ]) {
    expect(asFailure(error)).toBe(error);
  }
});

it('only what two transactions did to each other is run again', () => {
  expect(['40001', '40P01', '23505', '57P01'].map((code) => isConflict(withCode(code)))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
