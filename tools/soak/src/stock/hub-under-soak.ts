import {
  shelfKey,
  StockBook,
  type SetStockBatch,
  type StockEffects,
  type StockFact,
} from '@tillbridge/domain';
import { judgeBook, type Committed } from './judging/judge-book.js';
import { Known } from './judging/known.js';
import { expectSame } from '../run/violation.js';
import type { SoakMerchant } from './world/soak-merchant.js';

/** What was done to the book, in order: enough to come to the same book again. */
type Deed =
  | { readonly kind: 'taken'; readonly facts: readonly StockFact[]; readonly nowMs: number }
  | { readonly kind: 'configured'; readonly merchant: SoakMerchant; readonly nowMs: number }
  | { readonly kind: 'published'; readonly batchIds: readonly string[] };

/** The hub's stock as it runs: what it commits is what it is after a crash. */
export class HubUnderSoak {
  book: StockBook;
  /** The facts that were taken in, each once. */
  readonly facts = new Map<string, StockFact>();
  known: Known;
  committed: Committed = new Map();
  /** True once packs or kits were made of something else than before. */
  productsChanged = false;
  private readonly deeds: Deed[] = [];
  private readonly ledger = new Map<string, number | string>();
  private readonly offered = new Map<string, number>();

  constructor(
    private readonly opening: SoakMerchant,
    public merchant: SoakMerchant = opening,
  ) {
    this.book = new StockBook(opening, LIMITS);
    this.known = new Known(opening);
  }

  /** @throws Violation */
  take(facts: readonly StockFact[], nowMs: number): StockEffects {
    const effects = this.book.take(facts, new Date(nowMs));
    this.deeds.push({ kind: 'taken', facts, nowMs });
    const fresh = facts.filter(({ id }) => !this.facts.has(id));
    for (const fact of fresh) this.facts.set(fact.id, fact);
    this.known.take(fresh);
    this.keep(effects);
    return effects;
  }

  configure(merchant: SoakMerchant, nowMs: number): StockEffects {
    const effects = this.book.configure(merchant, new Date(nowMs));
    this.productsChanged ||= merchant.products !== this.merchant.products;
    this.merchant = merchant;
    this.known.merchant = merchant;
    this.deeds.push({ kind: 'configured', merchant, nowMs });
    this.keep(effects);
    return effects;
  }

  publish(newBatchId: () => string): SetStockBatch[] {
    const batches = this.book.publish(newBatchId);
    this.deeds.push({ kind: 'published', batchIds: batches.map(({ batchId }) => batchId) });
    return batches;
  }

  /** The process dies while it works on these facts: nothing of that was committed. */
  dieWithin(facts: readonly StockFact[], nowMs: number): void {
    this.book.take(facts, new Date(nowMs));
    this.startAgain();
  }

  /** @throws Violation when what was committed does not make the same state again. */
  startAgain(): void {
    const book = new StockBook(this.opening, LIMITS);
    for (const deed of this.deeds) {
      if (deed.kind === 'taken') book.take(deed.facts, new Date(deed.nowMs));
      else if (deed.kind === 'configured') book.configure(deed.merchant, new Date(deed.nowMs));
      else {
        let at = 0;
        book.publish(() => deed.batchIds[at++] ?? 'none');
      }
    }
    this.book = book;
    this.committed = judgeBook(book, this.known, this.merchant);
    this.judgeLedger();
  }

  /** @throws Violation when the last entries of the ledger are not what the book holds. */
  judgeLedger(): void {
    const rule = 'ledger sums to the figure';
    let rows = 0;
    for (const shelf of this.book.shelves) {
      const key = shelfKey(shelf);
      rows += 1;
      expectSame(rule, key, this.ledger.get(key), shelf.onHandUnits);
    }
    for (const { orderId, promises } of this.book.orders) {
      for (const promise of promises) {
        const key = `${orderId} ${shelfKey(promise)}`;
        const { owedUnits, containedUnits } = promise;
        const entry = this.ledger.get(key);
        if (entry === undefined && owedUnits === 0 && containedUnits === 0) continue;
        rows += 1;
        expectSame(rule, key, entry, `${owedUnits} ${containedUnits}`);
      }
    }
    expectSame(rule, 'rows', rows, this.ledger.size);
    for (const { channelLocationId, sku, desiredUnits } of this.book.figures) {
      // A place that is fed by nobody any more who has counted it is nobody's to announce.
      if (desiredUnits === null) continue;
      const key = `${channelLocationId} ${sku}`;
      expectSame(rule, `announced ${key}`, this.offered.get(key), desiredUnits);
    }
  }

  private keep({ ledger, availability }: StockEffects): void {
    for (const entry of ledger) {
      const key = shelfKey(entry);
      if ('orderId' in entry) {
        this.ledger.set(`${entry.orderId} ${key}`, `${entry.owedUnits} ${entry.containedUnits}`);
      } else this.ledger.set(key, entry.onHandUnits);
    }
    for (const { channelLocationId, sku, availableUnits } of availability) {
      this.offered.set(`${channelLocationId} ${sku}`, availableUnits);
    }
    this.committed = judgeBook(this.book, this.known, this.merchant);
  }
}

/** Small, so that batches are cut and have to wait for each other. */
const LIMITS = { batchItems: 4, batchesInFlight: 3 };
