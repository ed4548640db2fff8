import { Controller } from '@nestjs/common';
import {
  AskChannelStock,
  AskMasterStock,
  AskTradeStock,
  ChannelStockPage,
  Failure,
  MasterStockPage,
} from '@tillbridge/contracts';
import { Answers } from '@tillbridge/messaging';
import { HostedConnections } from '../connections/hosted-connections.js';

/** Figures as the vendors say them now, for whoever compares them. Nothing of it is kept here. */
@Controller()
export class StockPagesQueries {
  constructor(private readonly hosted: HostedConnections) {}

  @Answers(AskMasterStock)
  async masterStock(question: AskMasterStock): Promise<MasterStockPage> {
    return Object.assign(new MasterStockPage(), await this.read(question));
  }

  @Answers(AskChannelStock)
  async channelStock(question: AskChannelStock): Promise<ChannelStockPage> {
    return Object.assign(new ChannelStockPage(), await this.read(question));
  }

  @Answers(AskTradeStock)
  async tradeStock(question: AskTradeStock): Promise<ChannelStockPage> {
    return Object.assign(new ChannelStockPage(), await this.read(question));
  }

  private async read({ connectionId, ...question }: AskMasterStock | AskChannelStock) {
    const vendor = this.hosted.find(connectionId)?.vendor;
    if (vendor?.readStock !== undefined) return vendor.readStock(question);
    throw new Failure('bad-message', 'never', `'${connectionId}' has no stock to be read`);
  }
}
