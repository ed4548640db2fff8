import { Injectable } from '@nestjs/common';

/**
 * The figures behind GET /status. Readers of the same figure add up, so every part of a service
 * can say how much it still has to do under the one name `busy`.
 */
@Injectable()
export class StatusBook {
  private readonly readers = new Map<string, () => Promise<Record<string, number>>>();

  /** @throws Error when the name is taken: a bug. */
  report(name: string, read: () => Promise<Record<string, number>>): void {
    if (this.readers.has(name)) throw new Error(`'${name}' already reports its status`);
    this.readers.set(name, read);
  }

  async read(): Promise<Record<string, number>> {
    const sum: Record<string, number> = { busy: 0 };
    for (const figures of await Promise.all([...this.readers.values()].map((read) => read()))) {
      for (const [name, value] of Object.entries(figures)) sum[name] = (sum[name] ?? 0) + value;
    }
    return sum;
  }
}
