import type { Configuration, SquareConnection } from '@tillbridge/runtime';

/** Which of our locations is which of Square's, for one account. */
export class SquareLocations {
  private readonly ours = new Map<string, string>();
  private readonly theirs = new Map<string, string>();
  private readonly counted: string[] = [];

  constructor(configuration: Configuration, connection: SquareConnection) {
    for (const { id, master, posting } of configuration.locations) {
      const place = [master, posting].find((each) => each?.connection === connection.id);
      if (place === undefined) continue;
      this.ours.set(place.vendorLocationId, id);
      this.theirs.set(id, place.vendorLocationId);
      if (place === master) this.counted.push(master.vendorLocationId);
    }
  }

  /** Square's ids of all locations that are configured. */
  get vendorIds(): string[] {
    return [...this.ours.keys()];
  }

  /** Those whose figures are Square's; at others orders are only posted. */
  get countedIds(): readonly string[] {
    return this.counted;
  }

  /** Undefined for a location of the account that the hub has nothing to do with. */
  ourId(vendorId: string): string | undefined {
    return this.ours.get(vendorId);
  }

  vendorId(ourId: string): string | undefined {
    return this.theirs.get(ourId);
  }
}
