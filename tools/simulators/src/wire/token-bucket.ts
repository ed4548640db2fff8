/** A budget that refills with real time. Rate limits are never scaled in time. */
export class TokenBucket {
  private left: number;
  private filledAtMs: number;

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
    if (this.available() < tokens) return false;
    this.left -= tokens;
    return true;
  }

  /** Puts back what was asked for and not used. */
  giveBack(tokens: number): void {
    this.left = Math.min(this.capacity, this.available() + tokens);
  }
}
