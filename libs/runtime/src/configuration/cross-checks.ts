import { openTimesMistakes } from './agreed.js';
import type { AnyConnection, Configuration, Products, StockLocation } from './configuration.js';
import type { Mistake } from './configuration-errors.js';
import { roleOf, type ConnectionRole } from './connection-role.js';

/** What a field check cannot see: that the parts of the file fit each other. */
export function crossCheck(configuration: Configuration): Mistake[] {
  const connections = new Map(configuration.connections.map((each) => [each.id, each]));
  return [
    ...configuration.connections.flatMap((connection, at) =>
      connectionMistakes(connection, `connections[${at}]`, connections),
    ),
    ...configuration.locations.flatMap((location, at) =>
      locationMistakes(location, `locations[${at}]`, connections),
    ),
    ...masterMistakes(configuration.locations),
    ...ownPlaceMistakes(configuration.locations, connections),
    ...productMistakes(configuration.products),
    ...openTimesMistakes(configuration.agreed.businessHours, 'agreed.businessHours'),
    ...configuration.connections.flatMap((connection, at) =>
      'agreed' in connection
        ? openTimesMistakes(
            connection.agreed?.businessHours,
            `connections[${at}].agreed.businessHours`,
          )
        : [],
    ),
  ];
}

type Connections = ReadonlyMap<string, AnyConnection>;

function connectionMistakes(
  connection: AnyConnection,
  path: string,
  connections: Connections,
): Mistake[] {
  if (connection.vendor === 'sparklayer') {
    return named(connections, connection.storefront, ['storefront'], `${path}.storefront`);
  }
  if (connection.vendor !== 'shopify') return [];
  const { poNumberFrom, poNumberPattern } = connection;
  if (poNumberPattern === undefined) {
    if (!poNumberFrom.includes('note')) return [];
    const message = "is needed because poNumberFrom lists 'note': a pattern with one group";
    return [{ path: `${path}.poNumberPattern`, message }];
  }
  const message = 'is a regular expression whose first group is the PO number';
  return hasGroup(poNumberPattern) ? [] : [{ path: `${path}.poNumberPattern`, message }];
}

function hasGroup(pattern: string): boolean {
  try {
    // An alternative that matches the empty text makes exec() tell how many groups there are.
    return (new RegExp(`${pattern}|`).exec('')?.length ?? 0) > 1;
  } catch {
    return false;
  }
}

function locationMistakes(
  location: StockLocation,
  path: string,
  connections: Connections,
): Mistake[] {
  const fed = new Set<string>();
  return [
    ...named(
      connections,
      location.master.connection,
      ['pos', 'storefront'],
      `${path}.master.connection`,
    ),
    ...postingMistakes(location, `${path}.posting`, connections),
    ...location.feeds.flatMap((feed, at) => {
      const feedPath = `${path}.feeds[${at}].connection`;
      const wrong = named(connections, feed.connection, ['storefront', 'trade'], feedPath);
      const twice = fed.has(feed.connection);
      fed.add(feed.connection);
      if (connections.get(feed.connection)?.vendor === 'sparklayer')
        wrong.push(...notOurs(feed, path, at));
      if (!twice) return wrong;
      const message = `'${feed.connection}' is fed once: a stock location feeds at most one location of a channel`;
      return [...wrong, { path: feedPath, message }];
    }),
  ];
}

/** SparkLayer fills its default location from the platform: two writers would undo each other. */
function notOurs(
  { vendorLocationId }: { readonly vendorLocationId: string },
  path: string,
  at: number,
): Mistake[] {
  if (vendorLocationId !== 'default') return [];
  const message =
    'is filled by SparkLayer itself: make a stock location with an external id of its own';
  return [{ path: `${path}.feeds[${at}].vendorLocationId`, message }];
}

/** Orders go to the POS that counts the shelf, or to one beside a master that takes no orders. */
function postingMistakes(
  { master, posting }: StockLocation,
  path: string,
  connections: Connections,
): Mistake[] {
  if (posting === undefined) return [];
  const owner = connections.get(master.connection);
  if (owner !== undefined && roleOf(owner) === 'storefront') {
    return [
      { path, message: `is left out: '${owner.id}' counts this place and sells from it alone` },
    ];
  }
  if (posting.connection === master.connection) {
    const message = `is the master itself ('${master.connection}'): leave it out`;
    return [{ path: `${path}.connection`, message }];
  }
  return named(connections, posting.connection, ['pos'], `${path}.connection`);
}

/** Two of our locations on one shelf would promise its goods twice, and a posting would be of both. */
function masterMistakes(locations: readonly StockLocation[]): Mistake[] {
  const seen = new Map<string, { readonly at: number; readonly as: 'master' | 'posting' }>();
  return locations.flatMap(({ master, posting }, at) =>
    (['master', 'posting'] as const).flatMap((as) => {
      const place = as === 'master' ? master : posting;
      if (place === undefined) return [];
      const key = `${place.connection} ${place.vendorLocationId}`;
      const first = seen.get(key);
      if (first === undefined) {
        seen.set(key, { at, as });
        return [];
      }
      const of = first.as === 'master' ? 'the master' : 'the posting';
      const message = `is ${of} of locations[${first.at}] already: one shelf is one location`;
      return [{ path: `locations[${at}].${as}.vendorLocationId`, message }];
    }),
  );
}

/**
 * A platform that counts a place itself (Shopify POS) is its master. What lies there is sold by nobody
 * else, and nobody else's figures are shown there: the hub can take nothing out of it but packs.
 */
function ownPlaceMistakes(
  locations: readonly StockLocation[],
  connections: Connections,
): Mistake[] {
  return locations.flatMap(({ master, feeds }, at) => {
    const owner = connections.get(master.connection);
    if (owner === undefined || roleOf(owner) !== 'storefront') return [];
    const path = `locations[${at}].feeds`;
    const own = { path, message: `is empty: '${owner.id}' sells from this place of its own alone` };
    const fedByOthers = locations.flatMap((location, feeder) =>
      location.feeds.flatMap((feed, place) => {
        if (feed.connection !== owner.id) return [];
        if (feed.vendorLocationId !== master.vendorLocationId) return [];
        const message = `is the master of locations[${at}]: '${owner.id}' counts that place itself`;
        return [{ path: `locations[${feeder}].feeds[${place}].vendorLocationId`, message }];
      }),
    );
    return feeds.length > 0 ? [own, ...fedByOthers] : fedByOthers;
  });
}

const VENDORS_OF_ROLE: Readonly<Record<ConnectionRole, string>> = {
  trade: 'sparklayer',
  storefront: 'shopify',
  pos: 'square',
};

function named(
  connections: Connections,
  id: string,
  roles: readonly ConnectionRole[],
  path: string,
): Mistake[] {
  const found = connections.get(id);
  if (found !== undefined && roles.includes(roleOf(found))) return [];
  const vendors = roles.map((role) => VENDORS_OF_ROLE[role]).join(' or ');
  const fit = [...connections.values()].filter((each) => roles.includes(roleOf(each)));
  const choice = fit.length === 0 ? 'there is none yet' : fit.map(({ id }) => id).join(', ');
  return [{ path, message: `is the id of a ${vendors} connection (${choice}), not '${id}'` }];
}

function productMistakes({ packs, kits, renamed, bufferUnits }: Products): Mistake[] {
  const soldAs = new Map<string, string>();
  const sold = [
    ...packs.map(({ sku }, at) => ({ sku, path: `products.packs[${at}].sku` })),
    ...kits.map(({ sku }, at) => ({ sku, path: `products.kits[${at}].sku` })),
  ];
  const repeated = sold.flatMap(({ sku, path }) => {
    const first = soldAs.get(sku);
    if (first === undefined) {
      soldAs.set(sku, path);
      return [];
    }
    return [{ path, message: `'${sku}' is set at ${first}; a SKU is one pack or one kit` }];
  });
  const made = [
    ...packs.map(({ of }, at) => ({ sku: of, path: `products.packs[${at}].of` })),
    ...kits.flatMap(({ components }, kit) =>
      components.map(({ sku }, at) => ({
        sku,
        path: `products.kits[${kit}].components[${at}].sku`,
      })),
    ),
  ];
  const nested = made
    .filter(({ sku }) => soldAs.has(sku))
    .map(({ sku, path }) => ({
      path,
      message: `'${sku}' is a pack or kit itself (${soldAs.get(sku)}); name a base SKU`,
    }));
  return [
    ...repeated,
    ...nested,
    ...repeatedComponents(kits),
    ...renameMistakes(renamed, sold, made),
    ...bufferMistakes(bufferUnits),
  ];
}

interface NamedSku {
  readonly sku: string;
  readonly path: string;
}

/** A name leads to a SKU that is on a shelf, in one step; all else in the file uses the new name. */
function renameMistakes(
  renamed: Products['renamed'],
  sold: readonly NamedSku[],
  made: readonly NamedSku[],
): Mistake[] {
  const newNames = new Map(renamed.map(({ from, to }) => [from, to]));
  const packed = new Set(sold.map(({ sku }) => sku));
  const own = renamed.flatMap(({ from, to }, at): Mistake[] => {
    const path = `products.renamed[${at}]`;
    const first = renamed.findIndex((each) => each.from === from);
    return [
      ...(first === at ? [] : [{ path: `${path}.from`, message: `'${from}' is renamed once` }]),
      ...(packed.has(to)
        ? [{ path: `${path}.to`, message: `'${to}' is a pack or kit; name a base SKU` }]
        : []),
      ...(newNames.has(to)
        ? [{ path: `${path}.to`, message: `'${to}' is renamed itself; name its last name` }]
        : []),
    ];
  });
  const oldNames = [...sold, ...made].flatMap(({ sku, path }): Mistake[] => {
    const to = newNames.get(sku);
    return to === undefined ? [] : [{ path, message: `'${sku}' is now '${to}'; name that` }];
  });
  return [...own, ...oldNames];
}

function repeatedComponents(kits: Products['kits']): Mistake[] {
  return kits.flatMap(({ components }, kit) =>
    components.flatMap(({ sku }, at) =>
      components.findIndex((each) => each.sku === sku) === at
        ? []
        : [
            {
              path: `products.kits[${kit}].components[${at}].sku`,
              message: `'${sku}' is listed already; put the whole quantity there`,
            },
          ],
    ),
  );
}

function bufferMistakes(bufferUnits: Products['bufferUnits'] = {}): Mistake[] {
  return Object.entries(bufferUnits)
    .filter(([, units]) => !Number.isInteger(units) || units < 0)
    .map(([sku]) => ({
      path: `products.bufferUnits.${sku}`,
      message: 'is a whole number of base units, 0 or more',
    }));
}
