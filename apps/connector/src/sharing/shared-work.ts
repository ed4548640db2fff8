import { Failure } from '@tillbridge/contracts';

interface Waiting<I, O> {
  readonly item: I;
  readonly resolve: (outcome: O) => void;
  readonly reject: (error: unknown) => void;
}

const GROUP_SIZE = 200;

/** Work of many callers in few goes: what comes while some is under way goes together after it. */
export class SharedWork<I, O> {
  private waiting: Waiting<I, O>[] = [];
  private timer: NodeJS.Timeout | undefined;
  private underWay = 0;

  /**
   * @param go Gives an outcome for each item, in their order. It may be called side by side.
   * @param longestMs Nothing waits longer than this for what is under way, should that hang.
   */
  constructor(
    private readonly go: (items: readonly I[]) => Promise<readonly O[]>,
    private readonly longestMs: number,
  ) {}

  /** @throws what `go` throws for this item: of a group that fails each goes alone. */
  add(item: I): Promise<O> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (this.waiting.length >= GROUP_SIZE) this.flush();
      // Nothing is under way, so there is nothing to wait for but what came in with it.
      else if (this.underWay === 0) this.timer ??= setTimeout(() => this.flush());
      else this.timer ??= setTimeout(() => this.flush(), this.longestMs);
    });
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const group = this.waiting.splice(0);
    this.underWay += 1;
    void this.settle(group).finally(() => {
      this.underWay -= 1;
      if (this.underWay === 0 && this.waiting.length > 0) this.flush();
    });
  }

  /** Never rejects: each hears of its own. */
  private async settle(group: readonly Waiting<I, O>[]): Promise<void> {
    try {
      const outcomes = await this.go(group.map(({ item }) => item));
      for (const [at, { resolve }] of group.entries()) resolve(outcomes[at] as O);
    } catch (error) {
      const away = error instanceof Failure && error.code === 'database-unavailable';
      if (group.length === 1 || away) for (const { reject } of group) reject(error);
      // One of them is to blame. Alone, the others pass.
      else for (const each of group) await this.settle([each]);
    }
  }
}
