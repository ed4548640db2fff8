import { Controller } from '@nestjs/common';
import { AskExceptions, OpenExceptions } from '@tillbridge/contracts';
import { Answers } from '@tillbridge/messaging';
import { ExceptionBook } from '@tillbridge/postgres';

@Controller()
export class ExceptionsQueries {
  constructor(private readonly book: ExceptionBook) {}

  @Answers(AskExceptions)
  async open({ code }: AskExceptions): Promise<OpenExceptions> {
    return Object.assign(new OpenExceptions(), { exceptions: await this.book.open(code) });
  }
}
