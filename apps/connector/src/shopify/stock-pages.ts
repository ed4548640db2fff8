import { ChannelStockFigure, Failure, type ChannelStockPage } from '@tillbridge/contracts';
import type { StockQuestion } from '../vendor.js';
import type { BulkLevels } from './bulk-levels.js';
import type { Level, LevelReader } from './level-reader.js';
import { PATIENT } from './shopify.client.js';
import type { VariantBook } from './variant-book.js';

/** Which place is read, and how far. */
interface Place {
  readonly at: number;
  readonly cursor: string | null;
}

/** How far the file of a bulk reading is read, in bytes. */
interface InFile {
  readonly bulk: string;
  readonly from: number;
  /** Until when it is waited for; epoch milliseconds. */
  readonly untilMs: number;
}

const FIRST: Place = { at: 0, cursor: null };
/** The platform takes a minute and more to write a large shop's file. */
const LOOK_MS = 10_000;
const LOOK_AT_LEAST_MS = 250;
/** After that the shop is read by pages: the platform may take days. */
const LONGEST_MS = 3_600_000;

export interface StockPagesParts {
  readonly levels: LevelReader;
  readonly variants: VariantBook;
  readonly bulk: BulkLevels;
  /** Only places that a configured stock location feeds. */
  readonly locationIds: readonly string[];
  readonly timeScale: number;
  readonly clock: { now(): number };
}

/**
 * The platform's figures for whoever compares them: everything from a file that the platform writes, and
 * what moved place by place and page by page. Without a file everything is read by pages too.
 */
export class StockPages {
  constructor(private readonly parts: StockPagesParts) {}

  async read({ since, skus, after }: StockQuestion): Promise<ChannelStockPage> {
    if (skus !== undefined) return { figures: await this.readSkus(skus) };
    const place = after === undefined ? FIRST : toPlace(after);
    if ('bulk' in place) return this.readFile(place);
    if (after === undefined && since === undefined) {
      const bulk = await this.parts.bulk.begin();
      const untilMs = this.parts.clock.now() + LONGEST_MS / this.parts.timeScale;
      if (bulk !== null) return this.later({ bulk, from: 0, untilMs });
    }
    return this.readPlace(place, since ?? null);
  }

  private async readPlace({ at, cursor }: Place, since: string | null): Promise<ChannelStockPage> {
    const { levels: reader, locationIds } = this.parts;
    const locationId = locationIds[at];
    if (locationId === undefined) return { figures: [] };
    const { levels, next } = await reader.readPage(locationId, since, cursor, PATIENT);
    const following: Place = next === null ? { at: at + 1, cursor: null } : { at, cursor: next };
    const more = following.at < locationIds.length;
    return { figures: levels.map(toFigure), ...(more ? { next: JSON.stringify(following) } : {}) };
  }

  private async readFile(place: InFile): Promise<ChannelStockPage> {
    const { bulk, locationIds, clock } = this.parts;
    const part = await bulk.read(place.bulk, place.from);
    if (part.state === 'preparing' && clock.now() < place.untilMs) return this.later(place);
    if (part.state !== 'read') return { figures: [], next: JSON.stringify(FIRST) };
    const ours = new Set(locationIds);
    const figures = part.levels.filter(({ locationId }) => ours.has(locationId)).map(toFigure);
    if (part.next === null) return { figures };
    return { figures, next: JSON.stringify({ ...place, from: part.next }) };
  }

  private later(place: InFile): ChannelStockPage {
    const notBeforeMs = Math.max(LOOK_AT_LEAST_MS, LOOK_MS / this.parts.timeScale);
    return { figures: [], next: JSON.stringify(place), notBeforeMs: Math.round(notBeforeMs) };
  }

  private async readSkus(skus: readonly string[]): Promise<ChannelStockFigure[]> {
    const { levels, variants, locationIds } = this.parts;
    const items = [...(await variants.itemsOf(skus)).values()];
    const wanted = locationIds.flatMap((locationId) =>
      items.map((itemId) => ({ itemId, locationId })),
    );
    return (await levels.read(wanted, PATIENT)).map(toFigure);
  }
}

function toFigure({ locationId, sku, availableUnits }: Level): ChannelStockFigure {
  return Object.assign(new ChannelStockFigure(), {
    channelLocationId: locationId,
    sku,
    availableUnits,
  });
}

function toPlace(text: string): Place | InFile {
  try {
    return JSON.parse(text) as Place | InFile;
  } catch (cause) {
    throw new Failure('bad-message', 'never', 'that is no place in a list of levels', { cause });
  }
}
