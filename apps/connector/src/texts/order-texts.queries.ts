import { Controller } from '@nestjs/common';
import { AskOrderTexts, OrderText, OrderTexts, type DeliveryAddress } from '@tillbridge/contracts';
import { Answers } from '@tillbridge/messaging';
import { Database } from '@tillbridge/postgres';

interface TextRow {
  readonly order_id: string;
  readonly recipient_name: string | null;
  readonly note: string | null;
  readonly requested_date: string | null;
  readonly address: DeliveryAddress | null;
}

/** Hands out the words on orders: they are in no stream, only here and with who asks. */
@Controller()
export class OrderTextsQueries {
  constructor(private readonly database: Database) {}

  @Answers(AskOrderTexts)
  async orderTexts(question: AskOrderTexts): Promise<OrderTexts> {
    const rows = await this.database.query<TextRow>(
      `select order_id, recipient_name, note, requested_date, address from order_text
       where order_id = any($1::uuid[])`,
      [question.orderIds],
    );
    const texts = rows.map((row) =>
      Object.assign(new OrderText(), {
        orderId: row.order_id,
        ...(row.recipient_name === null ? {} : { recipientName: row.recipient_name }),
        ...(row.note === null ? {} : { note: row.note }),
        ...(row.requested_date === null ? {} : { requestedDate: row.requested_date }),
        ...(row.address === null ? {} : { address: row.address }),
      }),
    );
    return Object.assign(new OrderTexts(), { texts });
  }
}
