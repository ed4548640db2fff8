import { AvailabilityChanged, ChannelStockObserved, shapeOf } from '@tillbridge/contracts';
import { consumerName, type OutgoingMessage } from '@tillbridge/runtime';
import { toOutgoing } from '../outgoing-message.js';
import type { Road, StreamTraffic } from '../stream-traffic.js';

/** A road, and what goes onto it. */
export interface FigureRoad extends Road {
  readonly inSubject: string;
}

const IN = shapeOf(ChannelStockObserved).subject;
const CONSUMER = consumerName('inventory', ChannelStockObserved);

export const OURS: FigureRoad = {
  consumers: [CONSUMER],
  inSubject: IN,
  outSubject: shapeOf(AvailabilityChanged).subject,
};

export const BARE: FigureRoad = {
  consumers: ['bare'],
  inSubject: 'evt.bare.stock-observed.v1',
  outSubject: 'evt.bare.availability-changed.v1',
};

/** Opens the bare program's road beside ours, with a consumer of the same settings. */
export function openBareRoad(traffic: StreamTraffic): Promise<void> {
  return traffic.addConsumer('bare', CONSUMER, BARE.inSubject);
}

/** Figures of a channel, one after the other, each another. */
export function observedFigures(): (road: FigureRoad) => OutgoingMessage {
  let sent = 0;
  return ({ inSubject }) => {
    sent += 1;
    const sku = `SKU-${sent % 5_000}`;
    const observed: ChannelStockObserved = {
      connectionId: 'shop',
      channelLocationId: 'gid://shopify/Location/1',
      sku,
      availableUnits: sent % 1_000,
      revision: sent,
      observedAt: new Date().toISOString(),
    };
    return toOutgoing(inSubject, IN, sku, observed);
  };
}
