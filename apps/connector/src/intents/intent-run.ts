import type { ActRun } from '../vendor.js';
import type { Intent, IntentBook } from './intent-book.js';

/** One try of an intent: what an earlier try has done is not done again. */
export class IntentRun implements ActRun {
  constructor(
    private readonly book: IntentBook,
    private readonly intent: Intent,
  ) {}

  get attempt(): number {
    return this.intent.attempts;
  }

  /**
   * What the database gives back is what a later try will find: the same bytes when it is sent
   * again, whatever order the keys were first written in.
   */
  async step<T>(name: string, work: () => Promise<T>): Promise<T> {
    const { id, steps } = this.intent;
    if (!Object.hasOwn(steps, name)) steps[name] = await this.book.keepStep(id, name, await work());
    return steps[name] as T;
  }

  async fixed<T>(name: string, make: () => Promise<T> | T): Promise<T> {
    return this.step(name, async () => make());
  }
}
