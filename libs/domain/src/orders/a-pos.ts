import type { OrderCommand } from './order-commands.js';
import type { OrderFact } from './order-facts.js';

type Posted = Extract<OrderCommand, { kind: 'post-order' }>;
type Reversed = Extract<OrderCommand, { kind: 'reverse-order' }>;

/** What the POS holds of one posting. */
interface Held {
  readonly command: Posted;
  minor: number;
  readonly units: Map<string, number>;
  gone: boolean;
}

/** A POS for the specs: it takes what it is asked for, but for goods that have left meanwhile. */
export class APos {
  private readonly held = new Map<string, Held>();
  /** Places that held two live orders at once, which must never be. */
  readonly doubled: string[] = [];

  /** What the POS answers, with what it then holds. */
  answer(command: OrderCommand): OrderFact[] {
    if (command.kind === 'post-order') return this.post(command);
    if (command.kind === 'reverse-order') return this.reverse(command);
    if (command.kind === 'create-fulfilment') {
      const { dispatchId } = command;
      return [{ kind: 'fulfilment-created', dispatchId, fulfilmentId: `of ${dispatchId}` }];
    }
    return [];
  }

  /** The goods of a live posting leave the store. */
  dispatch(index: number): OrderFact[] {
    const open = [...this.held.values()].filter(({ gone, units }) => !gone && units.size > 0);
    const leaving = open[index % Math.max(1, open.length)];
    if (leaving === undefined) return [];
    leaving.gone = true;
    const { postingId } = leaving.command;
    return [{ kind: 'pos-fulfilment', postingId, fulfilment: { state: 'completed', revision: 9 } }];
  }

  /** The money of all that is live. */
  get minor(): number {
    return [...this.held.values()].reduce((sum, { minor }) => sum + minor, 0);
  }

  /** Units of a SKU in all that is live, or in what of it has left. */
  unitsOf(sku: string, only?: 'gone'): number {
    return [...this.held.values()]
      .filter(({ gone }) => only === undefined || gone)
      .reduce((sum, { units }) => sum + (units.get(sku) ?? 0), 0);
  }

  private post(command: Posted): OrderFact[] {
    const { postingId, locationId, totalMinor } = command;
    if (!this.held.has(postingId)) {
      const rivals = [...this.held.values()].filter(
        (each) => each.command.locationId === locationId && !each.gone,
      );
      if (rivals.length > 0) this.doubled.push(postingId);
      const units = new Map<string, number>();
      for (const { sku, units: some } of command.lines) {
        if (sku !== null) units.set(sku, (units.get(sku) ?? 0) + some);
      }
      this.held.set(postingId, { command, minor: totalMinor, units, gone: false });
    }
    return [{ kind: 'posted', postingId, posOrderId: `pos ${postingId}` }];
  }

  private reverse({ reversalId, postingId, whole, amountMinor, changes }: Reversed): OrderFact[] {
    const held = this.held.get(postingId);
    if (held === undefined || (whole && held.gone)) {
      return [{ kind: 'reversed', reversalId, outcome: 'refused', reason: 'it has left' }];
    }
    held.minor -= amountMinor;
    for (const { sku, units } of changes) held.units.set(sku, (held.units.get(sku) ?? 0) - units);
    if (whole) this.held.delete(postingId);
    return [{ kind: 'reversed', reversalId, outcome: 'done' }];
  }
}
