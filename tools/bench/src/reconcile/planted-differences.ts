import type { DifferenceClass } from '@tillbridge/domain';

export const STORES = ['north', 'south', 'east'] as const;
export const TILL = 'till';
/** The fourth location: what the shop shows of the same goods. */
export const ONLINE = 'gid://shopify/Location/7001';
export const SKUS = 50_000;
export const PACK = 12;
/** Of each kind. */
const EACH = 50;

/** The masters' clock in the hub's books, and that of figures the hub has not heard of. */
export const COUNTED_AT = '2026-01-01T00:00:00.000000Z';
const LATER = '2026-01-01T01:00:00.000000Z';

/** What a system says of one SKU at one place. */
export interface Said {
  readonly units: number;
  readonly at: string;
}

/** A system that says something else than the hub, with the class that it has to be found in. */
export interface Planted {
  readonly place: string;
  readonly sku: string;
  readonly reason: DifferenceClass;
  /** Null when it does not mention the SKU. */
  readonly says: Said | null;
  /** What it says when it is read again; the same when left out. */
  readonly saysAgain?: Said;
}

export const skuOf = (index: number): string => `SKU-${String(index).padStart(5, '0')}`;

/** What the hub has of a store's shelf. `onHandSql` says the same to Postgres. */
export const onHandOf = (index: number, store: number): number =>
  30 + ((index * 7 + store * 13) % 80);
export const onHandSql = (index: string, store: string): string =>
  `30 + ((${index} * 7 + ${store} * 13) % 80)`;

/** What the shop should show, and shows. */
export const onlineOf = (index: number): number =>
  STORES.reduce((sum, _, store) => sum + onHandOf(index, store), 0);

type Kind = (index: number) => Planted[];

const shelf = (index: number, store: number, rest: Omit<Planted, 'place' | 'sku'>): Planted => ({
  place: STORES[store] ?? STORES[0],
  sku: skuOf(index),
  ...rest,
});
const shown = (index: number, rest: Omit<Planted, 'place' | 'sku'>): Planted => ({
  place: ONLINE,
  sku: skuOf(index),
  ...rest,
});

/** One of each class, at masters and at the shop where it can be at both. */
const KINDS: readonly Kind[] = [
  (index) => [
    shelf(index, 0, {
      reason: 'in-flight',
      says: { units: onHandOf(index, 0) - 1, at: LATER },
      saysAgain: { units: onHandOf(index, 0), at: COUNTED_AT },
    }),
  ],
  (index) => [
    shown(index, {
      reason: 'in-flight',
      says: { units: onlineOf(index) + 3, at: '' },
      saysAgain: { units: onlineOf(index), at: '' },
    }),
  ],
  (index) => [
    shelf(index, 1, { reason: 'late-event', says: { units: onHandOf(index, 1) - 2, at: LATER } }),
  ],
  (index) => [shelf(index, 2, { reason: 'unmapped-sku', says: null })],
  (index) => [shown(index, { reason: 'unmapped-sku', says: null })],
  (index) =>
    [
      [0, 1],
      [1, 0],
    ].map(([here = 0, there = 0]) =>
      shelf(index, here, {
        reason: 'location-mapping',
        says: { units: onHandOf(index, there), at: COUNTED_AT },
      }),
    ),
  (index) => [
    shown(index, {
      reason: 'pack-factor',
      says: { units: Math.floor(onlineOf(index) / PACK), at: '' },
    }),
  ],
  (index) => [
    shown(index, { reason: 'written-elsewhere', says: { units: onlineOf(index) + 5, at: '' } }),
  ],
  (index) => [
    shelf(index, 2, { reason: 'unknown', says: { units: onHandOf(index, 2) + 4, at: COUNTED_AT } }),
  ],
];

/** No two kinds are of the same SKU, and they are spread over all pages. */
function skuIndexOf(kind: number, n: number): number {
  return (n * KINDS.length + kind) * Math.floor(SKUS / (EACH * KINDS.length));
}

/** By place and SKU. */
export function plantedDifferences(): Map<string, Planted> {
  const all = KINDS.flatMap((kind, at) =>
    Array.from({ length: EACH }, (_, n) => kind(skuIndexOf(at, n))).flat(),
  );
  return new Map(all.map((each) => [plantedKey(each), each]));
}

/** SKUs that are also sold as a case, so that a figure may be one of cases. */
export function packedSkus(planted: Iterable<Planted>): string[] {
  return [...planted].filter(({ reason }) => reason === 'pack-factor').map(({ sku }) => sku);
}

export function plantedKey({ place, sku }: { place: string; sku: string }): string {
  return `${place} ${sku}`;
}
