import type { StockEffects, StockException } from './stock-effects.js';

/** The open exceptions of a book: one a (code, subject). */
export class BookExceptions {
  private readonly held = new Map<string, StockException>();

  get open(): readonly StockException[] {
    return [...this.held.values()];
  }

  raise(exception: StockException, effects: StockEffects): void {
    const key = keyOf(exception);
    if (this.held.has(key)) return;
    this.held.set(key, exception);
    effects.raised.push(exception);
  }

  clear(exception: StockException, effects: StockEffects): void {
    if (this.held.delete(keyOf(exception))) effects.cleared.push(exception);
  }
}

function keyOf({ code, subject }: StockException): string {
  return `${code} ${subject}`;
}
