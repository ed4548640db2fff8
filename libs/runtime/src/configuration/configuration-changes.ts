import type { ConfigurationChange } from '@tillbridge/contracts';
import type { AnyConnection, Configuration, Feed, StockLocation } from './configuration.js';

type Change = ConfigurationChange;
type Kind = Change['kind'];

/**
 * What is different in another configuration, by name and in order of the file. Both are taken without
 * their credentials. Of sections that have no words here the setting is named.
 */
export function configurationChanges(before: Configuration, after: Configuration): Change[] {
  const own = new Set(['connections', 'locations', 'products', 'tenders']);
  const rest = (configuration: Configuration) =>
    Object.entries(configuration).filter(([section]) => !own.has(section));
  return [
    ...connectionChanges(before, after),
    ...locationChanges(before.locations, after.locations),
    ...productChanges(before.products, after.products),
    ...listChanges(before.tenders, after.tenders, {
      nameOf: ({ paymentMethod }) => paymentMethod,
      kinds: ['tender-added', 'tender-removed', 'tender-changed'],
      textOf: ({ name, kind }) => `${name}, ${kind}`,
    }),
    ...settingChanges(Object.fromEntries(rest(before)), Object.fromEntries(rest(after))),
  ];
}

/** Consumers, and what a service may say, are made from the list of connections when it starts. */
function connectionChanges(before: Configuration, after: Configuration): Change[] {
  return compareBy(before.connections, after.connections, ({ id }) => id).flatMap(
    ({ name, was, is }): Change[] => {
      if (was === undefined) return [change('connection-added', name, vendorOf(is), true)];
      if (is === undefined) return [change('connection-removed', name, vendorOf(was), true)];
      const settings = differingKeys(was, is);
      if (settings.length === 0) return [];
      const restart = settings.includes('vendor');
      return [change('connection-changed', name, settings.join(', '), restart)];
    },
  );
}

function vendorOf(connection: AnyConnection | undefined): string {
  return connection?.vendor ?? '';
}

function locationChanges(
  before: readonly StockLocation[],
  after: readonly StockLocation[],
): Change[] {
  const changes = compareBy(before, after, ({ id }) => id).flatMap(({ name, was, is }) => {
    if (was === undefined) return [change('location-added', name, placesOf(is))];
    if (is === undefined) return [change('location-closed', name, placesOf(was))];
    return [
      ...changed('location-remapped', name, masterOf(was), masterOf(is)),
      ...changed('location-feeds-changed', name, feedsOf(was), feedsOf(is)),
      ...differingKeys(was, is)
        .filter((key) => key !== 'master' && key !== 'feeds')
        .map((key) =>
          change('location-changed', name, `${key}: ${shown(was, key)} to ${shown(is, key)}`),
        ),
    ];
  });
  const [earlier, later] = [sharedIds(before, after), sharedIds(after, before)];
  return [...changes, ...changed('locations-reordered', 'locations', earlier, later)];
}

function sharedIds(of: readonly StockLocation[], other: readonly StockLocation[]): string {
  const known = new Set(other.map(({ id }) => id));
  return of
    .map(({ id }) => id)
    .filter((id) => known.has(id))
    .join(', ');
}

function masterOf({ master }: StockLocation): string {
  return `${master.connection} ${master.vendorLocationId}`;
}

function feedsOf({ feeds }: StockLocation): string {
  const placeOf = ({ connection, vendorLocationId }: Feed) => `${connection} ${vendorLocationId}`;
  return feeds.length === 0 ? 'nothing' : feeds.map(placeOf).join(', ');
}

function placesOf(location: StockLocation | undefined): string {
  return location === undefined ? '' : `${masterOf(location)}, feeds ${feedsOf(location)}`;
}

function productChanges(
  before: Configuration['products'],
  after: Configuration['products'],
): Change[] {
  const buffers = ({ bufferUnits = {} }: Configuration['products']) =>
    Object.entries(bufferUnits).map(([sku, units]) => ({ sku, units }));
  return [
    ...listChanges(before.packs, after.packs, {
      nameOf: ({ sku }) => sku,
      kinds: ['pack-added', 'pack-removed', 'pack-changed'],
      textOf: ({ of, units }) => `${units} of ${of}`,
    }),
    ...listChanges(before.kits, after.kits, {
      nameOf: ({ sku }) => sku,
      kinds: ['kit-added', 'kit-removed', 'kit-changed'],
      textOf: ({ components }) =>
        components.map(({ sku, quantity }) => `${quantity} of ${sku}`).join(', '),
    }),
    ...listChanges(before.renamed, after.renamed, {
      nameOf: ({ from }) => from,
      kinds: ['sku-renamed', 'sku-rename-ended', 'sku-renamed'],
      textOf: ({ to }) => to,
    }),
    ...listChanges(buffers(before), buffers(after), {
      nameOf: ({ sku }) => sku,
      kinds: ['buffer-added', 'buffer-removed', 'buffer-changed'],
      textOf: ({ units }) => String(units),
    }),
  ];
}

/** Sections without words of their own: `agreed.draftOpenMinutes`, or the section itself. */
function settingChanges(before: object, after: object): Change[] {
  return differingKeys(before, after).flatMap((section) => {
    const [was, is] = [valueOf(before, section), valueOf(after, section)];
    if (!isSection(was) || !isSection(is)) {
      const text = `${JSON.stringify(was)} to ${JSON.stringify(is)}`;
      return [change('setting-changed', section, text)];
    }
    return differingKeys(was, is).map((key) =>
      change('setting-changed', `${section}.${key}`, `${shown(was, key)} to ${shown(is, key)}`),
    );
  });
}

function isSection(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

interface Words<T> {
  readonly nameOf: (each: T) => string;
  readonly kinds: readonly [added: Kind, removed: Kind, changed: Kind];
  readonly textOf: (each: T) => string;
}

function listChanges<T>(before: readonly T[], after: readonly T[], words: Words<T>): Change[] {
  const [added, removed, different] = words.kinds;
  const { nameOf, textOf } = words;
  return compareBy(before, after, nameOf).flatMap(({ name, was, is }) => {
    if (is === undefined) return was === undefined ? [] : [change(removed, name, textOf(was))];
    if (was === undefined) return [change(added, name, textOf(is))];
    return changed(different, name, textOf(was), textOf(is));
  });
}

/** Pairs by name: those there were first, then the new ones. */
function compareBy<T>(before: readonly T[], after: readonly T[], nameOf: (each: T) => string) {
  const old = new Map(before.map((each) => [nameOf(each), each]));
  const now = new Map(after.map((each) => [nameOf(each), each]));
  return [...new Set([...old.keys(), ...now.keys()])].map((name) => {
    return { name, was: old.get(name), is: now.get(name) };
  });
}

function changed(kind: Kind, subject: string, was: string, is: string): Change[] {
  return was === is ? [] : [change(kind, subject, `${was} to ${is}`)];
}

function change(kind: Kind, subject: string, text: string, restart = false): Change {
  return { kind, subject, text, restart };
}

function differingKeys(was: object, is: object): string[] {
  const keys = new Set([...Object.keys(was), ...Object.keys(is)]);
  return [...keys].filter((key) => shown(was, key) !== shown(is, key));
}

function valueOf(of: object, key: string): unknown {
  return (of as Readonly<Record<string, unknown>>)[key];
}

function shown(of: object, key: string): string {
  return JSON.stringify(valueOf(of, key)) ?? 'nothing';
}
