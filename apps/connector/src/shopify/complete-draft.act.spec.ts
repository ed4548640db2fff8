import { CompleteDraft, DraftRefused, Failure } from '@tillbridge/contracts';
import { CompleteDraftAct } from './complete-draft.act.js';
import type { OrderReader } from './order-reader.js';
import type { ShopifyClient } from './shopify.client.js';

const COMMAND = Object.assign(new CompleteDraft(), {
  connectionId: 'shop',
  orderId: '0f3a7f2e-6b1f-5d3c-9c37-0d7f7d0c2b11',
  vendorDraftId: 'gid://shopify/DraftOrder/900',
});

/** A platform with one draft, that does or does not let itself be completed. */
function aPlatform(draft: { status: string } | null, refusal?: string) {
  const calls: string[] = [];
  const client = {
    send: async ({ name }: { name: string }) => {
      calls.push(name);
      if (name !== 'CompleteDraft') return { draftOrder: draft };
      return {
        draftOrderComplete: { userErrors: refusal === undefined ? [] : [{ message: refusal }] },
      };
    },
  } as unknown as ShopifyClient;
  const observation = { key: { kind: 'draft', id: COMMAND.vendorDraftId } };
  const reader = { readDrafts: async () => [{ observation }] } as unknown as OrderReader;
  return { act: new CompleteDraftAct(client, reader), calls };
}

it('completes an open draft and tells it as it then is', async () => {
  const { act, calls } = aPlatform({ status: 'OPEN' });
  const { observations } = await act.perform(COMMAND);
  expect(calls).toEqual(['DraftStatus', 'CompleteDraft']);
  expect(observations).toHaveLength(1);
});

it('leaves one alone that somebody has completed', async () => {
  const { act, calls } = aPlatform({ status: 'COMPLETED' });
  await act.perform(COMMAND);
  expect(calls).toEqual(['DraftStatus']);
});

it.each([
  ['the platform will not complete', { status: 'OPEN' }, 'an item is gone'],
  ['the platform does not have', null, undefined],
])('says of a draft that %s why it was refused', async (_which, draft, refusal) => {
  const { act } = aPlatform(draft, refusal);
  const failure = await act.perform(COMMAND).then(
    () => new Failure('not-found', { afterMs: 1 }, 'it was performed'),
    (error: unknown) => error as Failure,
  );
  expect(failure.retry).toBe('never');
  const [told] = act.refused(COMMAND, failure);
  expect(told).toBeInstanceOf(DraftRefused);
  expect(told).toMatchObject({
    orderId: COMMAND.orderId,
    vendorDraftId: COMMAND.vendorDraftId,
    reason: failure.message,
  });
});
