import type { SquareAccount } from './square-account.js';
import { SQUARE_VERSION } from './square-gate.js';
import type { Endpoint, SquareRequest } from './square-gate.js';
import { webhookSubscriptionCreate, webhookSubscriptionUpdate } from './square-requests.js';

interface Wanted {
  subscription: {
    name: string;
    enabled?: boolean;
    event_types: string[];
    notification_url: string;
    api_version?: string;
  };
}

export function webhookEndpoints(account: SquareAccount): Endpoint[] {
  const { webhooks } = account;
  return [
    {
      method: 'POST',
      path: '/v2/webhooks/subscriptions',
      call: 'webhooks.subscribe',
      body: webhookSubscriptionCreate,
      run: ({ body }: SquareRequest<Wanted>) => ({
        subscription: webhooks.subscribe({ api_version: SQUARE_VERSION, ...body.subscription }),
      }),
    },
    {
      method: 'GET',
      path: '/v2/webhooks/subscriptions',
      call: 'read:webhooks',
      query: ['cursor', 'include_disabled', 'sort_order', 'limit'],
      // Signature keys are shown when a subscription is made or asked for, not in lists.
      run: () => ({
        subscriptions: webhooks.all().map(({ signature_key: _key, ...shown }) => shown),
      }),
    },
    {
      method: 'GET',
      path: '/v2/webhooks/subscriptions/:id',
      call: 'read:webhook',
      run: ({ params }) => ({ subscription: webhooks.get(params.id ?? '') }),
    },
    {
      method: 'PUT',
      path: '/v2/webhooks/subscriptions/:id',
      call: 'webhooks.update',
      body: webhookSubscriptionUpdate,
      run: ({
        params,
        body,
      }: SquareRequest<{ subscription: Partial<Wanted['subscription']> }>) => ({
        subscription: webhooks.change(params.id ?? '', body.subscription),
      }),
    },
    {
      method: 'DELETE',
      path: '/v2/webhooks/subscriptions/:id',
      call: 'webhooks.unsubscribe',
      run: ({ params }) => {
        webhooks.remove(params.id ?? '');
        return {};
      },
    },
  ];
}
