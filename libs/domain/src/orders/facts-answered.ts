import { refusing, STAYS, to, UNASKED, type OrderPairs } from './order-pair.js';

/** Answers to what was asked of the outside: lead onwards, and back where they are corrected. */
export const FACTS_ANSWERED = {
  posted: {
    unseen: STAYS,
    received: UNASKED,
    held: refusing(
      to('posting', 'posted', 'part-dispatched', 'dispatched', 'closed'),
      'result-unasked',
    ),
    accepted: UNASKED,
    promised: refusing(
      to('posting', 'posted', 'part-dispatched', 'dispatched', 'closed'),
      'result-unasked',
    ),
    short: refusing(to('posting', 'posted', 'part-dispatched', 'dispatched'), 'result-unasked'),
    posting: refusing(to('posted', 'part-dispatched', 'dispatched', 'closed'), 'result-unasked'),
    posted: UNASKED,
    'part-dispatched': UNASKED,
    dispatched: UNASKED,
    closed: UNASKED,
    cancelled: UNASKED,
  },
  refused: {
    unseen: STAYS,
    received: UNASKED,
    held: refusing(to('promised', 'short'), 'result-unasked'),
    accepted: UNASKED,
    promised: UNASKED,
    short: UNASKED,
    posting: refusing(to('held', 'promised', 'short'), 'result-unasked'),
    posted: UNASKED,
    'part-dispatched': UNASKED,
    dispatched: UNASKED,
    closed: UNASKED,
    cancelled: UNASKED,
  },
  'pos-fulfilment': {
    unseen: STAYS,
    received: UNASKED,
    held: refusing(to('posting', 'part-dispatched', 'dispatched', 'closed'), 'result-unasked'),
    accepted: UNASKED,
    promised: refusing(to('posting', 'part-dispatched', 'dispatched', 'closed'), 'result-unasked'),
    short: refusing(to('posting', 'part-dispatched', 'dispatched', 'closed'), 'result-unasked'),
    posting: refusing(
      to('held', 'promised', 'part-dispatched', 'dispatched', 'closed'),
      'result-unasked',
    ),
    posted: refusing(to('part-dispatched', 'dispatched', 'closed'), 'result-unasked'),
    'part-dispatched': refusing(
      to('held', 'promised', 'posting', 'posted', 'dispatched', 'closed'),
      'result-unasked',
    ),
    dispatched: refusing(
      to('held', 'promised', 'short', 'posting', 'posted', 'part-dispatched', 'closed'),
      'result-unasked',
    ),
    closed: refusing(
      to('held', 'promised', 'short', 'posting', 'posted', 'part-dispatched', 'dispatched'),
      'result-unasked',
    ),
    cancelled: UNASKED,
  },
  'fulfilment-created': {
    unseen: STAYS,
    received: UNASKED,
    held: UNASKED,
    accepted: UNASKED,
    promised: UNASKED,
    short: UNASKED,
    posting: UNASKED,
    posted: UNASKED,
    'part-dispatched': UNASKED,
    dispatched: refusing(to('closed'), 'result-unasked'),
    closed: UNASKED,
    cancelled: UNASKED,
  },
  'fulfilment-refused': {
    unseen: STAYS,
    received: UNASKED,
    held: UNASKED,
    accepted: UNASKED,
    promised: UNASKED,
    short: UNASKED,
    posting: UNASKED,
    posted: UNASKED,
    'part-dispatched': UNASKED,
    dispatched: refusing(to('closed'), 'result-unasked'),
    closed: UNASKED,
    cancelled: UNASKED,
  },
  'draft-refused': {
    unseen: STAYS,
    received: UNASKED,
    held: UNASKED,
    accepted: UNASKED,
    promised: UNASKED,
    short: UNASKED,
    posting: UNASKED,
    posted: UNASKED,
    'part-dispatched': UNASKED,
    dispatched: UNASKED,
    closed: UNASKED,
    cancelled: UNASKED,
  },
  reversed: {
    unseen: STAYS,
    received: UNASKED,
    held: UNASKED,
    accepted: UNASKED,
    promised: UNASKED,
    short: UNASKED,
    posting: UNASKED,
    posted: UNASKED,
    'part-dispatched': UNASKED,
    dispatched: UNASKED,
    closed: UNASKED,
    cancelled: UNASKED,
  },
} as const satisfies OrderPairs<
  | 'posted'
  | 'refused'
  | 'pos-fulfilment'
  | 'fulfilment-created'
  | 'fulfilment-refused'
  | 'draft-refused'
  | 'reversed'
>;
