/** A floor rises only to what was seen at least this long ago. */
const TRAIL_MS = 2_000;
/** At least this often all rows are looked at, from the first on. */
const COMPLETE_MS = 1_000;

/**
 * From which number on the relay looks for unpublished rows.
 *
 * Every published row leaves a dead entry in the index of unpublished ones, and until a vacuum a look
 * from the first row walks over all of them. So most looks begin higher up, but never do they
 * decide what exists: at least once a second a look is complete. It finds what committed late, what
 * waited for its next try, what a dead relay held and what a rebuild asks for; and for a
 * second after it found something down there, so are the looks that follow.
 */
export class ClaimFloor {
  private floor = 0n;
  private completeAtMs = Number.NEGATIVE_INFINITY;
  private behindAtMs = Number.NEGATIVE_INFINITY;
  /** The highest number seen by now, and what it was a trail ago or a little more. */
  private top = 0n;
  private trailing = 0n;
  private trailedAtMs = Number.NEGATIVE_INFINITY;
  private next = 0n;

  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  /** The lowest number to look at now. */
  from(): bigint {
    const now = this.nowMs();
    const due = now - this.completeAtMs >= COMPLETE_MS || now - this.behindAtMs < COMPLETE_MS;
    return due ? 0n : this.floor;
  }

  /** Tells which rows a look from `from` found, in order of number. */
  saw(from: bigint, sequences: readonly bigint[]): void {
    const now = this.nowMs();
    this.trail(now);
    const lowest = sequences[0];
    const highest = sequences.at(-1);
    if (from === 0n) {
      if (lowest !== undefined && lowest < this.trailing) this.behindAtMs = now;
      this.floor = this.trailing;
      this.completeAtMs = now;
    }
    if (highest !== undefined && highest > this.top) this.top = highest;
  }

  private trail(now: number): void {
    if (now - this.trailedAtMs < TRAIL_MS) return;
    this.trailing = this.next;
    this.next = this.top;
    this.trailedAtMs = now;
  }
}
