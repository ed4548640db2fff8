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
    promised: refusing(to('posting', 'posted', 'dispatched', 'part-dispatched'), 'result-unasked'),
    short: refusing(to('posting', 'posted', 'part-dispatched', 'dispatched'), 'result-unasked'),
    posting: refusing(to('posted', 'part-dispatched', 'dispatched', 'closed'), 'result-unasked'),
    posted: UNASKED,
    'part-dispatched': UNASKED,
    dispatched: refusing(to('posting'), 'result-unasked'),
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
    posted: refusing(to('posting'), 'result-unasked'),
    'part-dispatched': UNASKED,
    dispatched: UNASKED,
    closed: UNASKED,
    cancelled: UNASKED,
  },
  'pos-fulfilment': {
    unseen: STAYS,
    received: UNASKED,
    held: refusing(to('dispatched', 'closed', 'posting'), 'result-unasked'),
    accepted: refusing(STAYS, 'result-unasked', 'left-after-void'),
    promised: refusing(to('dispatched', 'part-dispatched'), 'result-unasked'),
    short: refusing(to('part-dispatched', 'dispatched', 'closed'), 'result-unasked'),
    posting: refusing(
      to('part-dispatched', 'dispatched', 'closed'),
      'result-unasked',
      'left-after-void',
    ),
    posted: refusing(to('part-dispatched', 'dispatched', 'closed'), 'result-unasked'),
    'part-dispatched': refusing(to('posted', 'dispatched', 'closed', 'posting'), 'result-unasked'),
    dispatched: refusing(
      to('posting', 'posted', 'part-dispatched', 'closed', 'short'),
      'left-after-void',
      'result-unasked',
    ),
    closed: refusing(
      to('posting', 'posted', 'part-dispatched', 'dispatched', 'promised'),
      'left-after-void',
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
    held: refusing(to('posting', 'accepted'), 'result-unasked'),
    accepted: UNASKED,
    promised: refusing(to('posting', 'posted', 'dispatched'), 'result-unasked'),
    short: refusing(
      to('received', 'held', 'accepted', 'posting', 'part-dispatched', 'dispatched', 'posted'),
      'result-unasked',
    ),
    posting: refusing(
      to(
        'received',
        'held',
        'accepted',
        'posted',
        'part-dispatched',
        'dispatched',
        'closed',
        'short',
      ),
      'left-after-void',
      'result-unasked',
    ),
    posted: refusing(
      to('received', 'held', 'accepted', 'posting', 'dispatched', 'closed'),
      'result-unasked',
    ),
    'part-dispatched': refusing(
      to('received', 'held', 'accepted', 'posting', 'posted', 'dispatched'),
      'result-unasked',
    ),
    dispatched: refusing(
      to('received', 'held', 'accepted', 'posting', 'posted', 'part-dispatched'),
      'result-unasked',
    ),
    closed: refusing(
      to(
        'received',
        'held',
        'accepted',
        'short',
        'posting',
        'posted',
        'part-dispatched',
        'dispatched',
      ),
      'result-unasked',
    ),
    cancelled: refusing(STAYS, 'left-after-void', 'result-unasked'),
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
