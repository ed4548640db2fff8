import type { Configuration, SquareConnection } from '@tillbridge/runtime';

/** Which of our locations is which of Square's, for one account. */
export class SquareLocations {
  private readonly ours = new Map<string, string>();
  private readonly theirs = new Map<string, string>();

  constructor(configuration: Configuration, connection: SquareConnection) {
    for (const { id, master } of configuration.locations) {
      if (master.connection !== connection.id) continue;
      this.ours.set(master.vendorLocationId, id);
      this.theirs.set(id, master.vendorLocationId);
    }
  }

  /** Square's ids of all locations that are configured. */
  get vendorIds(): string[] {
    return [...this.ours.keys()];
  }

  /** Undefined for a location of the account that the hub has nothing to do with. */
  ourId(vendorId: string): string | undefined {
    return this.ours.get(vendorId);
  }

  vendorId(ourId: string): string | undefined {
    return this.theirs.get(ourId);
  }
}
