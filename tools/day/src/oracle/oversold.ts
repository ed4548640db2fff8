import { STORES, type StoreId } from '../plan/day-plan.js';
import { addTo, type EffectEvidence, type Evidence, type PosOrderEvidence } from './evidence.js';

const EXCUSED_MS = 5_000;

export interface OversoldFindings {
  /** Promised above the true sellable figure although the cause could be known. */
  readonly oversoldUnits: number;
  /** All of it, with what nobody could have known yet. */
  readonly oversoldUnitsTotal: number;
  /** The promises behind `oversoldUnits`. */
  readonly oversold: readonly OversoldPromise[];
}

export interface OversoldPromise {
  readonly sku: string;
  /** The trade order; null for a retail order. */
  readonly ref: string | null;
  /** When, in epoch milliseconds. */
  readonly atMs: number;
  readonly wantedUnits: number;
  readonly sellableUnits: number;
}

/**
 * Counts units promised beyond what could be sold.
 *
 * At each promise the true sellable figure is taken per store from everything that had happened:
 * on hand less open promises, never below zero. For `oversoldUnits` a cause that takes stock away
 * only counts when it is older than 5 s and was told: its webhook was delivered, or a poll that began
 * after it came to its end. What was told while its vendor answered nobody, or in the 5 s before, counts from 5 s after that.
 * By the same measure nobody can yet have taken back what the platform itself put back for an order
 * whose goods the POS still holds as gone: the platform sells it in the moment it lets it go.
 */
export function countOversold(evidence: Evidence): OversoldFindings {
  const history = bySku(evidence);
  const posted = postedStores(evidence);
  const told = toldBy(evidence);
  const oversold: OversoldPromise[] = [];
  let oversoldUnitsTotal = 0;
  for (const [sku, effects] of history) {
    const opening = evidence.products.find((p) => p.sku === sku)?.opening;
    if (opening === undefined) continue;
    const sharesOf = promisedStores(effects, sku, posted);
    effects.forEach((promise, index) => {
      if (promise.kind !== 'promise') return;
      const before = effects.slice(0, index);
      const wanted = promise.units.get(sku) ?? 0;
      const { ref, atMs } = promise;
      const all = sellableAfter(before, sku, opening, sharesOf);
      const known = sellableAfter(
        before.filter((effect) => !takes(effect) || told(effect, atMs)),
        sku,
        opening,
        sharesOf,
        (effect) => effect.kind === 'release' && !told(effect, atMs),
      );
      oversoldUnitsTotal += Math.max(0, wanted - all);
      if (wanted > known) {
        oversold.push({ sku, ref, atMs, wantedUnits: wanted, sellableUnits: known });
      }
    });
  }
  const oversoldUnits = oversold.reduce((sum, p) => sum + p.wantedUnits - p.sellableUnits, 0);
  return { oversoldUnits, oversoldUnitsTotal, oversold };
}

function bySku(evidence: Evidence): Map<string, EffectEvidence[]> {
  const history = new Map<string, EffectEvidence[]>();
  for (const effect of evidence.effects) {
    for (const sku of effect.units.keys()) {
      const known = history.get(sku);
      if (known === undefined) history.set(sku, [effect]);
      else known.push(effect);
    }
  }
  return history;
}

/** Units of a SKU by store, in the POS orders that were made for a trade order. */
type Posted = (ref: string | null, sku: string) => Shares;
type Shares = ReadonlyMap<StoreId, number>;

function postedStores(evidence: Evidence): Posted {
  const refOfPo = new Map(evidence.trade.map((order) => [order.poNumber, order.ref]));
  const served = new Map<string, Map<StoreId, number>>();
  for (const order of lastingOrders(evidence)) {
    const ref = refOfPo.get(order.poNumber ?? '');
    for (const [sku, units] of order.units) {
      const stores = served.get(`${ref}|${sku}`) ?? new Map<StoreId, number>();
      served.set(`${ref}|${sku}`, stores.set(order.store, (stores.get(order.store) ?? 0) + units));
    }
  }
  return (ref, sku) => served.get(`${ref}|${sku}`) ?? new Map();
}

/** An order that was called off and made anew lies where the new one is. */
function lastingOrders({ posOrders }: Evidence): PosOrderEvidence[] {
  const standing = new Set(posOrders.filter((o) => !o.cancelled).map(({ poNumber }) => poNumber));
  return posOrders.filter(({ cancelled, poNumber }) => !cancelled || !standing.has(poNumber));
}

/**
 * How each promise lies on the stores: the lines of an order fill what was posted in each store one
 * after the other, and what is released leaves the last of them first. What no POS order explains
 * lies with the last store that served the order, else the first store.
 */
function promisedStores(
  effects: readonly EffectEvidence[],
  sku: string,
  posted: Posted,
): (effect: EffectEvidence) => Shares {
  const found = new Map<EffectEvidence, Shares>();
  const lying = new Map<string | null, Map<StoreId, number>>();
  for (const effect of effects) {
    const { kind, ref } = effect;
    if (kind !== 'promise' && kind !== 'release') continue;
    const here = lying.get(ref) ?? new Map<StoreId, number>();
    lying.set(ref, here);
    const room = [...posted(ref, sku)].map(([store, units]): [StoreId, number] => [
      store,
      kind === 'promise' ? units - (here.get(store) ?? 0) : (here.get(store) ?? 0),
    ]);
    const sign = kind === 'promise' ? 1 : -1;
    const shares = new Map<StoreId, number>();
    const order = kind === 'promise' ? room : [...room].reverse();
    let left = effect.units.get(sku) ?? 0;
    for (const [store, most] of order) {
      const share = Math.min(left, Math.max(0, most));
      shares.set(store, sign * share);
      left -= share;
    }
    const rest = order.at(-1)?.[0] ?? (STORES[0] as StoreId);
    shares.set(rest, (shares.get(rest) ?? 0) + sign * left);
    for (const [store, share] of shares) addTo(here, store, share);
    found.set(effect, shares);
  }
  return (effect) => found.get(effect) ?? new Map();
}

function sellableAfter(
  effects: readonly EffectEvidence[],
  sku: string,
  opening: Readonly<Record<StoreId, number>>,
  sharesOf: (effect: EffectEvidence) => Shares,
  /** Releases that count for sale although the goods are not back on hand. */
  putBack: (effect: EffectEvidence) => boolean = () => false,
): number {
  const onHand = new Map<string, number>(STORES.map((store) => [store, opening[store]]));
  const promised = new Map<string, number>();
  const early = new Map<string, number>();
  for (const effect of effects) {
    const units = effect.units.get(sku) ?? 0;
    if (effect.kind === 'promise' || effect.kind === 'release') {
      for (const [store, share] of sharesOf(effect)) {
        addTo(promised, store, share);
        if (putBack(effect)) addTo(early, store, share);
      }
    } else {
      const store = effect.store ?? (STORES[0] as StoreId);
      addTo(onHand, store, units);
      // What left the shelf for an order is no promise any more.
      if (effect.kind !== 'store') addTo(promised, store, units);
    }
  }
  return STORES.reduce(
    (sum, store) =>
      sum +
      Math.max(
        0,
        (onHand.get(store) ?? 0) - Math.max(early.get(store) ?? 0, promised.get(store) ?? 0),
      ),
    0,
  );
}

function toldBy(evidence: Evidence): (effect: EffectEvidence, atMs: number) => boolean {
  const polls = [...evidence.polls].sort((a, b) => a.endedMs - b.endedMs);
  return (effect, atMs) => {
    if (effect.atMs > atMs - EXCUSED_MS) return false;
    const { deliveredAtMs } = effect;
    const away = evidence.outages.some(
      ({ vendor, beganMs, endedMs }) =>
        vendor === effect.vendor &&
        deliveredAtMs !== null &&
        deliveredAtMs >= beganMs - EXCUSED_MS &&
        deliveredAtMs < endedMs &&
        atMs < endedMs + EXCUSED_MS,
    );
    if (deliveredAtMs !== null && deliveredAtMs <= atMs && !away) return true;
    return polls.some(
      (poll) =>
        poll.vendor === effect.vendor && poll.beganMs >= effect.atMs && poll.endedMs <= atMs,
    );
  };
}

const takes = ({ kind, units }: EffectEvidence): boolean =>
  kind === 'promise' || (kind === 'store' && [...units.values()].some((signed) => signed < 0));
