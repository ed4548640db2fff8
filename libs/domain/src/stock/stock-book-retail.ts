import { sumBySku, type BaseUnits } from '../products/product-map.js';
import type { Allocation } from './order-settlement.js';
import {
  decideRetailAdjustments,
  type LeavingLine,
  type RetailAdjustment,
} from './retail-dispatch.js';
import type { BookExceptions } from './stock-book-exceptions.js';
import type { AskedAdjustment, StockEffects } from './stock-effects.js';
import type { FactOf } from './stock-facts.js';

interface HeldAdjustment {
  readonly asked: AskedAdjustment;
  readonly state: 'sent' | 'done' | 'refused' | 'not-sent';
}

/** What the masters were asked to take out for retail orders that were dispatched. */
export class BookRetail {
  private readonly ofOrder = new Map<string, Map<string, HeldAdjustment>>();

  /** Asks for what left and was not asked for before, once a dispatched part. */
  adjust(
    { orderId, shares }: Allocation,
    leaving: readonly LeavingLine[],
    effects: StockEffects,
  ): void {
    if (leaving.length === 0) return;
    const held = this.ofOrder.get(orderId) ?? new Map<string, HeldAdjustment>();
    const before = new Map<string, BaseUnits[]>();
    for (const { asked } of held.values()) {
      const units = [...(before.get(asked.locationId) ?? []), ...asked.units];
      before.set(asked.locationId, sumBySku(units));
    }
    for (const each of decideRetailAdjustments(shares, leaving, before)) {
      const asked = { ...each, orderId, adjustmentId: adjustmentId(orderId, each) };
      held.set(asked.adjustmentId, { asked, state: 'sent' });
      effects.adjustments.push(asked);
    }
    this.ofOrder.set(orderId, held);
  }

  /** `done` is certain and stays; a later refusal of the same adjustment changes nothing. */
  answer(
    facts: readonly FactOf<'stock-adjusted'>[],
    exceptions: BookExceptions,
    effects: StockEffects,
  ): void {
    for (const { data } of facts) {
      const adjustments = this.ofOrder.get(data.orderId);
      const held = adjustments?.get(data.adjustmentId);
      if (adjustments === undefined || held === undefined || held.state === 'done') continue;
      adjustments.set(data.adjustmentId, { ...held, state: data.outcome });
      const exception = { code: 'adjustment-refused', subject: data.orderId } as const;
      if (data.outcome === 'refused') exceptions.raise(exception, effects);
      const open = [...adjustments.values()].some(({ state }) => state === 'refused');
      if (data.outcome === 'done' && !open) exceptions.clear(exception, effects);
    }
  }
}

/** Made of all that has left by now, so that a repeat after any loss is recognised. */
function adjustmentId(orderId: string, { locationId, cumulative }: RetailAdjustment): string {
  return JSON.stringify([orderId, locationId, cumulative.map(({ sku, units }) => [sku, units])]);
}
