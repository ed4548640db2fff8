import { Controller } from '@nestjs/common';
import { AskExceptions, AskPosCustomer, OpenExceptions, PosCustomer } from '@tillbridge/contracts';
import { Answers } from '@tillbridge/messaging';
import { ExceptionBook } from '@tillbridge/postgres';
import { CustomerLinks } from './customer-links.js';

/** Answers about who is who. */
@Controller()
export class CustomerQueries {
  constructor(
    private readonly links: CustomerLinks,
    private readonly exceptions: ExceptionBook,
  ) {}

  @Answers(AskPosCustomer)
  async posCustomer({ posConnectionId, ...key }: AskPosCustomer): Promise<PosCustomer> {
    const posCustomerId = await this.links.posCustomerOf(key, posConnectionId);
    return Object.assign(new PosCustomer(), { posCustomerId });
  }

  @Answers(AskExceptions)
  async openExceptions({ code }: AskExceptions): Promise<OpenExceptions> {
    return Object.assign(new OpenExceptions(), { exceptions: await this.exceptions.open(code) });
  }
}
