import type { StockFact } from '@tillbridge/domain';
import type { Readable } from '../world/readable.js';
import type { World } from '../world/world.js';
import type { Wire } from '../../faults/wire.js';

interface Nudge {
  readonly about: Readable;
  readonly dueMs: number;
}

/** Reads what vendors hold when their webhooks name it, and finds by polls what they did not. */
export class Connector {
  private nudges: Nudge[] = [];
  private readonly lost = new Set<Readable>();
  /** The last poll of each channel. */
  private readonly pollIds = new Map<string, string>();
  /** How far polls look behind their beginning: searches lag, and clocks differ. */
  private readonly overlapMs: number;

  constructor(
    private readonly world: World,
    private readonly wire: Wire<StockFact>,
  ) {
    this.overlapMs = world.course.dice.between(0, 400);
  }

  /** The vendor sends a webhook for each of these: it comes, comes late, or never. */
  notice(changed: readonly Readable[]): void {
    const { dice, nowMs } = this.world.course;
    for (const about of changed) {
      if (dice.chance(0.15)) this.lost.add(about);
      else
        this.nudges.push({ about, dueMs: nowMs + dice.between(0, dice.chance(0.8) ? 500 : 9_000) });
    }
  }

  /** Reads what the webhooks that have come are about. */
  followNudges(): void {
    const { nowMs } = this.world.course;
    const due = this.nudges.filter(({ dueMs }) => dueMs <= nowMs);
    if (due.length === 0) return;
    this.nudges = this.nudges.filter(({ dueMs }) => dueMs > nowMs);
    for (const { about } of due) if (about.dirty) this.wire.send(about.read());
  }

  /** Reads every shelf, posting and shipment that has changed. Returns how many had. */
  sweepShelves(): number {
    const { masters, channelShelves, postings } = this.world;
    const shelves = this.readAll(masters.shelves) + this.readAll(channelShelves);
    const shipments = [...postings.values()].flatMap((posting) => posting.shipments);
    return shelves + this.readAll([...postings.values()]) + this.readAll(shipments);
  }

  /**
   * A poll of a channel's orders and drafts, which names all that was sent since the one before, and that.
   * Returns how many had changed.
   */
  pollOrders(connectionId: string): number {
    const { course, orders } = this.world;
    const documents = orders
      .filter((each) => each.connectionId === connectionId)
      .flatMap((order) => order.documents);
    const found = this.readAll(documents);
    const before = this.pollIds.get(connectionId);
    const requires = documents.flatMap((document) => document.takeFactIds());
    if (before !== undefined) requires.push(before);
    const id = course.newId('m');
    this.pollIds.set(connectionId, id);
    const completeThrough = new Date(course.nowMs - this.overlapMs);
    const data = { connectionId, completeThrough, requires };
    this.wire.send({ id, kind: 'orders-polled', data });
    return found;
  }

  private readAll(readables: readonly Readable[]): number {
    let read = 0;
    for (const about of readables) {
      if (!about.dirty) continue;
      read += 1;
      if (this.lost.delete(about)) this.world.course.note('lost-and-polled');
      this.wire.send(about.read());
    }
    return read;
  }
}
