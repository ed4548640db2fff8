import type { OrderDecision } from './decide-order.js';
import type { OrderCommand } from './order-commands.js';
import type { OrderFact } from './order-facts.js';
import { factWords, type FactWords } from './order-fact-words.js';
import type { OrderException, OrderLife, OrderRecord } from './order-record.js';
import { whyState } from './state-reasons.js';

/** The message that carried a fact. */
export interface FactSource {
  readonly messageId: string;
  /** The connection that told it, or the service that decided it. */
  readonly system: string;
  /** When its sender said it, ISO 8601. */
  readonly saidAt: string;
}

/** A fact and where it is from; what the service finds out by itself has no source. */
export interface SourcedFact {
  readonly fact: OrderFact;
  readonly source?: FactSource;
}

/** A fact as the story of an order keeps it. */
export interface EventFact extends FactWords {
  readonly kind: OrderFact['kind'];
  readonly source?: FactSource;
}

/** Something that was asked of the outside. */
export interface EventAct {
  readonly kind: OrderCommand['kind'];
  /** The answer carries it too. */
  readonly actId: string;
  readonly system: string;
  readonly amountMinor?: number;
}

/** One step in the story of an order: what came, what was decided and why, what was asked. */
export interface OrderEvent {
  readonly facts: readonly EventFact[];
  readonly from: OrderLife | null;
  readonly to: OrderLife | null;
  readonly why: string;
  readonly asked: readonly EventAct[];
  readonly raised: readonly Pick<OrderException, 'code' | 'system' | 'cause'>[];
  readonly cleared: readonly OrderException['code'][];
}

/**
 * The step that a decision is. Undefined when nothing came from outside and nothing changed: a look
 * at the clock that found nothing is no story.
 */
export function toOrderEvent(
  held: OrderRecord,
  facts: readonly SourcedFact[],
  { record, commands, raised, cleared }: OrderDecision,
): OrderEvent | undefined {
  const moved = held.state !== record.state;
  const decided = moved || commands.length > 0 || raised.length > 0 || cleared.length > 0;
  const told = facts.filter(({ fact, source }) => source !== undefined || isTelling(fact, decided));
  if (!decided && told.length === 0) return undefined;
  return {
    facts: told.map(({ fact, source }) => ({
      kind: fact.kind,
      ...factWords(fact),
      ...(source === undefined ? {} : { source }),
    })),
    from: held.state,
    to: record.state,
    why: moved ? whyState(record) : '',
    asked: commands.map((command) => toAct(record.orderId, command)),
    raised: raised.map(({ code, system, cause }) => ({ code, system, cause })),
    cleared,
  };
}

/** What the service found out by itself is told where it had a consequence. */
function isTelling(fact: OrderFact, decided: boolean): boolean {
  return decided || fact.kind !== 'clock';
}

function toAct(orderId: string, command: OrderCommand): EventAct {
  const { kind, connectionId: system } = command;
  switch (command.kind) {
    case 'post-order':
      return { kind, actId: command.postingId, system, amountMinor: command.totalMinor };
    case 'reverse-order':
      return { kind, actId: command.reversalId, system, amountMinor: command.amountMinor };
    case 'create-fulfilment':
      return { kind, actId: command.dispatchId, system };
    case 'cancel-fulfilment':
      return { kind, actId: command.cancellationId, system };
    case 'update-tracking':
      return { kind, actId: command.trackingId, system };
    case 'complete-fulfilment':
      return { kind, actId: command.completionId, system };
    case 'complete-draft':
      return { kind, actId: orderId, system };
  }
}
