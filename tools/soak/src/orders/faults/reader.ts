import type { Wire } from '../../faults/wire.js';
import type { HubMessage } from '../order-message.js';
import type { ShopDocument } from '../world/shop-document.js';
import type { TillOrder } from '../world/till.js';
import type { TradeWorld } from '../world/trade-world.js';

type Readable = ShopDocument | TillOrder;

/** Reads what webhooks name, and finds by polls what they never told. */
export class Reader {
  private nudges: { readonly about: Readable; readonly dueMs: number }[] = [];
  private readonly lost = new Set<Readable>();

  constructor(
    private readonly world: TradeWorld,
    private readonly wire: Wire<HubMessage>,
  ) {}

  /** True when it has read everything as it is. */
  get quiet(): boolean {
    return this.world.readables.every(({ dirty }) => !dirty);
  }

  /** The webhook of each comes, comes late, or never. */
  notice(changed: readonly Readable[]): void {
    const { dice, nowMs } = this.world.course;
    for (const about of changed) {
      if (dice.chance(0.12)) this.lost.add(about);
      else
        this.nudges.push({ about, dueMs: nowMs + dice.between(0, dice.chance(0.8) ? 500 : 9_000) });
    }
  }

  followNudges(): void {
    const { nowMs } = this.world.course;
    for (const { about } of this.nudges.filter(({ dueMs }) => dueMs <= nowMs)) {
      if (about.dirty) this.wire.send(about.read());
    }
    this.nudges = this.nudges.filter(({ dueMs }) => dueMs > nowMs);
  }

  /** Looks at everything. */
  poll(): void {
    for (const about of this.world.readables) {
      if (!about.dirty) continue;
      if (this.lost.delete(about)) this.world.course.note('lost-and-polled');
      this.wire.send(about.read());
    }
  }
}
