import { ChannelStockFigure, Failure, type ChannelStockPage } from '@tillbridge/contracts';
import type { StockQuestion } from '../vendor.js';
import type { Level, LevelReader } from './level-reader.js';
import { PATIENT } from './shopify.client.js';
import type { VariantBook } from './variant-book.js';

/** Which place is read, and how far. */
interface Place {
  readonly at: number;
  readonly cursor: string | null;
}

/** The platform's figures, place by place and page by page, for whoever compares them. */
export class StockPages {
  constructor(
    private readonly levels: LevelReader,
    private readonly variants: VariantBook,
    /** Only places that a configured stock location feeds. */
    private readonly locationIds: readonly string[],
  ) {}

  async read({ since, skus, after }: StockQuestion): Promise<ChannelStockPage> {
    if (skus !== undefined) return { figures: await this.readSkus(skus) };
    const place = after === undefined ? { at: 0, cursor: null } : toPlace(after);
    const locationId = this.locationIds[place.at];
    if (locationId === undefined) return { figures: [] };
    const { levels, next } = await this.levels.readPage(
      locationId,
      since ?? null,
      place.cursor,
      PATIENT,
    );
    const following: Place =
      next === null ? { at: place.at + 1, cursor: null } : { at: place.at, cursor: next };
    const more = following.at < this.locationIds.length;
    return { figures: levels.map(toFigure), ...(more ? { next: JSON.stringify(following) } : {}) };
  }

  private async readSkus(skus: readonly string[]): Promise<ChannelStockFigure[]> {
    const items = [...(await this.variants.itemsOf(skus)).values()];
    const wanted = this.locationIds.flatMap((locationId) =>
      items.map((itemId) => ({ itemId, locationId })),
    );
    return (await this.levels.read(wanted, PATIENT)).map(toFigure);
  }
}

function toFigure({ locationId, sku, availableUnits }: Level): ChannelStockFigure {
  return Object.assign(new ChannelStockFigure(), {
    channelLocationId: locationId,
    sku,
    availableUnits,
  });
}

function toPlace(text: string): Place {
  try {
    return JSON.parse(text) as Place;
  } catch (cause) {
    throw new Failure('bad-message', 'never', 'that is no place in a list of levels', { cause });
  }
}
