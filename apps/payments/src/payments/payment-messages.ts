import { ReceivableChanged, TenderDecided } from '@tillbridge/contracts';
import type { Transaction } from '@tillbridge/postgres';
import type { OrderPayment, PaymentDecision } from './order-payment.js';

/** Tells the others what was decided, and opens or closes `tender-unmapped` with it. */
export async function tellDecisions(
  tx: Transaction,
  decisions: readonly PaymentDecision[],
): Promise<void> {
  tx.send([
    ...decisions.filter((d) => d.tellsTender).flatMap(({ payment }) => toTenderDecided(payment)),
    ...decisions
      .filter((d) => d.receivableChanged)
      .flatMap(({ payment }) => toReceivableChanged(payment)),
  ]);
  const payments = decisions.map(({ payment }) => payment);
  const open = payments.filter(isUnmapped);
  await tx.raise(
    open.map(({ orderId, newest }) => ({
      code: 'tender-unmapped',
      subject: orderId,
      system: 'tillbridge',
      cause: `${newest?.name} is paid by '${newest?.paymentMethod}', which the tender map does not name.`,
    })),
  );
  await tx.clear(
    payments
      .filter((payment) => !isUnmapped(payment))
      .map(({ orderId }) => ({ code: 'tender-unmapped', subject: orderId })),
  );
}

function isUnmapped({ tender, newest }: OrderPayment): boolean {
  return tender?.outcome === 'unmapped' && newest?.state !== 'cancelled';
}

function toTenderDecided({ orderId, newest, tender }: OrderPayment): TenderDecided[] {
  if (newest === undefined || tender === undefined) return [];
  return [
    Object.assign(new TenderDecided(), {
      orderId,
      revision: newest.revision,
      outcome: tender.outcome,
      ...(tender.tender === undefined ? {} : { tender: tender.tender }),
    }),
  ];
}

function toReceivableChanged(payment: OrderPayment): ReceivableChanged[] {
  const { orderId, newest, receivable, receivableRevision: revision } = payment;
  if (newest === undefined || receivable === undefined) return [];
  const { name: orderName, currency } = newest;
  return [
    Object.assign(new ReceivableChanged(), {
      orderId,
      orderName,
      currency,
      ...receivable,
      revision,
    }),
  ];
}
