import { roleOf, type Configuration } from '@tillbridge/runtime';

/** A system whose figures are compared with the hub's, and where. */
export interface ComparedSystem {
  readonly connectionId: string;
  readonly side: 'master' | 'channel';
  /** Our location ids at a master, the channel's own at a channel. */
  readonly places: readonly string[];
}

/**
 * Every stock master, and every channel that our locations feed: platforms and trade layers. A place of
 * a platform's own is left out: its figures are read whole every hour and taken as they are.
 */
export function comparedSystems(
  configuration: Pick<Configuration, 'connections' | 'locations'>,
): ComparedSystem[] {
  return configuration.connections.flatMap((connection): ComparedSystem[] => {
    const { id } = connection;
    const mastered = configuration.locations.filter(({ master }) => master.connection === id);
    if (mastered.length > 0 && roleOf(connection) === 'pos') {
      return [{ connectionId: id, side: 'master', places: mastered.map((each) => each.id) }];
    }
    const feeds = configuration.locations.flatMap((each) => each.feeds);
    const fed = feeds.filter((feed) => feed.connection === id);
    const places = [...new Set(fed.map((feed) => feed.vendorLocationId))];
    return places.length === 0 ? [] : [{ connectionId: id, side: 'channel', places }];
  });
}
