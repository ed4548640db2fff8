import type { AnyConnection } from './configuration.js';

/** What a connected account is to the merchant; the second part of its subjects. */
export type ConnectionRole = 'trade' | 'storefront' | 'pos';

const ROLE_OF_VENDOR: Readonly<Record<AnyConnection['vendor'], ConnectionRole>> = {
  sparklayer: 'trade',
  shopify: 'storefront',
  square: 'pos',
};

export function roleOf(connection: Pick<AnyConnection, 'vendor'>): ConnectionRole {
  return ROLE_OF_VENDOR[connection.vendor];
}
