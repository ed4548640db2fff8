import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import {
  AskChannelStock,
  AskMasterStock,
  subjectOf,
  type ChannelStockFigure,
  type MasterStockFigure,
} from '@tillbridge/contracts';
import { SHOP } from '../bench-configuration.js';
import {
  COUNTED_AT,
  ONLINE,
  onHandOf,
  onlineOf,
  plantedKey,
  skuOf,
  SKUS,
  STORES,
  TILL,
  type Planted,
  type Said,
} from './planted-differences.js';

/** As many figures as Square and Shopify put on a page. */
const TILL_PAGE = 1_000;
const SHOP_PAGE = 250;

interface Question {
  readonly skus?: readonly string[];
  readonly after?: string;
}

/** A till and a shop without a limit, in the connector's place: every figure is made when it is asked. */
export class CannedSystems {
  private readonly subscriptions: Subscription[] = [];

  constructor(
    private readonly nats: NatsConnection,
    private readonly planted: ReadonlyMap<string, Planted>,
  ) {}

  start(): void {
    this.answer(subjectOf(AskMasterStock, { connection: TILL }), (question) =>
      this.tillPage(question),
    );
    this.answer(subjectOf(AskChannelStock, { connection: SHOP.connection }), (question) =>
      this.shopPage(question),
    );
  }

  stop(): void {
    for (const subscription of this.subscriptions) subscription.unsubscribe();
  }

  private answer(subject: string, page: (question: Question) => object): void {
    const callback = (error: Error | null, message: Parameters<NatsCallback>[1]): void => {
      if (error !== null) throw error;
      const answer = page(message.json());
      message.respond(JSON.stringify({ ok: true, answer }));
    };
    this.subscriptions.push(this.nats.subscribe(subject, { callback }));
  }

  private tillPage({ skus, after }: Question) {
    const toFigures = (index: number, again: boolean) =>
      STORES.flatMap((locationId, store): MasterStockFigure[] => {
        const hub = { units: onHandOf(index, store), at: COUNTED_AT };
        const said = this.said(locationId, index, hub, again);
        if (said === null) return [];
        const { units: onHandUnits, at: countedAt } = said;
        return [{ locationId, sku: skuOf(index), onHandUnits, countedAt }];
      });
    return pageOf(skus, after, Math.floor(TILL_PAGE / STORES.length), toFigures);
  }

  private shopPage({ skus, after }: Question) {
    const toFigures = (index: number, again: boolean): ChannelStockFigure[] => {
      const said = this.said(ONLINE, index, { units: onlineOf(index), at: '' }, again);
      if (said === null) return [];
      return [{ channelLocationId: ONLINE, sku: skuOf(index), availableUnits: said.units }];
    };
    return pageOf(skus, after, SHOP_PAGE, toFigures);
  }

  /** What a system says; the same as the hub unless something is planted there. */
  private said(place: string, index: number, hub: Said, again: boolean): Said | null {
    const planted = this.planted.get(plantedKey({ place, sku: skuOf(index) }));
    if (planted === undefined) return hub;
    return again && planted.saysAgain !== undefined ? planted.saysAgain : planted.says;
  }
}

type NatsCallback = NonNullable<
  NonNullable<Parameters<NatsConnection['subscribe']>[1]>['callback']
>;

/** A page of so many SKUs, or the SKUs that are read again. */
function pageOf<T>(
  skus: readonly string[] | undefined,
  after: string | undefined,
  size: number,
  toFigures: (index: number, again: boolean) => T[],
) {
  if (skus !== undefined) {
    return { figures: skus.flatMap((sku) => toFigures(Number(sku.slice('SKU-'.length)), true)) };
  }
  const from = Number(after ?? 0);
  const to = Math.min(SKUS, from + size);
  const figures: T[] = [];
  for (let index = from; index < to; index += 1) figures.push(...toFigures(index, false));
  return { figures, ...(to < SKUS ? { next: String(to) } : {}) };
}
