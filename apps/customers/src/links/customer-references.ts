import { Inject, Injectable } from '@nestjs/common';
import { Configuration, CONFIGURATION, derivedFrom, roleOf } from '@tillbridge/runtime';

/** A customer of a platform. */
export interface CustomerKey {
  readonly storefrontConnectionId: string;
  readonly customerId: string;
}

/** What the configuration says of references and of who needs a link. */
@Injectable()
export class CustomerReferences {
  private readonly storefronts: () => readonly string[];

  constructor(@Inject(CONFIGURATION) private readonly configuration: Configuration) {
    this.storefronts = derivedFrom(configuration, ({ connections }) =>
      connections.filter((connection) => roleOf(connection) === 'storefront').map(({ id }) => id),
    );
  }

  /**
   * Whom a POS customer's reference names: `<connection>/<id>`, or a plain id of the first (mostly
   * the only) platform. Null when it names nobody.
   */
  read(reference: string): CustomerKey | null {
    const text = reference.trim();
    const storefronts = this.storefronts();
    const named = storefronts.find((id) => text.startsWith(`${id}/`));
    if (named !== undefined) return keyOf(named, text.slice(named.length + 1));
    const [first] = storefronts;
    return first === undefined ? null : keyOf(first, text);
  }

  /** The POS connections that get orders of a platform: a customer needs a link in each. */
  posConnectionsOf(storefrontConnectionId: string): string[] {
    const feeding = this.configuration.locations.filter(({ feeds }) =>
      feeds.some(({ connection }) => connection === storefrontConnectionId),
    );
    return [...new Set(feeding.map(({ posting, master }) => (posting ?? master).connection))];
  }
}

function keyOf(storefrontConnectionId: string, customerId: string): CustomerKey | null {
  return customerId === '' ? null : { storefrontConnectionId, customerId };
}
