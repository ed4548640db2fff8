import type { Feed, PollPage } from '../vendor.js';
import type { SquareClient } from './square.client.js';
import { observeCustomer } from './square.observations.js';

/** Which Square customers name a platform customer. Read whole; webhooks tell of single ones. */
export class CustomersFeed implements Feed {
  readonly name = 'customers';
  readonly minPauseMs = 5_000;

  constructor(
    private readonly connectionId: string,
    private readonly client: SquareClient,
    readonly everyMs: number,
  ) {}

  async *poll(): AsyncIterable<PollPage> {
    for await (const customers of this.client.customers()) {
      yield {
        observations: customers.flatMap((each) => observeCustomer(this.connectionId, each) ?? []),
      };
    }
    yield { observations: [], mark: new Date().toISOString() };
  }
}
