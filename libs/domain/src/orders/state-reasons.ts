import { currentOf } from './order-facts.js';
import type { OrderLife, OrderRecord } from './order-record.js';

/** Why an order stands where it stands, in a sentence. Empty while it has no state. */
export function whyState(record: OrderRecord): string {
  return record.state === null ? '' : REASONS[record.state](record);
}

const REASONS: Readonly<Record<OrderLife, (record: OrderRecord) => string>> = {
  received: ({ facts }) => {
    const waits = [
      ...(facts.allocation === undefined ? ['its goods to be placed'] : []),
      ...(facts.tender === undefined ? ['a tender'] : []),
    ];
    return `It waits for ${waits.join(' and ') || 'a tender for its payment method'}.`;
  },
  accepted: () => 'It has units that no location has been given yet.',
  promised: ({ facts }) =>
    facts.order === undefined
      ? 'Its stock is kept; it waits for the draft to become an order.'
      : 'Its stock is kept, and the POS is only observed.',
  posting: (record) => {
    const { postings } = record.acts;
    const open = postings.filter(({ postingId }) => record.facts.posted[postingId] === undefined);
    return `The POS has been asked and has not answered for ${open.length} of ${postings.length}.`;
  },
  posted: () => 'The POS has all of it; nothing has left yet.',
  'part-dispatched': () => 'Some of it has left.',
  dispatched: () => 'All of it has left; the platform has not confirmed every report.',
  closed: ({ acts }) =>
    acts.postings.length === 0
      ? 'It was placed before this connection went live: kept for trace alone.'
      : 'All of it has left and is reported.',
  held: ({ exceptions }) =>
    exceptions.map(({ cause }) => cause).join(' ') || 'No tender is mapped to its payment method.',
  short: ({ facts, exceptions }) =>
    exceptions.map(({ cause }) => cause).join(' ') ||
    `${facts.allocation?.shortUnits ?? 0} units of it are missing.`,
  cancelled: ({ facts }) => {
    const status = currentOf(facts)?.status ?? '';
    const gone = ['cancelled', 'deleted'].includes(status);
    return gone ? `It is ${status} on the platform.` : 'Nothing of it is wanted any more.';
  },
};
