import { Controller } from '@nestjs/common';
import { AskDeliveryTexts, OrderTexts } from '@tillbridge/contracts';
import { Answers } from '@tillbridge/messaging';
import { DeliveryTexts } from './delivery-texts.js';

/** The words that go onto POS tickets, for whoever writes them. */
@Controller()
export class DeliveryTextQueries {
  constructor(private readonly texts: DeliveryTexts) {}

  @Answers(AskDeliveryTexts)
  async deliveryTexts({ orderIds }: AskDeliveryTexts): Promise<OrderTexts> {
    return Object.assign(new OrderTexts(), { texts: await this.texts.read(orderIds) });
  }
}
