import type { ObservedOrderState, OrderFact } from '@tillbridge/domain';

/** What the facts so far say of an order, in the plainest way. */
export class KnownOrder {
  draft?: ObservedOrderState;
  order?: ObservedOrderState;
  purchase?: { readonly revision: number; readonly poNumber?: string };
  /** True once the payment method was another one. */
  methodChanged = false;

  /** What was last decided about what is missing of it. */
  shortDecision?: { readonly choice: string; readonly at: string };

  hear(fact: OrderFact): void {
    if (fact.kind === 'short-decided' && fact.decision.at > (this.shortDecision?.at ?? '')) {
      this.shortDecision = fact.decision;
    }
    if (fact.kind === 'purchase' && fact.purchase.revision > (this.purchase?.revision ?? 0)) {
      this.purchase = fact.purchase;
    }
    if (fact.kind !== 'observed') return;
    const { observed } = fact;
    const method = this.current?.paymentMethod;
    if (observed.revision > (this[observed.stage]?.revision ?? 0)) this[observed.stage] = observed;
    if (method !== undefined && this.current?.paymentMethod !== method) this.methodChanged = true;
  }

  get current(): ObservedOrderState | undefined {
    return this.order ?? this.draft;
  }

  get cartId(): string | undefined {
    return this.current?.cartId;
  }

  get poNumber(): string | undefined {
    return this.order?.poNumber ?? this.draft?.poNumber ?? this.purchase?.poNumber;
  }
}
