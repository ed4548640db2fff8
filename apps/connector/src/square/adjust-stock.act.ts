import { AdjustStock, StockAdjusted, type Failure } from '@tillbridge/contracts';
import type { Act, ActResult, ActRun } from '../vendor.js';
import { retailMark } from './square.translate.js';
import type { StockChanges } from './stock-changes.js';

/** Takes retail goods out of Square's stock at dispatch; marked, so that the ledger tells ours. */
export class AdjustStockAct implements Act<AdjustStock> {
  readonly command = AdjustStock;

  constructor(
    private readonly connectionId: string,
    private readonly changes: StockChanges,
  ) {}

  async perform(command: AdjustStock, run: ActRun): Promise<ActResult> {
    const { adjustmentId, orderId, locationId, changes, happenedAt } = command;
    const mark = retailMark(orderId);
    const key = `tb-adj-${adjustmentId}`;
    await this.changes.apply(run, { key, mark, locationId, changes, happenedAt });
    return { messages: () => [this.toAdjusted(command, 'done')] };
  }

  refused(command: AdjustStock, failure: Failure): object[] {
    return [this.toAdjusted(command, 'refused', failure.message)];
  }

  notSent(command: AdjustStock): object[] {
    return [this.toAdjusted(command, 'not-sent', 'the connection only observes')];
  }

  private toAdjusted(
    command: AdjustStock,
    outcome: StockAdjusted['outcome'],
    reason?: string,
  ): StockAdjusted {
    const { adjustmentId, orderId } = command;
    return Object.assign(new StockAdjusted(), {
      adjustmentId,
      connectionId: this.connectionId,
      orderId,
      outcome,
      ...(reason === undefined ? {} : { reason }),
    });
  }
}
