import { shelfKey, StockBook, type StockFact } from '@tillbridge/domain';
import type { Dice } from '../../chance/dice.js';
import type { HubUnderSoak } from '../hub-under-soak.js';
import { openOrderExceptions } from './judge-rest.js';
import { byKind } from '../../faults/by-kind.js';
import { expectSame } from '../../run/violation.js';

const BATCH = 24;

/**
 * The same facts in another order, some of them twice, in other batches: the same figures, the same
 * promised units and the same units contained. From which store an order is served may depend on what
 * was free when it was first seen; where that is the same too, everything else has to be.
 * @throws Violation
 */
export function judgeRetelling(hub: HubUnderSoak, dice: Dice, nowMs: number): void {
  const facts = [...hub.facts.values()];
  const told = dice.shuffled([...facts, ...facts.slice(0, 5)]);
  const book = new StockBook(hub.merchant);
  // Nobody is answered before the channel has shown what could be asked for.
  book.take(facts.filter(isFirstLook), new Date(nowMs));
  for (let at = 0; at < told.length; at += BATCH) {
    book.take(byKind(told.slice(at, at + BATCH)), new Date(nowMs + at));
  }
  const rule = 'same facts, same state';
  expectSame(rule, 'figures', shelfText(book, false), shelfText(hub.book, false));
  const [owed, right] = [owedText(book), owedText(hub.book)];
  expectSame(rule, 'contained', owed.contained, right.contained);
  // What a pack is made of hangs on the day on which it was first promised.
  if (hub.productsChanged) return;
  expectSame(rule, 'orders', owed.bySku, right.bySku);
  if (owed.byShelf !== right.byShelf) return;
  expectSame(rule, 'commitments', shelfText(book, true), shelfText(hub.book, true));
  expectSame(rule, 'channels', figureText(book), figureText(hub.book));
  expectSame(rule, 'exceptions', openOrderExceptions(book), openOrderExceptions(hub.book));
}

function isFirstLook({ kind, data }: StockFact): boolean {
  return kind === 'channel-observed' && data.revision === 1;
}

function shelfText(book: StockBook, committed: boolean): string {
  return book.shelves
    .map((shelf) => {
      const { onHandUnits, countedAt, revision, committedUnits } = shelf;
      const sum = committed ? committedUnits : 0;
      return `${shelfKey(shelf)} ${onHandUnits} ${countedAt} ${revision} ${sum}`;
    })
    .sort()
    .join();
}

function owedText(book: StockBook): { bySku: string; byShelf: string; contained: string } {
  const bySku = new Map<string, number>();
  const byShelf: string[] = [];
  const contained: string[] = [];
  for (const { orderId, promises } of book.orders) {
    for (const promise of promises) {
      const { sku, owedUnits, containedUnits } = promise;
      const key = `${orderId} ${sku}`;
      bySku.set(key, (bySku.get(key) ?? 0) + owedUnits);
      if (containedUnits !== 0) contained.push(`${orderId} ${shelfKey(promise)} ${containedUnits}`);
      if (owedUnits !== 0) byShelf.push(`${orderId} ${shelfKey(promise)} ${owedUnits}`);
    }
  }
  const sums = [...bySku].filter(([, units]) => units !== 0).map((each) => each.join(' '));
  const text = (lines: string[]) => lines.sort().join();
  return { bySku: text(sums), byShelf: text(byShelf), contained: text(contained) };
}

function figureText(book: StockBook): string {
  return book.figures
    .map(({ channelLocationId, sku, observedUnits, desiredUnits }) => {
      return `${channelLocationId} ${sku} ${observedUnits} ${desiredUnits}`;
    })
    .sort()
    .join();
}
