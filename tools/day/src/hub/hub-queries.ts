import type { NatsConnection } from '@nats-io/transport-node';
import {
  AskOrderFigures,
  AskReceivables,
  AskStockDisagreements,
  type OrderFigures,
  type Receivable,
  type ReceivablePage,
  type StockDisagreements,
} from '@tillbridge/contracts';
import { askOver } from '@tillbridge/messaging';

const PAGE = 500;

/** The questions that a day asks the hub. */
export class HubQueries {
  constructor(private readonly nats: NatsConnection) {}

  orderFigures(): Promise<OrderFigures> {
    return askOver<OrderFigures>(this.nats, new AskOrderFigures());
  }

  stockDisagreements(): Promise<StockDisagreements> {
    return askOver<StockDisagreements>(this.nats, new AskStockDisagreements());
  }

  async receivables(): Promise<Receivable[]> {
    const all: Receivable[] = [];
    for (;;) {
      const after = all.at(-1)?.orderId;
      const question = Object.assign(new AskReceivables(), {
        limit: PAGE,
        ...(after === undefined ? {} : { afterOrderId: after }),
      });
      const page = await askOver<ReceivablePage>(this.nats, question);
      all.push(...page.receivables);
      if (page.receivables.length < PAGE) return all;
    }
  }
}
