import type { ObservedOrderState, OrderFact } from '@tillbridge/domain';
import type { OrderMessage } from '../order-message.js';
import type { LifeCourse } from './life-course.js';
import type { TradeMerchant } from './trade-merchant.js';

type Allocation = Extract<OrderFact, { kind: 'allocated' }>['allocation'];
type Refused = Allocation['unallocated'];

interface Share {
  readonly lineId: string;
  readonly sku: string;
  readonly locationId: string;
  readonly quantity: number;
}

interface Plan {
  readonly draft?: ObservedOrderState;
  readonly order?: ObservedOrderState;
  readonly shares: readonly Share[];
  readonly said: string;
  readonly revision: number;
}

/** Who says which store serves what of an order: what an order holds, it keeps; less comes off last. */
export class Stockroom {
  private readonly plans = new Map<string, Plan>();
  private readonly shelves = new Map<string, number>();

  constructor(
    private readonly merchant: TradeMerchant,
    private readonly course: LifeCourse,
  ) {}

  receive(locationId: string, sku: string, units: number): void {
    const key = `${locationId} ${sku}`;
    this.shelves.set(key, (this.shelves.get(key) ?? 0) + units);
  }

  hear(orderId: string, seen: ObservedOrderState): OrderMessage[] {
    const held = this.plans.get(orderId) ?? { shares: [], said: '', revision: 0 };
    if ((held[seen.stage]?.revision ?? 0) >= seen.revision) return [];
    return this.settle(orderId, { ...held, [seen.stage]: seen });
  }

  /** True while units of it are on no shelf. */
  isShort(orderId: string): boolean {
    return this.shortUnits(orderId) > 0;
  }

  /** Looks once more at everything, after goods came in. */
  review(): OrderMessage[] {
    return [...this.plans].flatMap(([orderId, plan]) => this.settle(orderId, plan));
  }

  private settle(orderId: string, plan: Plan): OrderMessage[] {
    const lines = owedLines(plan.order ?? plan.draft);
    const kept = this.inherited(plan.shares, lines);
    const refused: Refused[number][] = [];
    const shares: Share[] = [];
    for (const line of lines) {
      const own = kept.filter(({ lineId }) => lineId === line.lineId);
      const open = line.quantity - own.reduce((sum, { quantity }) => sum + quantity, 0);
      if (open > 0 && this.merchant.uncounted.has(line.sku)) {
        this.course.note('sku-unknown');
        refused.push({ lineId: line.lineId, reason: 'unknown-sku' });
        shares.push(...own);
      } else shares.push(...joined(own, this.placed(line, open, own.at(-1)?.locationId, orderId)));
    }
    this.plans.set(orderId, { ...plan, shares });
    return this.told(orderId, shares, refused);
  }

  private told(orderId: string, shares: readonly Share[], unallocated: Refused): OrderMessage[] {
    const { revision, said } = this.plans.get(orderId) as Plan;
    const short = this.shortQuantities(orderId, shares);
    const allocations = shares.map(({ lineId, sku, locationId, quantity }, index) => ({
      lineId,
      locationId,
      quantity,
      components: this.partsOf(sku, quantity),
      ...(short[index] === 0 ? {} : { shortQuantity: short[index] }),
    }));
    const shortUnits = this.shortUnits(orderId);
    if (shortUnits > 0) this.course.note('allocated-short');
    if (new Set(shares.map(({ locationId }) => locationId)).size > 1) {
      this.course.note('two-locations');
    }
    const content = { allocations, unallocated, shortUnits };
    const saying = JSON.stringify(content);
    if (saying === said) return [];
    const plan = this.plans.get(orderId) as Plan;
    this.plans.set(orderId, { ...plan, said: saying, revision: revision + 1 });
    const fact = { kind: 'allocated', allocation: { revision: revision + 1, ...content } } as const;
    return [{ id: this.course.newId('m'), kind: fact.kind, orderId, fact }];
  }

  /** A line keeps its own; else it has those of a line of its SKU that is gone. */
  private inherited(held: readonly Share[], lines: readonly OwedLine[]): Share[] {
    const pool = [...held];
    const own = (line: OwedLine) => (share: Share) => share.lineId === line.lineId;
    const left = (line: OwedLine) => (share: Share) =>
      share.sku === line.sku && !lines.some(({ lineId }) => lineId === share.lineId);
    return lines.flatMap((line) => {
      const mine: Share[] = [];
      let open = line.quantity;
      const from = pool.some(own(line)) ? own(line) : left(line);
      for (const share of pool.filter(from)) {
        const quantity = Math.min(open, share.quantity);
        open -= quantity;
        pool.splice(pool.indexOf(share), 1);
        if (quantity > 0) mine.push({ ...share, lineId: line.lineId, quantity });
      }
      return mine;
    });
  }

  private placed(
    { lineId, sku }: OwedLine,
    open: number,
    last: string | undefined,
    orderId: string,
  ): Share[] {
    if (open <= 0) return [];
    const whole = this.merchant.isWhole(sku);
    const places = whole && last !== undefined ? [last] : this.merchant.locationIds;
    const free = (locationId: string) =>
      Math.min(
        ...this.merchant
          .partsOf(sku)
          .map((part) => Math.floor(this.free(locationId, part.sku, orderId) / part.units)),
      );
    const able = places.find((id) => free(id) >= open);
    const first = places[0] as string;
    if (able !== undefined || whole) {
      return [{ lineId, sku, locationId: able ?? first, quantity: open }];
    }
    const shares: Share[] = [];
    let left = open;
    for (const locationId of places) {
      const quantity = Math.min(left, Math.max(0, free(locationId)));
      if (quantity > 0) shares.push({ lineId, sku, locationId, quantity });
      left -= quantity;
    }
    return joined(shares, left > 0 ? [{ lineId, sku, locationId: first, quantity: left }] : []);
  }

  private free(locationId: string, sku: string, besides: string): number {
    let free = this.shelves.get(`${locationId} ${sku}`) ?? 0;
    for (const [orderId, { shares }] of this.plans) {
      if (orderId === besides) continue;
      free -= this.unitsAt(shares, locationId, sku);
    }
    return free;
  }

  /** How many of each share the shelf does not have: those before it take theirs first. */
  private shortQuantities(orderId: string, shares: readonly Share[]): number[] {
    const left = new Map<string, number>();
    return shares.map(({ locationId, sku, quantity }) => {
      const parts = this.merchant.partsOf(sku).map((part) => {
        const key = `${locationId} ${part.sku}`;
        return { ...part, key, free: left.get(key) ?? this.free(locationId, part.sku, orderId) };
      });
      const fits = Math.min(...parts.map(({ free, units }) => Math.floor(free / units)));
      const here = Math.min(quantity, Math.max(0, fits));
      for (const { key, free, units } of parts) left.set(key, free - here * units);
      return quantity - here;
    });
  }

  private shortUnits(orderId: string): number {
    const shares = this.plans.get(orderId)?.shares ?? [];
    const keys = new Set(
      shares.flatMap((share) =>
        this.merchant.partsOf(share.sku).map(({ sku }) => `${share.locationId} ${sku}`),
      ),
    );
    return [...keys].reduce((sum, key) => {
      const [locationId = '', sku = ''] = key.split(' ');
      const wanted = this.unitsAt(shares, locationId, sku);
      return sum + Math.max(0, wanted - Math.max(0, this.free(locationId, sku, orderId)));
    }, 0);
  }

  private unitsAt(shares: readonly Share[], locationId: string, sku: string): number {
    return shares
      .filter((share) => share.locationId === locationId)
      .flatMap((share) => this.partsOf(share.sku, share.quantity))
      .reduce((sum, part) => sum + (part.sku === sku ? part.units : 0), 0);
  }

  private partsOf(sku: string, quantity: number): { sku: string; units: number }[] {
    return this.merchant.partsOf(sku).map((part) => ({ ...part, units: part.units * quantity }));
  }
}

interface OwedLine {
  readonly lineId: string;
  readonly sku: string;
  readonly quantity: number;
}

/** What of an order is promised: nothing of a quote, of a draft that is gone, of what is cancelled. */
function owedLines(seen: ObservedOrderState | undefined): OwedLine[] {
  if (seen === undefined || seen.paymentMethod === 'quote') return [];
  if (seen.status === 'deleted') return [];
  return seen.lines.flatMap(({ lineId, sku, orderedQuantity, cancelledQuantity }) => {
    const quantity = orderedQuantity - cancelledQuantity;
    return sku === null || sku === undefined || quantity <= 0 ? [] : [{ lineId, sku, quantity }];
  });
}

/** One share a (line, location). */
function joined(shares: readonly Share[], more: readonly Share[]): Share[] {
  const all = [...shares];
  for (const share of more) {
    const at = all.findIndex(
      ({ lineId, locationId }) => lineId === share.lineId && locationId === share.locationId,
    );
    const same = all[at];
    if (same === undefined) all.push(share);
    else all[at] = { ...same, quantity: same.quantity + share.quantity };
  }
  return all;
}
