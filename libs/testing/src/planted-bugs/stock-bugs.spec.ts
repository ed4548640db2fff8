import { expectToBeNoticed, expectToBeListed } from './expect-noticed.js';
import { RECONCILIATION_BUGS } from './reconciliation-bugs.js';
import { STOCK_BUGS } from './stock-bugs.js';

it.concurrent.each(STOCK_BUGS)('it is noticed when not: $guard', expectToBeNoticed);

it('the README of apps/inventory lists them all', () => {
  expectToBeListed([...STOCK_BUGS, ...RECONCILIATION_BUGS], 'apps/inventory/README.md');
});
