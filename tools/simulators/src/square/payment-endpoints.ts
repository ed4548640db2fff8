import type { SquareAccount } from './square-account.js';
import type { Endpoint, SquareRequest } from './square-gate.js';
import type { WantedPayment, WantedRefund } from './square-payment.js';
import { paymentCancel, paymentRequests } from './square-requests.js';

export function paymentEndpoints(account: SquareAccount): Endpoint[] {
  const requests = paymentRequests(account.currency);
  return [
    {
      method: 'POST',
      path: '/v2/payments',
      call: 'payments.create',
      body: requests.create,
      run: ({ body }: SquareRequest<WantedPayment>) => ({ payment: account.payments.create(body) }),
    },
    {
      method: 'GET',
      path: '/v2/payments/:id',
      call: 'read:payment',
      run: ({ params }) => ({ payment: account.payments.get(params.id ?? '') }),
    },
    {
      method: 'POST',
      path: '/v2/payments/cancel',
      call: 'payments.cancel',
      body: paymentCancel,
      run: ({ body }: SquareRequest<{ idempotency_key: string }>) => {
        account.payments.cancelByKey(body.idempotency_key);
        return {};
      },
    },
    {
      method: 'POST',
      path: '/v2/refunds',
      call: 'refunds.create',
      body: requests.refund,
      run: ({ body }: SquareRequest<WantedRefund>) => ({ refund: account.payments.refund(body) }),
    },
    {
      method: 'GET',
      path: '/v2/refunds/:id',
      call: 'read:refund',
      run: ({ params }) => ({ refund: account.payments.getRefund(params.id ?? '') }),
    },
  ];
}
