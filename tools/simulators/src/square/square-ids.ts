import { randomSequence } from '../wire/fault-dice.js';

const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ234567';

/** Ids as opaque as Square's, the same for the same seed, never twice. */
export class SquareIds {
  private readonly random: () => number;
  private issued = 0;

  constructor(seed: number) {
    this.random = randomSequence(seed ^ 0x5153);
  }

  next(): string {
    this.issued += 1;
    let id = '';
    for (let place = 0; place < 16; place += 1) {
      id += LETTERS[Math.floor(this.random() * LETTERS.length)];
    }
    return `${id}${this.issued.toString(36).toUpperCase().padStart(6, '0')}`;
  }
}
