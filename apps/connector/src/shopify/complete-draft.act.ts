import { CompleteDraft, DraftRefused, Failure } from '@tillbridge/contracts';

import type { Act, ActResult } from '../vendor.js';
import type { OrderReader } from './order-reader.js';
import type { ShopifyClient } from './shopify.client.js';
import { COMPLETE_DRAFT, DRAFT_STATUS } from './shopify.documents.js';
import { toGid } from './shopify.identity.js';

/**
 * Turns a draft into an order whose payment is pending. A completed draft says so itself, which
 * makes a repeat harmless; the new order is told by the draft as read after it.
 */
export class CompleteDraftAct implements Act<CompleteDraft> {
  readonly command = CompleteDraft;

  constructor(
    private readonly client: ShopifyClient,
    private readonly reader: OrderReader,
  ) {}

  async perform(command: CompleteDraft): Promise<ActResult> {
    const id = toGid('DraftOrder', command.vendorDraftId);
    if (!(await this.isCompleted(id))) await this.complete(id);
    const [draft] = await this.reader.readDrafts([id]);
    return { messages: () => [], observations: draft === undefined ? [] : [draft.observation] };
  }

  refused(command: CompleteDraft, failure: Failure): object[] {
    const { connectionId, orderId, vendorDraftId } = command;
    const about = { connectionId, orderId, vendorDraftId, reason: failure.message };
    return [Object.assign(new DraftRefused(), about)];
  }

  /** Nothing is wrong with the draft: it waits for whoever completes it instead. */
  notSent(): object[] {
    return [];
  }

  private async isCompleted(id: string): Promise<boolean> {
    const { draftOrder } = await this.client.send(DRAFT_STATUS, { id });
    if (draftOrder === null) {
      throw new Failure('not-found', 'never', `the platform has no draft ${id}`);
    }
    return draftOrder.status === 'COMPLETED';
  }

  private async complete(id: string): Promise<void> {
    const { draftOrderComplete } = await this.client.send(COMPLETE_DRAFT, { id });
    const reasons = (draftOrderComplete?.userErrors ?? []).map(({ message }) => message);
    // Somebody else may have completed it between our look and our call.
    if (reasons.length > 0 && !(await this.isCompleted(id))) {
      const text = `the platform did not complete ${id}: ${reasons.join('; ')}`;
      throw new Failure('vendor-refused', 'never', text);
    }
  }
}
