import {
  type AskChannelStock,
  AskMasterStock,
  AskTradeStock,
  type ChannelStockPage,
  type MasterStockPage,
} from '@tillbridge/contracts';
import type { Asker } from '@tillbridge/messaging';
import type { Settings, Timers } from '@tillbridge/runtime';
import { ReconciliationRuns } from '../src/reconciliation/reconciliation-runs.js';
import { ReconciliationQueries } from '../src/reconciliation/reconciliation.queries.js';
import { DifferenceSettlement } from '../src/reconciliation/settle-differences.js';
import { StockComparison } from '../src/reconciliation/stock-comparison.js';
import { StockPages } from '../src/reconciliation/stock-pages.js';
import { StockVerification } from '../src/verification/stock-verification.js';
import {
  at,
  ONLINE,
  SHOP,
  TRADE,
  TRADE_STOCK,
  type InventoryUnderTest,
} from './inventory-under-test.js';

interface Figure {
  readonly place: string;
  readonly sku: string;
  units: number;
  at: string;
}

const PAGE = 3;

/** A till, a shop and a trade layer over it that say what they are told to, in pages of three. */
export class ComparedSystems {
  readonly runs: ReconciliationRuns;
  readonly queries: ReconciliationQueries;
  readonly comparison: StockComparison;
  readonly verification: StockVerification;
  readonly asked: (AskMasterStock | AskChannelStock)[] = [];
  /** Run before each answer. */
  before: (question: AskMasterStock | AskChannelStock) => Promise<void> = async () => undefined;
  private readonly pages: StockPages;
  private readonly till: Figure[] = [];
  private readonly shop: Figure[] = [];
  private readonly trade: Figure[] = [];

  constructor(private readonly inventory: InventoryUnderTest) {
    const { database, channels, clock, stock, configuration } = inventory;
    const asker = { ask: (question: object) => this.answer(question) } as unknown as Asker;
    this.pages = new StockPages(asker, channels);
    const settings = { timeScale: 1 } as Settings;
    this.comparison = new StockComparison(
      database,
      this.pages,
      channels,
      clock,
      settings,
      configuration,
    );
    this.runs = new ReconciliationRuns(
      database,
      this.comparison,
      new DifferenceSettlement(channels, stock, clock),
      channels,
      clock,
      settings,
      {} as Timers,
      configuration,
    );
    this.queries = new ReconciliationQueries(database, this.runs);
    this.verification = new StockVerification(
      database,
      channels,
      this.comparison,
      this.pages,
      configuration,
    );
  }

  tillSays(place: string, sku: string, units: number, second: number): void {
    put(this.till, { place, sku, units, at: at(second) });
  }

  shopSays(sku: string, units: number, place: string = ONLINE): void {
    put(this.shop, { place, sku, units, at: '' });
  }

  tradeSays(sku: string, units: number): void {
    put(this.trade, { place: TRADE_STOCK, sku, units, at: '' });
  }

  forget(sku: string): void {
    for (const figures of [this.till, this.shop, this.trade]) {
      figures.splice(0, figures.length, ...figures.filter((each) => each.sku !== sku));
    }
  }

  /** Compares; `between` happens after the first look, and the shop's orders are then polled. */
  async compare(
    scope: 'changed' | 'all' = 'all',
    between: () => Promise<void> = async () => undefined,
    polled = true,
  ): Promise<Record<string, number>> {
    const runId = await this.runs.begin(scope, 'person');
    await this.runs.work();
    await between();
    this.inventory.nowMs += 1_000;
    if (polled) await this.inventory.poll();
    // Two polls of the slower of the two.
    this.inventory.nowMs += 120_000;
    await this.runs.work();
    const run = await this.queries.run({ runId });
    expect(run.finishedAt).not.toBeNull();
    return run.differences;
  }

  private async answer(question: object): Promise<MasterStockPage | ChannelStockPage> {
    const asked = question as AskMasterStock | AskChannelStock;
    this.asked.push(asked);
    await this.before(asked);
    const { skus, after } = asked;
    const all = this.saidBy(asked);
    const from = Number(after ?? 0);
    const page = skus ? all.filter(({ sku }) => skus.includes(sku)) : all.slice(from, from + PAGE);
    const more = skus === undefined && from + PAGE < all.length;
    const next = more ? { next: String(from + PAGE) } : {};
    if (question instanceof AskMasterStock) {
      return {
        figures: page.map(({ place, sku, units, at: countedAt }) => ({
          locationId: place,
          sku,
          onHandUnits: units,
          countedAt,
        })),
        ...next,
      };
    }
    return {
      figures: page.map(({ place, sku, units }) => ({
        channelLocationId: place,
        sku,
        availableUnits: units,
      })),
      ...next,
    };
  }

  /** A trade layer is asked in its own words, and cannot say what moved. */
  private saidBy(asked: AskMasterStock | AskChannelStock): readonly Figure[] {
    expect(asked instanceof AskTradeStock).toBe(asked.connectionId === TRADE);
    if (asked.connectionId === SHOP) return this.shop;
    if (asked.connectionId !== TRADE) return this.till;
    return asked.since === undefined ? this.trade : [];
  }
}

function put(figures: Figure[], figure: Figure): void {
  const known = figures.find(({ place, sku }) => place === figure.place && sku === figure.sku);
  if (known === undefined) figures.push(figure);
  else Object.assign(known, figure);
}
