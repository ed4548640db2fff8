import { randomUUID } from 'node:crypto';
import type { NatsConnection } from '@nats-io/transport-node';
import {
  CancelDispatch,
  DispatchRefused,
  filterOf,
  OrderDispatched,
  RecordDispatch,
} from '@tillbridge/contracts';
import { addTo } from '../oracle/evidence.js';
import { Seeded } from '../plan/seeded.js';
import type { PlannedParts } from '../plan/parts.js';
import type { DayLog, Shipment } from './day-log.js';
import type { Market } from './market.js';
import { netUnits, type PosOrder } from './pos-books.js';

/** Takes what people ask of the hub. */
export interface Desk {
  hand(command: object, id?: string): Promise<void>;
}

/** After so long without an answer a shipment is taken for told: the hub has it in writing. */
const ANSWER_WITHIN_MS = 20_000;
const BY = 'shipping-clerk';

/**
 * Tells the hub of goods that leave in parts, which a POS with one fulfilment an order cannot. The
 * next thing about a parcel is said when the hub has answered the one before.
 */
export class ShippingClerk {
  private readonly chance: Seeded;
  /** Parcels whose first shipment was set right. */
  private readonly settled = new Set<string>();
  private readonly forAnotherDay = new Set<string>();

  constructor(
    private readonly market: Market,
    private readonly log: DayLog,
    private readonly desk: Desk,
    monitor: NatsConnection,
  ) {
    this.chance = new Seeded(market.plan.seed, 'shipping clerk');
    const listen = (subject: string, hear: (message: { json<T>(): T }) => void): void => {
      monitor.subscribe(subject, {
        callback: (error, message) => {
          if (error === null) hear(message);
        },
      });
    };
    listen(filterOf(OrderDispatched), (message) => this.taken(message.json()));
    listen(filterOf(DispatchRefused), (message) => this.refused(message.json()));
  }

  /** Whether the hub has not answered yet what it was told of the order. */
  isTelling(ref: string): boolean {
    return [...this.log.shipments.values()].some((one) => one.ref === ref && this.isOpen(one));
  }

  /** Whether nothing more of the parcel leaves today. */
  isPutOff(posOrderId: string): boolean {
    return this.forAnotherDay.has(posOrderId);
  }

  /** The next step of a parcel that leaves in parts. True when staff may hand over all that is left. */
  next(ref: string, order: PosOrder, parts: PlannedParts): boolean {
    const shipments = this.shipmentsOf(order);
    if (shipments.some((shipment) => this.isOpen(shipment))) return false;
    const [first] = shipments;
    if (first !== undefined && parts.trouble !== 'none' && !this.settled.has(order.id)) {
      this.settled.add(order.id);
      if (parts.trouble === 'never-left') this.callOff(first);
      else this.correct(first);
      return false;
    }
    const left = this.leftOf(order);
    const units = sumOf(left);
    if (units === 0) return false; // The hub closes it in the POS.
    if (shipments.length < parts.shipments - 1 && units > 1) {
      this.tell(ref, order, this.someOf(left, units), parts);
      return false;
    }
    if (parts.last === 'at-the-till') return true;
    if (parts.last === 'another-day') {
      this.forAnotherDay.add(order.id);
      this.log.putOff.add(ref);
    } else this.tell(ref, order, left, parts);
    return false;
  }

  private isOpen({ state, toldAtMs }: Shipment): boolean {
    return state === 'told' && this.market.world.now() - toldAtMs < ANSWER_WITHIN_MS;
  }

  /** Those that the hub took, or has before it. */
  private shipmentsOf({ id }: PosOrder): Shipment[] {
    return [...this.log.shipments.values()].filter(
      ({ posOrderId, state }) => posOrderId === id && state !== 'refused',
    );
  }

  /** What is on the order and has not left. */
  private leftOf(order: PosOrder): Map<string, number> {
    const left = netUnits([order]);
    for (const shipment of this.shipmentsOf(order)) {
      if (!shipment.stands) continue;
      for (const [sku, units] of shipment.units) addTo(left, sku, -units);
    }
    return new Map([...left].filter(([, units]) => units > 0));
  }

  /** Something of it, and something stays. */
  private someOf(left: ReadonlyMap<string, number>, units: number): Map<string, number> {
    const some = new Map<string, number>();
    let most = this.chance.between(1, units - 1);
    for (const [sku, count] of left) {
      const taken = Math.min(most, this.chance.between(1, count));
      if (taken > 0) some.set(sku, taken);
      most -= taken;
    }
    return some;
  }

  private tell(
    ref: string,
    order: PosOrder,
    units: ReadonlyMap<string, number>,
    { tracked }: PlannedParts,
  ): void {
    const shipment: Shipment = {
      dispatchId: randomUUID(),
      ref,
      posOrderId: order.id,
      postingId: order.postingId,
      orderId: order.hubRef ?? '',
      store: order.store,
      revision: 1,
      units,
      trackingNumber: null,
      stands: true,
      state: 'told',
      toldAtMs: 0,
    };
    shipment.trackingNumber = tracked ? trackingOf(shipment) : null;
    this.log.shipments.set(shipment.dispatchId, shipment);
    this.handOver(shipment);
  }

  /** One unit less was in the box, if it was not the only one, and it travels under another number. */
  private correct(shipment: Shipment): void {
    const units = new Map(shipment.units);
    const [sku] = units.keys();
    if (sku !== undefined && sumOf(units) > 1) addTo(units, sku, -1);
    shipment.units = new Map([...units].filter(([, count]) => count > 0));
    shipment.revision += 1;
    if (shipment.trackingNumber !== null) shipment.trackingNumber = trackingOf(shipment);
    this.log.corrected += 1;
    this.handOver(shipment);
  }

  private callOff(shipment: Shipment): void {
    const { dispatchId, orderId } = shipment;
    shipment.stands = false;
    this.log.neverLeft += 1;
    const reason = 'It still stands in the yard.';
    this.hand(
      shipment,
      Object.assign(new CancelDispatch(), { dispatchId, orderId, by: BY, reason }),
    );
  }

  private handOver(shipment: Shipment): void {
    const { dispatchId, orderId, postingId, revision, store, units, trackingNumber } = shipment;
    this.hand(
      shipment,
      Object.assign(new RecordDispatch(), {
        ...{ dispatchId, orderId, postingId, revision, locationId: store, by: BY },
        lines: [...units].map(([sku, count]) => ({ sku, units: count })),
        ...(trackingNumber === null ? {} : { carrier: 'Parcel Line', trackingNumber }),
        dispatchedAt: new Date(this.market.world.now()).toISOString(),
      }),
    );
  }

  /** Said again until the stream has it; the same id is taken once. */
  private hand(shipment: Shipment, command: object, id: string = randomUUID()): void {
    shipment.state = 'told';
    shipment.toldAtMs = this.market.world.now();
    this.desk.hand(command, id).catch(() => {
      setTimeout(() => this.hand(shipment, command, id), 1_000).unref();
    });
  }

  private taken({ dispatchId, units }: OrderDispatched): void {
    const shipment = this.log.shipments.get(dispatchId);
    if (shipment === undefined) return;
    const told = new Map(units.map((each) => [each.sku, each.units]));
    const expected: ReadonlyMap<string, number> = shipment.stands ? shipment.units : new Map();
    const same = [...expected].every(([sku, count]) => told.get(sku) === count);
    if (same && told.size === expected.size) shipment.state = 'taken';
  }

  private refused({ dispatchId, code }: DispatchRefused): void {
    const shipment = this.log.shipments.get(dispatchId);
    if (shipment === undefined || shipment.state !== 'told') return;
    shipment.state = 'refused';
    // The hub has not heard from the POS yet: it is told anew, as a shipment of its own.
    shipment.stands = false;
    this.log.refusals.push(code);
  }
}

/** Nothing of what is told carries the same number twice. */
function trackingOf({ dispatchId, revision }: Shipment): string {
  return `PART-${dispatchId.slice(0, 8)}-${revision}`;
}

function sumOf(units: ReadonlyMap<string, number>): number {
  return [...units.values()].reduce((sum, count) => sum + count, 0);
}
