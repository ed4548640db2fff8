import type { Provider } from '@nestjs/common';
import { Asker } from '@tillbridge/messaging';
import {
  Clock,
  CONFIGURATION,
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

/** Injection token of the vendors that this process hosts. */
export const VENDORS = Symbol('VENDORS');

/** One vendor for each connection in the configuration, or for those that the settings name. */
export const vendorsProvider: Provider = {
  provide: VENDORS,
  inject: [CONFIGURATION, Settings, RefBook, Asker, LOGGER, Clock],
  useFactory: (
    configuration: Configuration,
    settings: Settings,
    refs: RefBook,
    asker: Asker,
    logger: Logger,
    clock: Clock,
  ): Vendor[] => {
    const { hostedConnections, timeScale } = settings;
    const known = new Set(configuration.connections.map(({ id }) => id));
    const unknown = (hostedConnections ?? []).filter((id) => !known.has(id));
    if (unknown.length > 0) {
      throw new Error(`TILLBRIDGE_CONNECTIONS names what is not configured: ${unknown.join(', ')}`);
    }
    return configuration.connections
      .filter(({ id }) => hostedConnections?.includes(id) ?? true)
      .map((connection) =>
        createVendor(connection, {
          refs: refs.of(connection.id),
          asker,
          logger: logger.child({ connection: connection.id }),
          clock: { now: () => clock.now().getTime() },
          timeScale,
          configuration,
        }),
      );
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
