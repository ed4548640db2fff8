import {
  SetTradeStock,
  StockSet,
  type Failure,
  type StockSetResult,
  type StockTarget,
} from '@tillbridge/contracts';

import type { Act, ActResult } from '../vendor.js';
import { placeKey, type TradeLevel, type TradeStock } from './trade-stock.js';

/**
 * Overwrites figures of the trade shop's own stock. It compares nothing, so each try looks first: a
 * figure that has moved is told and left alone. Between look and write a race of a moment remains.
 */
export class SetTradeStockAct implements Act<SetTradeStock> {
  readonly command = SetTradeStock;

  constructor(private readonly stock: TradeStock) {}

  async perform(command: SetTradeStock): Promise<ActResult> {
    const shown = await this.stock.read(command.items);
    const decided = command.items.map((item, at) => decide(item, shown[at] as TradeLevel));
    await this.stock.write(decided.filter(({ writes }) => writes).map(({ level }) => level));
    return {
      observations: decided.map(({ level }) => this.stock.toObservation(level)),
      messages: (revisions) => [
        toStockSet(
          command,
          decided.map(({ outcome, level }) => ({
            ...placed(level),
            outcome,
            availableUnits: level.availableUnits,
            revision: revisions.get(`level|${placeKey(level)}`),
          })),
        ),
      ],
    };
  }

  refused(command: SetTradeStock, { message: reason }: Failure): object[] {
    const outcome = 'refused' as const;
    return [
      toStockSet(
        command,
        command.items.map((item) => ({ ...placed(item), outcome, reason })),
      ),
    ];
  }

  notSent(command: SetTradeStock): object[] {
    const outcome = 'not-sent' as const;
    return [
      toStockSet(
        command,
        command.items.map((item) => ({ ...placed(item), outcome })),
      ),
    ];
  }
}

/** What is there already was written by a try whose answer was lost, or needs no writing. */
function decide(item: StockTarget, level: TradeLevel) {
  if (level.availableUnits === item.toUnits)
    return { outcome: 'set', level, writes: false } as const;
  if (level.availableUnits !== item.fromUnits) {
    return { outcome: 'stale', level, writes: false } as const;
  }
  const written = { ...level, availableUnits: item.toUnits };
  return { outcome: 'set', level: written, writes: true } as const;
}

function placed({ channelLocationId, sku }: Pick<StockTarget, 'channelLocationId' | 'sku'>) {
  return { channelLocationId, sku };
}

function toStockSet(command: SetTradeStock, results: StockSetResult[]): StockSet {
  const { batchId, connectionId } = command;
  return Object.assign(new StockSet(), { batchId, connectionId, results });
}
