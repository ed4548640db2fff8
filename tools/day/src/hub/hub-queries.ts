import type { NatsConnection } from '@nats-io/transport-node';
import {
  AskExceptions,
  AskOrderFigures,
  AskOrders,
  AskReceivables,
  AskStockDisagreements,
  SERVICES,
  type OpenExceptions,
  type OrderFigures,
  type OrderPage,
  type OrderState,
  type OrderSummary,
  type RaisedException,
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

  /** Open exceptions of all services. */
  async openExceptions(): Promise<RaisedException[]> {
    const answers = await Promise.all(
      SERVICES.map((service) =>
        askOver<OpenExceptions>(this.nats, new AskExceptions(), { service }),
      ),
    );
    return answers.flatMap((answer) => answer.exceptions);
  }

  /** The first orders in these states. */
  async orders(states: OrderState[]): Promise<OrderSummary[]> {
    const question = Object.assign(new AskOrders(), { states, limit: PAGE });
    return (await askOver<OrderPage>(this.nats, question)).orders;
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
