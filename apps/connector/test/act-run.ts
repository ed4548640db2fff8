import type { ActRun } from '../src/vendor.js';

/** What the core keeps of an act between tries; a crash is a new run on the same memory. */
export class KeptSteps {
  readonly kept = new Map<string, string>();

  run(attempt = 1): ActRun {
    const step = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
      if (!this.kept.has(name)) this.kept.set(name, JSON.stringify((await work()) ?? null));
      return JSON.parse(this.kept.get(name)!) as T;
    };
    return { attempt, step, fixed: async (name, make) => step(name, async () => make()) };
  }
}
