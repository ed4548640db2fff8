import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import {
  ConfigurationKeeper,
  Database,
  type ConfigurationUser,
  type Transaction,
} from '@tillbridge/postgres';
import { ConfigurationInForce, type AnyConnection, type Configuration } from '@tillbridge/runtime';
import type { Vendor } from '../vendor.js';
import { MAKE_VENDOR, type MakeVendor } from '../vendors.js';
import { HostedConnections } from './hosted-connections.js';

/** Drives each connection by what the merchant's file says of it now. */
@Injectable()
export class ConnectionChanges implements ConfigurationUser, OnModuleInit {
  private inForce: Configuration;

  constructor(
    private readonly keeper: ConfigurationKeeper,
    private readonly hosted: HostedConnections,
    private readonly database: Database,
    @Inject(MAKE_VENDOR) private readonly make: MakeVendor,
    { whole }: ConfigurationInForce,
  ) {
    this.inForce = whole;
  }

  onModuleInit(): void {
    this.keeper.add(this);
  }

  /**
   * A connection that is added, or of another vendor, waits for the next start: its consumers are made
   * then. One that is taken out goes on until then.
   */
  async taken(configuration: Configuration): Promise<void> {
    const before = this.inForce;
    for (const connection of configuration.connections) {
      const was = before.connections.find(({ id }) => id === connection.id);
      if (was?.vendor !== connection.vendor) continue;
      if (this.hosted.find(connection.id) === undefined) continue;
      const remapped = mappingOf(before, connection) !== mappingOf(configuration, connection);
      const renamed = namesIn(before) !== namesIn(configuration);
      if (!remapped && !renamed && same(was, connection)) continue;
      const vendor = this.make(connection, configuration);
      await this.hosted.replace(vendor, async () => {
        if (remapped) await this.database.inTransaction((tx) => forgetReadings(tx, vendor));
      });
    }
    this.inForce = configuration;
  }
}

/** Has stock be read from the beginning: at other places there are other figures. */
async function forgetReadings(tx: Transaction, { connection, mapped }: Vendor): Promise<void> {
  if (mapped === undefined) return;
  const { feeds, kinds, refs } = mapped;
  await tx.query('delete from poll_mark where connection = $1 and feed = any($2::text[])', [
    connection.id,
    feeds,
  ]);
  await tx.query(`update entity set hash = '' where connection = $1 and kind = any($2::text[])`, [
    connection.id,
    kinds,
  ]);
  await tx.query('delete from ref where connection = $1 and kind = any($2::text[])', [
    connection.id,
    refs,
  ]);
}

/** Which of our locations is which of a connection's. */
function mappingOf({ locations }: Configuration, { id }: AnyConnection): string {
  return JSON.stringify(
    locations.flatMap((location) => [
      ...[location.master, location.posting]
        .filter((place) => place?.connection === id)
        .map((place) => [location.id, place]),
      ...location.feeds.filter((feed) => feed.connection === id),
    ]),
  );
}

function namesIn({ products }: Configuration): string {
  return JSON.stringify(products.renamed);
}

function same(one: object, other: object): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
