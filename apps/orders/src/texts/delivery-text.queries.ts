import { Controller } from '@nestjs/common';
import { AskDeliveryText, type OrderText } from '@tillbridge/contracts';
import { Answers } from '@tillbridge/messaging';
import { DeliveryTexts } from './delivery-texts.js';

/** The words that go onto a POS ticket, for whoever writes it. */
@Controller()
export class DeliveryTextQueries {
  constructor(private readonly texts: DeliveryTexts) {}

  @Answers(AskDeliveryText)
  deliveryText({ orderId }: AskDeliveryText): Promise<OrderText> {
    return this.texts.read(orderId);
  }
}
