import type { Dice } from '../../chance/dice.js';

export type RetailOrders = 'hub-adjusts-at-dispatch' | 'other-connector' | 'separate-location';

/** A place of a channel with the stock locations that feed it. */
export interface SoldPlace {
  readonly placeId: string;
  readonly feeders: readonly string[];
}

/** A channel with the places it sells from. */
export interface SoldFrom {
  readonly connectionId: string;
  /** The platform that takes its orders: itself, but for a trade layer over another one. */
  readonly ordersConnectionId: string;
  readonly retailOrders: RetailOrders;
  /** False where a figure overwrites whatever the channel shows by then. */
  readonly compares: boolean;
  readonly places: readonly SoldPlace[];
}

/** The shop counts this place itself; it is the stock location `floor`. */
export const OWN_PLACE = { connectionId: 'shop', placeId: 'shop-floor', locationId: 'floor' };

/** Which stores feed which places of two channels. */
const TOPOLOGIES: readonly (readonly SoldPlace[][])[] = [
  [
    [{ placeId: 'shop-1', feeders: ['north', 'south'] }],
    [{ placeId: 'web-1', feeders: ['south'] }],
  ],
  [
    [{ placeId: 'shop-1', feeders: ['north', 'south'] }],
    [{ placeId: 'web-1', feeders: ['south', 'north'] }],
  ],
  [[{ placeId: 'shop-1', feeders: ['north'] }], [{ placeId: 'web-1', feeders: ['south'] }]],
  [
    [
      { placeId: 'shop-1', feeders: ['north'] },
      { placeId: 'shop-2', feeders: ['south'] },
    ],
    [{ placeId: 'web-1', feeders: ['north'] }],
  ],
];

/** Two channels, and at times a trade layer with stock of its own over the first of them. */
export function drawChannels(dice: Dice): SoldFrom[] {
  const [shop = [], web = []] = dice.pick(TOPOLOGIES);
  const channels = [
    aChannel('shop', { places: shop, retailOrders: drawPolicy(dice), compares: true }),
    aChannel('web', { places: web, retailOrders: drawPolicy(dice), compares: dice.chance(0.7) }),
  ];
  if (!dice.chance(0.2)) return channels;
  const places = [{ placeId: 'trade-1', feeders: dice.pick([['north'], ['south', 'north']]) }];
  const layer = { places, retailOrders: 'separate-location', compares: false } as const;
  return [...channels, { ...aChannel('trade', layer), ordersConnectionId: 'shop' }];
}

/**
 * One place is fed by another set of stores: a store is added to it, or taken off. Each place keeps one,
 * and a store feeds one place of a channel. Null where the drawn place allows no such change.
 */
export function withOtherFeeders(dice: Dice, channels: readonly SoldFrom[]): SoldFrom[] | null {
  const channel = dice.pick(channels);
  const place = dice.pick(channel.places);
  const store = dice.pick(['north', 'south']);
  const feeds = place.feeders.includes(store);
  const isTaken = !feeds && channel.places.some(({ feeders }) => feeders.includes(store));
  if (isTaken || (feeds && place.feeders.length === 1)) return null;
  const feeders = feeds
    ? place.feeders.filter((each) => each !== store)
    : [...place.feeders, store];
  const places = channel.places.map((each) => (each === place ? { ...place, feeders } : each));
  return channels.map((each) => (each === channel ? { ...channel, places } : each));
}

function aChannel(
  connectionId: string,
  about: Pick<SoldFrom, 'places' | 'retailOrders' | 'compares'>,
): SoldFrom {
  return { connectionId, ordersConnectionId: connectionId, ...about };
}

function drawPolicy(dice: Dice): RetailOrders {
  return dice.pick([
    'hub-adjusts-at-dispatch',
    'hub-adjusts-at-dispatch',
    'other-connector',
    'separate-location',
  ]);
}
