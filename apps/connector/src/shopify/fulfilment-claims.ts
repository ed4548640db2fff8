import type { Refs } from '../vendor.js';
import type { FulfilmentStatus } from './shopify.answers.js';
import type { ShopifyClient } from './shopify.client.js';
import { FULFILMENTS } from './fulfilment.documents.js';

/** Which dispatch of ours a fulfilment is: one lost answer must not claim another's. */
const CLAIM = 'dispatch-of-fulfilment';
/** Longer than anybody calls a dispatch off or changes its tracking. */
const KEEP_DAYS = 180;

/** Our dispatch, and which of the calls that it took: one for each place. */
export function claimOf(dispatchId: string, index: number): string {
  return `${dispatchId}/${index}`;
}

/** The fulfilments of an order that stand, by id. */
export async function standingFulfilments(client: ShopifyClient, id: string): Promise<string[]> {
  const { order } = await client.send(FULFILMENTS, { id });
  return idsOfStanding(order?.fulfillments ?? []);
}

export function idsOfStanding(fulfilments: readonly FulfilmentStatus[]): string[] {
  return fulfilments.filter(({ status }) => status !== 'CANCELLED').map(({ id }) => id);
}

/** Remembers which fulfilments on the platform are whose. */
export class FulfilmentClaims {
  constructor(private readonly refs: Refs) {}

  /** By fulfilment id. */
  of(fulfilmentIds: readonly string[]): Promise<Map<string, string>> {
    return this.refs.get<string>(CLAIM, fulfilmentIds);
  }

  put(fulfilmentId: string, claim: string): Promise<void> {
    return this.refs.put([{ kind: CLAIM, key: fulfilmentId, value: claim, keepDays: KEEP_DAYS }]);
  }

  /** The standing fulfilments of an order that a dispatch of ours made. */
  async madeBy(client: ShopifyClient, orderId: string, dispatchId: string): Promise<string[]> {
    const standing = await standingFulfilments(client, orderId);
    const claims = await this.of(standing);
    return standing.filter((id) => claims.get(id)?.startsWith(`${dispatchId}/`));
  }
}
