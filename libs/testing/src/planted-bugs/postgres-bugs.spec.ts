import { expectToBeNoticed, expectToBeListed } from './expect-noticed.js';
import { POSTGRES_BUGS } from './postgres-bugs.js';

it.concurrent.each(POSTGRES_BUGS)('it is noticed when not: $guard', expectToBeNoticed);

it('the README of libs/postgres lists them all', () => {
  expectToBeListed(POSTGRES_BUGS, 'libs/postgres/README.md');
});
