import { Controller } from '@nestjs/common';
import {
  AskExceptions,
  AskReceivables,
  OpenExceptions,
  ReceivablePage,
} from '@tillbridge/contracts';
import { Answers } from '@tillbridge/messaging';
import { ExceptionBook } from '@tillbridge/postgres';
import { PaymentBook } from './payment-book.js';

const PAGE_LIMIT = 1_000;

/** Answers about what is owed. */
@Controller()
export class PaymentQueries {
  constructor(
    private readonly book: PaymentBook,
    private readonly exceptions: ExceptionBook,
  ) {}

  @Answers(AskReceivables)
  async receivables({ afterOrderId, limit }: AskReceivables): Promise<ReceivablePage> {
    const receivables = await this.book.receivables(afterOrderId, Math.min(PAGE_LIMIT, limit));
    return Object.assign(new ReceivablePage(), { receivables });
  }

  @Answers(AskExceptions)
  async openExceptions({ code }: AskExceptions): Promise<OpenExceptions> {
    return Object.assign(new OpenExceptions(), { exceptions: await this.exceptions.open(code) });
  }
}
