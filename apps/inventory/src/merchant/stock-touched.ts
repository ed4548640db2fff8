import type { ChannelLocation } from '@tillbridge/domain';
import type { Configuration, Feed, StockLocation } from '@tillbridge/runtime';

/** What of stock is made anew when one configuration takes the place of another. */
export interface StockTouched {
  /** SKUs as channels sell them, whose make-up or buffer is another. */
  readonly skus: ReadonlySet<string>;
  /** Places of channels that are fed by other shelves, or by shelves with another buffer. */
  readonly places: readonly ChannelLocation[];
  /** Locations whose figures are those of another shelf from now on. */
  readonly remapped: readonly string[];
  /** True when there are figures to be asked for that no fact may bring: new shelves, new places. */
  readonly newShelves: boolean;
}

export function stockTouched(before: Configuration, after: Configuration): StockTouched {
  const old = new Map(before.locations.map((each) => [each.id, each]));
  const now = new Map(after.locations.map((each) => [each.id, each]));
  const places = new Map<string, ChannelLocation>();
  for (const id of new Set([...old.keys(), ...now.keys()])) {
    const [was, is] = [old.get(id), now.get(id)];
    if (was !== undefined && is !== undefined && sellsAlike(was, is)) continue;
    for (const { connection, vendorLocationId } of [was, is].flatMap(placesOf)) {
      const place = { connectionId: connection, channelLocationId: vendorLocationId };
      places.set(JSON.stringify(place), place);
    }
  }
  const remapped = after.locations
    .filter(({ id, master }) => old.has(id) && !same(old.get(id)?.master, master))
    .map(({ id }) => id);
  const newShelves =
    remapped.length > 0 ||
    after.locations.some(({ id, feeds }) => !same(old.get(id)?.feeds, feeds));
  return { skus: touchedSkus(before, after), places: [...places.values()], remapped, newShelves };
}

/** What a location feeds; a platform that counts it itself shows it at its own place. */
function placesOf(location: StockLocation | undefined): Feed[] {
  return location === undefined ? [] : [...location.feeds, location.master];
}

function sellsAlike(was: StockLocation, is: StockLocation): boolean {
  const makes = ({ master, feeds, bufferUnits }: StockLocation) => [master, feeds, bufferUnits];
  return same(makes(was), makes(is));
}

function touchedSkus(before: Configuration, after: Configuration): Set<string> {
  const [old, now] = [makeUps(before), makeUps(after)];
  return new Set([...old.keys(), ...now.keys()].filter((sku) => !same(old.get(sku), now.get(sku))));
}

/** What the file says of each SKU that it names; a buffer is that of all that is made of the SKU. */
function makeUps({ products }: Configuration): Map<string, unknown[]> {
  const { packs, kits, renamed, bufferUnits = {} } = products;
  const said = new Map<string, unknown[]>();
  const say = (sku: string, what: unknown): void => {
    said.set(sku, [...(said.get(sku) ?? []), what]);
  };
  for (const { sku, of, units } of packs) {
    say(sku, { [of]: units });
    if (Object.hasOwn(bufferUnits, of)) say(sku, bufferUnits[of]);
  }
  for (const { sku, components } of kits) {
    say(sku, components);
    for (const { sku: part } of components) {
      if (Object.hasOwn(bufferUnits, part)) say(sku, bufferUnits[part]);
    }
  }
  for (const { from, to } of renamed) {
    say(from, to);
    say(to, from);
    if (Object.hasOwn(bufferUnits, to)) say(from, bufferUnits[to]);
  }
  for (const [sku, units] of Object.entries(bufferUnits)) say(sku, units);
  return said;
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
