import type { Provider } from '@nestjs/common';
import { Asker } from '@tillbridge/messaging';
import {
  Clock,
  ConfigurationInForce,
  LOGGER,
  Settings,
  type AnyConnection,
  type Configuration,
} from '@tillbridge/runtime';
import type { Logger } from 'pino';
import { RefBook } from './refs/ref-book.js';
import { createShopify } from './shopify/shopify.vendor.js';
import { createSparkLayer } from './sparklayer/sparklayer.vendor.js';
import { createSquare } from './square/square.vendor.js';
import type { Vendor, VendorTools } from './vendor.js';

/** Injection token of a `MakeVendor`. */
export const MAKE_VENDOR = Symbol('MAKE_VENDOR');

/** Makes the vendor of a connection, as a configuration describes it. */
export type MakeVendor = (connection: AnyConnection, configuration: Configuration) => Vendor;

export const makeVendorProvider: Provider = {
  provide: MAKE_VENDOR,
  inject: [Settings, RefBook, Asker, LOGGER, Clock],
  useFactory: (
    { timeScale }: Settings,
    refs: RefBook,
    asker: Asker,
    logger: Logger,
    clock: Clock,
  ): MakeVendor => {
    return (connection, configuration) =>
      createVendor(connection, {
        refs: refs.of(connection.id),
        asker,
        logger: logger.child({ connection: connection.id }),
        clock: { now: () => clock.now().getTime() },
        timeScale,
        configuration,
      });
  },
};

/** Injection token of the vendors that this process hosts. */
export const VENDORS = Symbol('VENDORS');

/** One vendor for each connection in the configuration, or for those that the settings name. */
export const vendorsProvider: Provider = {
  provide: VENDORS,
  inject: [ConfigurationInForce, Settings, MAKE_VENDOR],
  useFactory: (
    { whole }: ConfigurationInForce,
    { hostedConnections }: Settings,
    make: MakeVendor,
  ): Vendor[] => {
    const known = new Set(whole.connections.map(({ id }) => id));
    const unknown = (hostedConnections ?? []).filter((id) => !known.has(id));
    if (unknown.length > 0) {
      throw new Error(`TILLBRIDGE_CONNECTIONS names what is not configured: ${unknown.join(', ')}`);
    }
    return whole.connections
      .filter(({ id }) => hostedConnections?.includes(id) ?? true)
      .map((connection) => make(connection, whole));
  },
};

function createVendor(connection: AnyConnection, tools: VendorTools): Vendor {
  switch (connection.vendor) {
    case 'shopify':
      return createShopify(connection, tools);
    case 'sparklayer':
      return createSparkLayer(connection, tools);
    case 'square':
      return createSquare(connection, tools);
  }
}
