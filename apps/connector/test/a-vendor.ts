import { PurchaseObserved, SetStock, StockSet } from '@tillbridge/contracts';
import type { Act, EntityKey, Feed, Observation, RawWebhook, Vendor } from '../src/vendor.js';
import { aConnection } from './connector-rig.js';

/** What a test lets a vendor be. */
export interface VendorScript {
  readonly feeds?: readonly Feed[];
  readonly acts?: readonly Act[];
  readonly mode?: 'observe' | 'live';
  readonly mapped?: Vendor['mapped'];
  fetch?(keys: readonly EntityKey[]): Promise<Observation[]>;
  connect?(): Promise<void>;
}

/** A vendor whose webhooks say `{"id": …, "key": …}` and are signed with the word 'signed'. */
export function aVendor(script: VendorScript = {}): Vendor {
  return {
    connection: aConnection({ mode: script.mode ?? 'live' }),
    feeds: script.feeds ?? [],
    acts: script.acts ?? [],
    aside: { feeds: [], kinds: [] },
    ...(script.mapped === undefined ? {} : { mapped: script.mapped }),
    actConcurrency: 2,
    fetchBatch: () => 10,
    fetch: async (keys) => script.fetch?.(keys) ?? [],
    verify: ({ body, headers }: RawWebhook) => {
      if (headers.signature !== 'signed') {
        return { ok: false, status: 403, code: 'signature-mismatch', detail: 'not signed' };
      }
      const { id, key } = JSON.parse(body.toString()) as { id: string; key: string };
      return { ok: true, eventId: id, topic: 'changed', keys: [{ kind: 'thing', id: key }] };
    },
    connect: async () => script.connect?.(),
    callsWaiting: () => 0,
    mayWait: () => undefined,
  };
}

/** A thing as read; its fact is a purchase whose cart is the thing's id. */
export function aReading(id: string, poNumber: string, about: Partial<Observation> = {}) {
  const observation: Observation = {
    key: { kind: 'thing', id },
    content: { poNumber },
    toMessage: (revision) =>
      Object.assign(new PurchaseObserved(), {
        connectionId: 'till',
        cartId: id,
        type: 'order',
        paymentMethod: 'card',
        poNumber,
        revision,
      }),
    ...about,
  };
  return observation;
}

export function aSetStock(batchId: string): SetStock {
  return Object.assign(new SetStock(), { batchId, connectionId: 'till', items: [] });
}

export function aStockSet(batchId: string): StockSet {
  return Object.assign(new StockSet(), { batchId, connectionId: 'till', results: [] });
}
