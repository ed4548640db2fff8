import { expectToBeListed, expectToBeNoticed } from './expect-noticed.js';
import { ORDER_BUGS } from './order-bugs.js';

it.concurrent.each(ORDER_BUGS)('it is noticed when not: $guard', expectToBeNoticed);

it('the README of apps/orders lists them all', () => {
  expectToBeListed(ORDER_BUGS, 'apps/orders/README.md');
});
