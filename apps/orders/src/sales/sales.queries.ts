import { Controller } from '@nestjs/common';
import { AskSales, Failure, SalesPage } from '@tillbridge/contracts';
import { Answers } from '@tillbridge/messaging';
import { SalesBook, type SalesFilter, type SalesPlace, type StoredSale } from './sales-book.js';

const DAY_MS = 86_400_000;

/** What was sold to whom, through which channel, where and when. */
@Controller()
export class SalesQueries {
  constructor(private readonly book: SalesBook) {}

  /** @throws Failure 'never' when `after` is none of ours. */
  @Answers(AskSales)
  async sales(question: AskSales): Promise<SalesPage> {
    const filter = await this.toFilter(question);
    const after = question.after === undefined ? undefined : readPlace(question.after);
    const [found, totals] = await Promise.all([
      this.book.find(filter, after, question.limit + 1),
      this.book.totals(filter),
    ]);
    const sales = found.slice(0, question.limit);
    const last = found.length > sales.length ? sales.at(-1) : undefined;
    return Object.assign(new SalesPage(), {
      sales: sales.map(toSale),
      totals,
      ...(last === undefined ? {} : { next: writePlace(last) }),
    });
  }

  private async toFilter({ account, fromDay, toDay, ...rest }: AskSales): Promise<SalesFilter> {
    const { connectionId, locationId } = rest;
    return {
      connectionId,
      locationId,
      ...(account === undefined ? {} : { customers: await this.book.customersOf(account) }),
      ...(fromDay === undefined ? {} : { from: `${fromDay}T00:00:00Z` }),
      ...(toDay === undefined ? {} : { until: dayAfter(toDay) }),
    };
  }
}

function toSale({ at, lines, ...sale }: StoredSale): SalesPage['sales'][number] {
  return { ...sale, at: new Date(at).toISOString(), lines: [...lines] };
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString();
}

function writePlace({ at, saleId, locationId }: StoredSale): string {
  return Buffer.from(JSON.stringify([at, saleId, locationId])).toString('base64url');
}

function readPlace(text: string): SalesPlace {
  try {
    const place: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (Array.isArray(place) && place.length === 3 && place.every((p) => typeof p === 'string')) {
      const [at, saleId, locationId] = place as [string, string, string];
      return { at, saleId, locationId };
    }
  } catch {
    // Falls through to the one answer for whatever is no place of ours.
  }
  throw new Failure('bad-message', 'never', '`after` is not the `next` of a page');
}
