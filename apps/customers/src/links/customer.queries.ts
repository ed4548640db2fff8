import { Controller } from '@nestjs/common';
import {
  AskExceptions,
  AskPosCustomers,
  OpenExceptions,
  PosCustomers,
} from '@tillbridge/contracts';
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

  @Answers(AskPosCustomers)
  async posCustomers({ customers, posConnectionId }: AskPosCustomers): Promise<PosCustomers> {
    const posCustomerIds = await this.links.posCustomersOf(customers, posConnectionId);
    return Object.assign(new PosCustomers(), { posCustomerIds });
  }

  @Answers(AskExceptions)
  async openExceptions({ code }: AskExceptions): Promise<OpenExceptions> {
    return Object.assign(new OpenExceptions(), { exceptions: await this.exceptions.open(code) });
  }
}
