import type { Configuration } from '@tillbridge/runtime';
import type { Ref, Refs } from '../src/vendor.js';
import type { SquareClient } from '../src/square/square.client.js';
import { SquareLocations } from '../src/square/square-locations.js';
import { SquareRefs } from '../src/square/square-refs.js';
import { aConnection } from './connector-rig.js';

/** A call as Square would get it. */
export interface SquareCall {
  readonly method: string;
  readonly path: string;

  readonly body?: any;
}

/** Answers in place of the HTTP calls of the client; what it throws is what the client would. */
export function aSquareClient(answer: (call: SquareCall) => unknown) {
  const calls: SquareCall[] = [];
  const call = async (one: SquareCall) => {
    calls.push(structuredClone(one));
    return answer(one);
  };
  async function* page(path: string, body: object) {
    yield (await call({ method: 'POST', path, body })) as never;
  }
  const client = {
    post: (path: string, body: object) => call({ method: 'POST', path, body }),
    put: (path: string, body: object) => call({ method: 'PUT', path, body }),
    order: (id: string) => call({ method: 'GET', path: `/v2/orders/${id}` }),
    orders: (order_ids: string[]) =>
      call({ method: 'POST', path: '/v2/orders/batch-retrieve', body: { order_ids } }),
    counts: (filter: object) => page('counts', filter),
    countsPage: (filter: object, cursor?: string) =>
      call({ method: 'POST', path: 'counts', body: { ...filter, ...(cursor && { cursor }) } }),
    ledger: (filter: object) => page('ledger', filter),
  } as unknown as SquareClient;
  return { client, calls };
}

class MemoryRefs implements Refs {
  readonly held = new Map<string, unknown>();

  async get<T>(kind: string, keys: readonly string[]): Promise<Map<string, T>> {
    return new Map(
      keys.flatMap((key): [string, T][] => {
        const value = this.held.get(`${kind} ${key}`);
        return value === undefined ? [] : [[key, value as T]];
      }),
    );
  }

  async put(refs: readonly Ref[]): Promise<void> {
    for (const { kind, key, value } of refs) this.held.set(`${kind} ${key}`, value);
  }
}

/** Two stores, and MUG and JUG in the catalogue. */
export function aSquareAccount() {
  const memory = new MemoryRefs();
  memory.held.set('sku MUG', 'VAR-MUG').set('sku JUG', 'VAR-JUG');
  memory.held.set('variation VAR-MUG', 'MUG').set('variation VAR-JUG', 'JUG');
  const connection = aConnection();
  const location = (id: string, vendorLocationId: string) => ({
    id,
    master: { connection: connection.id, vendorLocationId },
  });
  const configuration = {
    locations: [location('high-street', 'L1'), location('harbour', 'L2')],
  } as unknown as Configuration;
  return {
    memory,
    connection,
    refs: new SquareRefs(memory),
    locations: new SquareLocations(configuration, connection),
  };
}
