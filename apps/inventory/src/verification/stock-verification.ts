import { Controller, Inject } from '@nestjs/common';
import {
  Failure,
  VerifiedChannel,
  VerifiedEntry,
  VerifiedPromise,
  VerifiedReading,
  VerifiedShelf,
  VerifiedStock,
  VerifyStock,
  type StockDifferenceRow,
} from '@tillbridge/contracts';
import { sellableUnits, shelfKey } from '@tillbridge/domain';
import { Answers } from '@tillbridge/messaging';
import { Database } from '@tillbridge/postgres';
import { CONFIGURATION, type Configuration } from '@tillbridge/runtime';
import { ChannelMap } from '../merchant/channel-map.js';
import { readDifferenceRows } from '../reconciliation/difference-rows.js';
import { StockComparison } from '../reconciliation/stock-comparison.js';
import { StockPages } from '../reconciliation/stock-pages.js';
import { readLevelsOfSkus } from '../stock/stock-levels.js';
import { readChannelsNow, readChannelsThen } from './channels-as-of.js';
import {
  entriesAsOf,
  figuresAsOf,
  promisesAsOf,
  type LedgerPart,
  type PastFigure,
  type PastPromise,
} from './ledger-as-of.js';

const ENTRIES = 30;
const PROMISES = 100;
/** Behind everything else that a vendor's budget is for; a person waits. */
const PATIENCE_MS = 8_000;

/** One SKU across master, hub and channels, with how each figure comes about. */
@Controller()
export class StockVerification {
  constructor(
    private readonly database: Database,
    private readonly channels: ChannelMap,
    private readonly comparison: StockComparison,
    private readonly pages: StockPages,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  /** All that is told of hub and channels is worked out from the ledgers, for now as for any moment. */
  @Answers(VerifyStock)
  async verify({ sku, at: asked, askSystems, entries }: VerifyStock): Promise<VerifiedStock> {
    const { products } = this.channels;
    const bases = products.partsOf(sku).map((part) => part.sku);
    const sold = bases.includes(sku) ? products.dependantsOf(sku) : [sku];
    const readings = asked === undefined && askSystems === true ? await this.ask(sku, bases) : [];
    const at = asked === undefined ? await this.now() : new Date(asked);
    const parts = [
      ...new Set(sold.flatMap((each) => products.partsOf(each)).map((each) => each.sku)),
    ];
    const part = await this.partOf(parts, at);
    const shelves = this.shelvesOf(
      await figuresAsOf(this.database, part),
      await promisesAsOf(this.database, part),
    );
    const channels = await this.channelsOf(shelves, sold, asked === undefined ? null : at);
    const ours = shelves.filter((shelf) => bases.includes(shelf.sku));
    if (ours.length === 0 && channels.length === 0) {
      throw new Failure('not-found', 'never', `nobody has told anything of the SKU '${sku}'`);
    }
    const ledger = await entriesAsOf(this.database, { ...part, skus: bases }, entries ?? ENTRIES);
    return Object.assign(new VerifiedStock(), {
      sku,
      at: at.toISOString(),
      shelves: ours,
      channels,
      readings,
      differences: await this.differencesOf([...new Set([...bases, ...sold])], at),
      ledger: ledger.map((entry) =>
        Object.assign(new VerifiedEntry(), {
          ...entry,
          recordedAt: entry.recordedAt.toISOString(),
        }),
      ),
    });
  }

  /** The clock that dates the ledger. */
  private async now(): Promise<Date> {
    const [row] = await this.database.query<{ now: Date }>('select clock_timestamp() as now');
    return row?.now ?? new Date(Number.NaN);
  }

  /** Locations that are configured, and those that only the ledger remembers. */
  private async partOf(skus: readonly string[], at: Date): Promise<LedgerPart> {
    const levels = [...(await readLevelsOfSkus(this.database, skus)).values()];
    const known = this.configuration.locations.map(({ id }) => id);
    const locationIds = [...new Set([...known, ...levels.map(({ locationId }) => locationId)])];
    const countedLocationIds = locationIds.filter((id) => !this.channels.setsAside(id));
    return { locationIds, skus, at, countedLocationIds };
  }

  private shelvesOf(
    figures: readonly PastFigure[],
    promises: readonly PastPromise[],
  ): VerifiedShelf[] {
    const figureOf = new Map(figures.map((each) => [shelfKey(each), each]));
    const shelves = new Map([...figures, ...promises].map((each) => [shelfKey(each), each]));
    const verified = [...shelves].map(([key, { locationId, sku }]) => {
      const { onHandUnits = null, countedAt = null } = figureOf.get(key) ?? {};
      const held = promises.filter((each) => shelfKey(each) === key);
      const committedUnits = held.reduce((sum, each) => sum + each.committedUnits, 0);
      const bufferUnits = this.channels.bufferOf(locationId, sku);
      return Object.assign(new VerifiedShelf(), {
        locationId,
        sku,
        masterConnectionId: this.masterOf(locationId),
        onHandUnits,
        countedAt,
        committedUnits,
        bufferUnits,
        sellableUnits: sellableUnits({
          onHandUnits: onHandUnits ?? 0,
          committedUnits,
          bufferUnits,
        }),
        promises: held.slice(0, PROMISES).map(toPromise),
        promisesInAll: held.length,
      });
    });
    return verified.sort((a, b) => (shelfKey(a) < shelfKey(b) ? -1 : 1));
  }

  private masterOf(locationId: string): string {
    const location = this.configuration.locations.find(({ id }) => id === locationId);
    return location?.master.connection ?? '';
  }

  /** @param at Null for now. */
  private async channelsOf(
    shelves: readonly VerifiedShelf[],
    sold: readonly string[],
    at: Date | null,
  ): Promise<VerifiedChannel[]> {
    const sellable = new Map<string, Map<string, number>>();
    for (const { locationId, sku, onHandUnits, sellableUnits: units } of shelves) {
      if (onHandUnits === null) continue;
      sellable.set(locationId, (sellable.get(locationId) ?? new Map()).set(sku, units));
    }
    const { database, channels } = this;
    return at === null
      ? readChannelsNow(database, channels, sold, sellable)
      : readChannelsThen(database, channels, { sold, sellable, at });
  }

  private differencesOf(skus: readonly string[], at: Date): Promise<StockDifferenceRow[]> {
    return readDifferenceRows(
      this.database,
      `sku = any($1::text[]) and first_seen_at <= $2 and (cleared_at is null or cleared_at > $2)
       order by first_seen_at, connection_id, place, sku`,
      [skus, at],
    );
  }

  /** What the systems say now, past the hub's books. One that is silent is named with the reason. */
  private async ask(sku: string, bases: readonly string[]): Promise<VerifiedReading[]> {
    const { systems } = this.comparison;
    const asked = systems.map(async ({ connectionId, side, places }) => {
      const skus = side === 'master' ? [...bases] : [sku];
      try {
        const question = { connectionId, skus };
        const { figures } = await this.pages.read(side, question, PATIENCE_MS);
        return figures.map(({ place, sku: of, units, at }) =>
          toReading({ connectionId, place, sku: of, units, countedAt: at }),
        );
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        const silence = error.message;
        const place = places.join(', ');
        return [toReading({ connectionId, place, sku, units: null, countedAt: null, silence })];
      }
    });
    return (await Promise.all(asked)).flat();
  }
}

function toReading(reading: VerifiedReading): VerifiedReading {
  return Object.assign(new VerifiedReading(), reading);
}

function toPromise(promise: PastPromise): VerifiedPromise {
  const { orderId, name, owedUnits, containedUnits, committedUnits } = promise;
  const units = { owedUnits, containedUnits, committedUnits };
  return Object.assign(new VerifiedPromise(), { orderId, name, ...units });
}
