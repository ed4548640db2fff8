import { Controller } from '@nestjs/common';
import {
  AskPosOrders,
  AskTradeOrders,
  Failure,
  PosOrderPage,
  TradeOrderPage,
} from '@tillbridge/contracts';
import { Answers } from '@tillbridge/messaging';
import { HostedConnections } from '../connections/hosted-connections.js';

/** Orders as the vendors list them now, for whoever looks for orphans. Nothing of it is kept here. */
@Controller()
export class OrderPagesQueries {
  constructor(private readonly hosted: HostedConnections) {}

  @Answers(AskPosOrders)
  async posOrders(question: AskPosOrders): Promise<PosOrderPage> {
    return Object.assign(new PosOrderPage(), await this.read(question));
  }

  @Answers(AskTradeOrders)
  async tradeOrders(question: AskTradeOrders): Promise<TradeOrderPage> {
    return Object.assign(new TradeOrderPage(), await this.read(question));
  }

  private async read({ connectionId, ...question }: AskPosOrders | AskTradeOrders) {
    const vendor = this.hosted.find(connectionId)?.vendor;
    if (vendor?.readOrders !== undefined) return vendor.readOrders(question);
    throw new Failure('bad-message', 'never', `'${connectionId}' lists no orders`);
  }
}
