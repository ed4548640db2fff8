/** What a loop sleeps on: it ends at a time or when somebody has work for it. */
export class Alarm {
  private rung = false;
  private end: (() => void) | undefined;

  /** A ring while nobody sleeps is kept for the next sleep. */
  ring(): void {
    this.rung = true;
    this.end?.();
  }

  /** True when rung, false when the time is over. */
  async sleep(ms: number): Promise<boolean> {
    if (!this.rung && ms > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(ms, LONGEST_SLEEP_MS));
        this.end = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.end = undefined;
    }
    const rung = this.rung;
    this.rung = false;
    return rung;
  }
}

/** A loop looks at its tables this often at least, whatever it believes. */
const LONGEST_SLEEP_MS = 30_000;
