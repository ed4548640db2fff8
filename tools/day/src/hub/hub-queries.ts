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
  type ServiceName,
  type StockDisagreements,
} from '@tillbridge/contracts';
import { RebuildDesk, type Asker } from '@tillbridge/messaging';

const PAGE = 500;

/** The questions that a day asks the hub. */
export class HubQueries {
  constructor(private readonly asker: Asker) {}

  orderFigures(): Promise<OrderFigures> {
    return this.asker.ask<OrderFigures>(new AskOrderFigures());
  }

  stockDisagreements(): Promise<StockDisagreements> {
    return this.asker.ask<StockDisagreements>(new AskStockDisagreements());
  }

  /** Open exceptions of all services. */
  async openExceptions(): Promise<RaisedException[]> {
    const answers = await Promise.all(
      SERVICES.map((service) => this.asker.ask<OpenExceptions>(new AskExceptions(), { service })),
    );
    return answers.flatMap((answer) => answer.exceptions);
  }

  /** Whether a service has an open exception of this code. */
  async isRaised(code: string, service: ServiceName): Promise<boolean> {
    return (await this.raisedFor(code, service)).size > 0;
  }

  /** Has a service publish again what it has said since then; how many messages that were. */
  async rebuild(service: ServiceName, since: Date, signal?: AbortSignal): Promise<number> {
    const desk = new RebuildDesk(this.asker);
    return (await desk.rebuild(service, since.toISOString(), { signal })).messages;
  }

  /** Our ids of what a service has open exceptions of this code for. */
  async raisedFor(code: string, service: ServiceName): Promise<Set<string>> {
    const question = Object.assign(new AskExceptions(), { code });
    const { exceptions } = await this.asker.ask<OpenExceptions>(question, { service });
    return new Set(exceptions.map(({ subject }) => subject));
  }

  /** Every trade order, by PO number. */
  async allOrders(): Promise<Map<string, OrderSummary>> {
    const found = new Map<string, OrderSummary>();
    for (let afterOrderId: string | undefined; ;) {
      const question = Object.assign(new AskOrders(), {
        limit: PAGE,
        ...(afterOrderId === undefined ? {} : { afterOrderId }),
      });
      const { orders } = await this.asker.ask<OrderPage>(question);
      for (const order of orders) found.set(order.poNumber ?? '', order);
      if (orders.length < PAGE) return found;
      afterOrderId = orders.at(-1)?.orderId;
    }
  }

  /** The first orders in these states. */
  async orders(states: OrderState[]): Promise<OrderSummary[]> {
    const question = Object.assign(new AskOrders(), { states, limit: PAGE });
    return (await this.asker.ask<OrderPage>(question)).orders;
  }

  async receivables(): Promise<Receivable[]> {
    const all: Receivable[] = [];
    for (;;) {
      const after = all.at(-1)?.orderId;
      const question = Object.assign(new AskReceivables(), {
        limit: PAGE,
        ...(after === undefined ? {} : { afterOrderId: after }),
      });
      const page = await this.asker.ask<ReceivablePage>(question);
      all.push(...page.receivables);
      if (page.receivables.length < PAGE) return all;
    }
  }
}
