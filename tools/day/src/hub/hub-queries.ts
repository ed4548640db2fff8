import { setTimeout as sleep } from 'node:timers/promises';
import {
  AskExceptions,
  AskOrderFigures,
  AskOrders,
  AskRebuild,
  AskReceivables,
  AskStockDisagreements,
  RebuildOutbox,
  SERVICES,
  type OpenExceptions,
  type OrderFigures,
  type OrderPage,
  type OrderState,
  type OrderSummary,
  type RaisedException,
  type Rebuild,
  type Receivable,
  type ReceivablePage,
  type ServiceName,
  type StockDisagreements,
} from '@tillbridge/contracts';
import type { Asker } from '@tillbridge/messaging';

const PAGE = 500;
const REBUILD_LOOK_MS = 250;

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
    const question = Object.assign(new AskExceptions(), { code });
    const { exceptions } = await this.asker.ask<OpenExceptions>(question, { service });
    return exceptions.length > 0;
  }

  /** Has a service publish again what it has said since then; how many messages that were. */
  async rebuild(service: ServiceName, since: Date, signal?: AbortSignal): Promise<number> {
    const begin = Object.assign(new RebuildOutbox(), { since: since.toISOString() });
    await this.asker.ask<Rebuild>(begin, { service });
    for (;;) {
      const { finishedAt, messages } = await this.asker.ask<Rebuild>(new AskRebuild(), { service });
      if (finishedAt !== undefined) return messages;
      await sleep(REBUILD_LOOK_MS, undefined, { signal });
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
