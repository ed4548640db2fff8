import { Controller } from '@nestjs/common';
import {
  AskSkusOnSale,
  AskStockDisagreements,
  AskStockOfSku,
  SkusOnSale,
  StockDisagreements,
  StockOfSku,
  type ChannelFigures,
} from '@tillbridge/contracts';
import { sellableUnits } from '@tillbridge/domain';
import { Answers } from '@tillbridge/messaging';
import { Database } from '@tillbridge/postgres';
import { ChannelMap } from '../merchant/channel-map.js';
import { readLevelsOfSkus } from './stock-levels.js';

const FIRST = 50;
const SKUS = 500;

const FIGURES = `
  connection_id as "connectionId", channel_location_id as "channelLocationId", sku,
  observed_units as "observedUnits", desired_units as "desiredUnits"`;

@Controller()
export class StockQueries {
  constructor(
    private readonly database: Database,
    private readonly channels: ChannelMap,
  ) {}

  /** Channels whose goods no master has counted are left out: there is no figure to show. */
  @Answers(AskStockOfSku)
  async stockOfSku({ sku }: AskStockOfSku): Promise<StockOfSku> {
    const levels = await readLevelsOfSkus(this.database, [sku]);
    const locations = [...levels.values()].map(({ locationId, onHandUnits, committedUnits }) => {
      const bufferUnits = this.channels.bufferOf(locationId, sku);
      const shelf = { onHandUnits, committedUnits, bufferUnits };
      return { locationId, ...shelf, sellableUnits: sellableUnits(shelf) };
    });
    locations.sort((a, b) => (a.locationId < b.locationId ? -1 : 1));
    const channels = await this.database.query<ChannelFigures>(
      `select ${FIGURES} from publication
        where sku = any($1::text[]) and desired_units is not null
        order by connection_id, channel_location_id, sku`,
      [[...new Set([sku, ...this.channels.products.dependantsOf(sku)])]],
    );
    return Object.assign(new StockOfSku(), { sku, locations, channels });
  }

  @Answers(AskSkusOnSale)
  async skusOnSale({ connectionId, after }: AskSkusOnSale): Promise<SkusOnSale> {
    const rows = await this.database.query<{ sku: string }>(
      `select distinct sku from publication where connection_id = $1 and sku > $2
        order by sku limit $3`,
      [connectionId, after ?? '', SKUS],
    );
    return Object.assign(new SkusOnSale(), { skus: rows.map(({ sku }) => sku) });
  }

  @Answers(AskStockDisagreements)
  async disagreements(_: AskStockDisagreements): Promise<StockDisagreements> {
    const [figures] = await this.database.query<{ rows: number; open: number }>(
      `select count(*)::int as rows,
              (count(*) filter (where observed_units <> desired_units))::int as open
         from publication where desired_units is not null`,
    );
    const first = await this.database.query<ChannelFigures>(
      `select ${FIGURES} from publication where observed_units <> desired_units
        order by since, sku limit $1`,
      [FIRST],
    );
    const { rows, open } = figures ?? { rows: 0, open: 0 };
    return Object.assign(new StockDisagreements(), { rows, open, first });
  }
}
