import type { OrderChanged } from '@tillbridge/contracts';
import {
  decideReceivable,
  opensReceivable,
  tenderFor,
  type OpenReceivable,
  type TenderMapping,
  type TenderName,
} from '@tillbridge/domain';

/** An order as finance sees it. */
export interface OrderPayment {
  readonly orderId: string;
  /** The newest view of the order that was taken in; undefined before the first. */
  readonly newest?: OrderView;
  readonly tender?: DecidedTender;
  /** True once any view of the order was enough to owe for. */
  readonly everOpened: boolean;
  readonly receivable?: OpenReceivable;
  readonly receivableRevision: number;
}

type OrderView = Pick<
  OrderChanged,
  | 'revision'
  | 'name'
  | 'connectionId'
  | 'state'
  | 'draft'
  | 'paymentMethod'
  | 'currency'
  | 'totalMinor'
>;

export interface DecidedTender {
  /** The payment method that it was decided for. */
  readonly method: string;
  readonly outcome: 'decided' | 'unmapped';
  readonly tender?: TenderName;
}

/** What follows from views of an order. */
export interface PaymentDecision {
  readonly payment: OrderPayment;
  /** The tender is told: it is another one, or the order still waits for it. */
  readonly tellsTender: boolean;
  readonly receivableChanged: boolean;
}

/**
 * Takes in views of one order, in any order, repeated: the highest revision counts, and an older
 * one may still tell that there was something to owe for. A newer view that is still `received` is
 * answered anew: its payment method may have been another one in a view that never came by itself,
 * and then the answer that was given before no longer counts.
 */
export function takeViews(
  held: OrderPayment,
  views: readonly OrderView[],
  mappings: readonly TenderMapping[],
): PaymentDecision {
  const newest = views.reduce<OrderView | undefined>(
    (best, view) => (view.revision > (best?.revision ?? 0) ? view : best),
    held.newest,
  );
  const everOpened = held.everOpened || views.some((view) => opensReceivable(view));
  const decision = decisionOf(held, {
    ...held,
    newest,
    everOpened,
    receivable: newest && decideReceivable(everOpened, newest),
    tender: newest && tenderOf(newest.paymentMethod, held.tender, mappings),
  });
  const waits = newest !== held.newest && newest?.state === 'received';
  return { ...decision, tellsTender: decision.tellsTender || waits };
}

/** Decides the tender once more, after the tender map was changed. */
export function reviewTender(
  held: OrderPayment,
  mappings: readonly TenderMapping[],
): PaymentDecision {
  const { newest } = held;
  const tender = newest && tenderOf(newest.paymentMethod, undefined, mappings);
  return decisionOf(held, { ...held, tender });
}

function tenderOf(
  method: string,
  decided: DecidedTender | undefined,
  mappings: readonly TenderMapping[],
): DecidedTender {
  if (decided?.method === method) return decided;
  const tender = tenderFor(mappings, method);
  return tender === undefined
    ? { method, outcome: 'unmapped' }
    : { method, outcome: 'decided', tender };
}

function decisionOf(held: OrderPayment, next: OrderPayment): PaymentDecision {
  const tellsTender =
    held.tender?.method !== next.tender?.method ||
    held.tender?.outcome !== next.tender?.outcome ||
    held.tender?.tender?.name !== next.tender?.tender?.name ||
    held.tender?.tender?.kind !== next.tender?.tender?.kind;
  const receivableChanged =
    held.receivable?.state !== next.receivable?.state ||
    held.receivable?.amountMinor !== next.receivable?.amountMinor;
  const receivableRevision = held.receivableRevision + (receivableChanged ? 1 : 0);
  return { payment: { ...next, receivableRevision }, tellsTender, receivableChanged };
}
