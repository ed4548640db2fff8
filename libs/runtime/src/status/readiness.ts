import { Injectable } from '@nestjs/common';

/** What must hold before a service takes work: its database, NATS, its bound consumers. */
@Injectable()
export class Readiness {
  private readonly checks = new Map<string, () => Promise<string | null>>();

  /** `check` returns null when fine, else what is missing. */
  require(name: string, check: () => Promise<string | null>): void {
    this.checks.set(name, check);
  }

  /** What is missing, by name; empty when ready. */
  async missing(): Promise<Record<string, string>> {
    const found = await Promise.all(
      [...this.checks].map(async ([name, check]): Promise<[string, string | null]> => {
        try {
          return [name, await check()];
        } catch {
          return [name, 'cannot be reached'];
        }
      }),
    );
    return Object.fromEntries(found.filter((each): each is [string, string] => each[1] !== null));
  }
}
