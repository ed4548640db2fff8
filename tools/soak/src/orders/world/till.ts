import type { OrderCommand } from '@tillbridge/domain';
import type { OrderMessage } from '../order-message.js';
import type { BaseUnits } from './trade-merchant.js';
import type { LifeCourse } from './life-course.js';

export type PostOrder = Extract<OrderCommand, { kind: 'post-order' }>;
export type ReverseOrder = Extract<OrderCommand, { kind: 'reverse-order' }>;
type Shipment = Extract<OrderMessage['fact'], { kind: 'pos-fulfilment' }>['fulfilment']['state'];

/** One order in the POS, as the POS has it. */
export class TillOrder {
  version = 1;
  paid = false;
  shipment: Shipment = 'proposed';
  readonly units = new Map<string, number>();
  readonly totalMinor: number;
  refundedMinor = 0;
  /** Given back for goods that had left, or for nothing but goodwill. */
  returnedMinor = 0;
  /** Units that had left and lie on the shelf again, by SKU. */
  readonly returnedUnits = new Map<string, number>();
  /** Units that were put back on the shelf although they had left. */
  ghostUnits = 0;
  /** True when all of it was taken back. */
  voided = false;
  readonly reversals = new Set<string>();
  /** True once some of it left, though it may have come back. */
  everLeft = false;
  /** What left in parts, by the warehouse's id of each shipment. */
  private readonly shipments = new Map<string, ReadonlyMap<string, number>>();
  /** What staff handed over when they completed it in the POS. */
  private handedOver: ReadonlyMap<string, number> | undefined;
  private readVersion = 0;

  constructor(
    readonly orderId: string,
    readonly post: PostOrder,
    private readonly course: LifeCourse,
  ) {
    let totalMinor = 0;
    for (const { sku, units, unitPriceMinor } of post.lines) {
      totalMinor += units * unitPriceMinor;
      if (sku !== null) this.units.set(sku, (this.units.get(sku) ?? 0) + units);
    }
    this.totalMinor = totalMinor - post.discountMinor;
  }

  get dirty(): boolean {
    return this.paid && this.readVersion < this.version;
  }

  get netMinor(): number {
    return this.paid ? this.totalMinor - this.refundedMinor : 0;
  }

  /** True while staff have it in front of them. */
  get open(): boolean {
    return this.paid && !['completed', 'cancelled', 'failed'].includes(this.shipment);
  }

  /** What left the building, by SKU. */
  get left(): ReadonlyMap<string, number> {
    if (this.handedOver !== undefined) return this.handedOver;
    const left = new Map<string, number>();
    for (const units of this.shipments.values()) {
      for (const [sku, some] of units) left.set(sku, (left.get(sku) ?? 0) + some);
    }
    return left;
  }

  /** The shipments of it that the warehouse sent, by their id. */
  get sent(): ReadonlyMap<string, ReadonlyMap<string, number>> {
    return this.shipments;
  }

  get hasLeft(): boolean {
    return this.handedOver !== undefined || this.shipments.size > 0;
  }

  /** True while it holds goods or money of the order. */
  get live(): boolean {
    return this.paid && !this.voided;
  }

  move(shipment: Shipment): void {
    this.shipment = shipment;
    this.version += 1;
  }

  /** Staff hand over all that is still there. */
  handOver(): void {
    this.move('completed');
    this.handedOver = new Map(this.units);
    this.everLeft = true;
  }

  /** True when nothing but what the warehouse said makes it left. */
  get leftByWarehouse(): boolean {
    return this.handedOver === undefined;
  }

  /** The warehouse sent this much of it with a shipment. */
  ship(dispatchId: string, units: readonly BaseUnits[]): void {
    this.everLeft = true;
    this.shipments.set(dispatchId, new Map(units.map(({ sku, units: some }) => [sku, some])));
  }

  /** The hub has said that all has left: from then on the warehouse's word counts. */
  settle(): void {
    this.handedOver = undefined;
  }

  /** A shipment never left. */
  bringBack(dispatchId: string): void {
    this.shipments.delete(dispatchId);
  }

  read(): OrderMessage {
    this.readVersion = this.version;
    const { postingId } = this.post;
    const fulfilment = { revision: this.version, state: this.shipment };
    const fact = { kind: 'pos-fulfilment', postingId, fulfilment } as const;
    return { id: this.course.newId('m'), kind: fact.kind, orderId: this.orderId, fact };
  }

  /** Gives money and units back, once for each reversal. */
  takeBack(reversal: ReverseOrder): void {
    if (this.reversals.has(reversal.reversalId)) return;
    this.reversals.add(reversal.reversalId);
    if (reversal.returned) {
      this.takeReturn(reversal);
      return;
    }
    this.refundedMinor += reversal.amountMinor;
    if (reversal.whole) this.voided = true;
    for (const { sku, units } of reversal.changes) {
      const kept = (this.units.get(sku) ?? 0) - units;
      this.units.set(sku, kept);
      this.ghostUnits += Math.max(0, (this.left.get(sku) ?? 0) - kept);
    }
  }

  /** What had left and comes back leaves the shipment as it was. */
  private takeReturn({ amountMinor, changes }: ReverseOrder): void {
    this.returnedMinor += amountMinor;
    for (const { sku, units } of changes) {
      this.returnedUnits.set(sku, (this.returnedUnits.get(sku) ?? 0) + units);
    }
  }
}

/** The POS: it replays by key, so that the same posting is there once. */
export class Till {
  readonly orders = new Map<string, TillOrder>();
  /** Postings that it would not take at first: staff and the hub may both see to it that they are there. */
  readonly refused = new Map<string, { readonly orderId: string; readonly post: PostOrder }>();
  /** Nothing answers until then. */
  downUntilMs = 0;

  constructor(private readonly course: LifeCourse) {}

  get down(): boolean {
    return this.course.nowMs < this.downUntilMs;
  }

  of(orderId: string): TillOrder[] {
    return [...this.orders.values()].filter((order) => order.orderId === orderId);
  }

  /** First step of two: without the second it is in front of nobody. */
  create(orderId: string, post: PostOrder): TillOrder {
    const held = this.orders.get(post.postingId);
    if (held !== undefined) return held;
    const order = new TillOrder(orderId, post, this.course);
    this.orders.set(post.postingId, order);
    return order;
  }
}

/** Which of the orders of one location it is. */
export function placeOf({ post: { locationId, split } }: TillOrder): string {
  return `${locationId} ${split?.number ?? 1}`;
}
