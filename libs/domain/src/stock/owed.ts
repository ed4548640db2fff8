/** A line of a platform order or draft; quantities in what the channel sells. */
export interface SightedLine {
  readonly lineId: string;
  /** Null when the line is no stock. */
  readonly sku?: string | null;
  readonly orderedQuantity: number;
  readonly cancelledQuantity: number;
  readonly fulfilledQuantity: number;
  /** The platform's location that it is sold from, where the platform says so. */
  readonly channelLocationId?: string | null;
}

/** What stock needs to know of an order or a draft as the platform held it. */
export interface Sighting {
  readonly stage: 'draft' | 'order';
  readonly revision: number;
  readonly status: 'open' | 'completed' | 'deleted' | 'cancelled' | 'closed';
  readonly trade: boolean;
  readonly paymentMethod: 'on-account' | 'invoice' | 'card' | 'quote' | 'other';
  /** ISO 8601. */
  readonly placedAt: string;
  readonly lines: readonly SightedLine[];
}

/** Both stages of one order, as far as they are known. */
export interface Sightings {
  readonly draft?: Sighting;
  readonly order?: Sighting;
}

/** Who takes the goods of a channel's orders out of the stock master. */
export interface TakeOutPolicy {
  readonly retailOrders: 'hub-adjusts-at-dispatch' | 'other-connector' | 'separate-location';
  /** ISO 8601. Orders placed before it are in the hands of whoever did this work before us. */
  readonly ordersFrom: string;
  /** False while the masters are only observed: then somebody else books what leaves. */
  readonly hubWritesMasters: boolean;
}

/** A line's goods that are promised. */
export interface OwedLine {
  readonly lineId: string;
  readonly sku: string;
  readonly quantity: number;
}

/** The later of two sightings of one stage. */
export function laterSighting<T extends { readonly revision: number }>(
  held: T | undefined,
  seen: T,
): T {
  return held !== undefined && held.revision >= seen.revision ? held : seen;
}

/** The sighting that promises are counted from: the order once it exists, the draft until then. */
export function countedSighting({ draft, order }: Sightings): Sighting | undefined {
  return order ?? draft;
}

/**
 * What an order is owed: ordered − cancelled, of every order and every pay-later draft. Goods that
 * the hub takes out of the master stay owed after dispatch, until the figure contains them; goods
 * that others take out are owed until the platform says that they have left.
 */
export function owedLines(sightings: Sightings, policy: TakeOutPolicy): OwedLine[] {
  const counted = countedSighting(sightings);
  if (counted === undefined || !promises(counted, policy)) return [];
  const othersTakeOut = !hubTakesOut(counted, policy);
  return counted.lines.flatMap(({ lineId, sku, ...line }) => {
    if (sku === null || sku === undefined) return [];
    const owed = line.orderedQuantity - line.cancelledQuantity;
    const quantity = othersTakeOut ? owed - line.fulfilledQuantity : owed;
    return quantity > 0 ? [{ lineId, sku, quantity }] : [];
  });
}

/**
 * True when the hub books these goods out of the master: trade orders by posting them, retail orders
 * by an adjustment at dispatch, both only from the cut-over on.
 */
export function hubTakesOut(counted: Sighting, policy: TakeOutPolicy): boolean {
  if (!policy.hubWritesMasters) return false;
  if (Date.parse(counted.placedAt) < Date.parse(policy.ordersFrom)) return false;
  return counted.trade || policy.retailOrders === 'hub-adjusts-at-dispatch';
}

function promises(counted: Sighting, policy: TakeOutPolicy): boolean {
  if (counted.stage === 'draft') return draftPromises(counted);
  if (counted.status === 'cancelled' || counted.status === 'deleted') return false;
  return counted.trade || policy.retailOrders !== 'separate-location';
}

/** A completed draft keeps its promise until its order is seen, or the goods would be free between. */
function draftPromises({ trade, paymentMethod, status }: Sighting): boolean {
  const payLater = paymentMethod === 'on-account' || paymentMethod === 'invoice';
  return trade && payLater && (status === 'open' || status === 'completed');
}
