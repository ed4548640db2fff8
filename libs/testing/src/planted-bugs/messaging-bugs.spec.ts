import { expectToBeNoticed, expectToBeListed } from './expect-noticed.js';
import { MESSAGING_BUGS } from './messaging-bugs.js';

it.concurrent.each(MESSAGING_BUGS)('it is noticed when not: $guard', expectToBeNoticed);

it('the README of libs/messaging lists them all', () => {
  expectToBeListed(MESSAGING_BUGS, 'libs/messaging/README.md');
});
