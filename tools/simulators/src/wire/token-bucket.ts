/** What was asked of a bucket so far. */
export interface BucketUse {
  /** What it gives a second. */
  readonly perSecond: number;
  /** Calls that asked it. */
  readonly asked: number;
  /** Calls that it did not have enough for. */
  readonly refused: number;
  /** Tokens spent, less what was given back. */
  readonly spent: number;
}

/** A budget that refills with real time. Rate limits are never scaled in time. */
export class TokenBucket {
  private left: number;
  private filledAtMs: number;
  private asked = 0;
  private refused = 0;
  private spent = 0;

  constructor(
    readonly capacity: number,
    readonly perSecond: number,
    private readonly now: () => number,
  ) {
    this.left = capacity;
    this.filledAtMs = now();
  }

  available(): number {
    const nowMs = this.now();
    const gained = ((nowMs - this.filledAtMs) / 1000) * this.perSecond;
    this.left = Math.min(this.capacity, this.left + Math.max(0, gained));
    this.filledAtMs = nowMs;
    return this.left;
  }

  /** Takes the tokens if they are all there; takes none otherwise. */
  take(tokens = 1): boolean {
    this.asked += 1;
    if (this.available() < tokens) {
      this.refused += 1;
      return false;
    }
    this.left -= tokens;
    this.spent += tokens;
    return true;
  }

  /** Puts back what was asked for and not used. */
  giveBack(tokens: number): void {
    this.left = Math.min(this.capacity, this.available() + tokens);
    this.spent -= tokens;
  }

  use(): BucketUse {
    const { perSecond, asked, refused, spent } = this;
    return { perSecond, asked, refused, spent };
  }
}
