import { expectToBeNoticed } from './expect-noticed.js';
import { RECONCILIATION_BUGS } from './reconciliation-bugs.js';

it.concurrent.each(RECONCILIATION_BUGS)('it is noticed when not: $guard', expectToBeNoticed);
