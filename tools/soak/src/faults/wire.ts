import type { HistoryCourse } from '../chance/history-course.js';
import { byKind } from './by-kind.js';

interface Envelope<T> {
  readonly message: T;
  readonly sent: number;
  readonly dueMs: number;
}

/** What a wire does to messages; a history notes each. */
type WireFault = 'repeated' | 'reordered' | 'delayed';

/** A stream between two services: nothing is lost on it, and all else may happen. */
export class Wire<T extends { readonly kind: string }> {
  private envelopes: Envelope<T>[] = [];
  private sent = 0;
  private readonly furthest = new Map<T['kind'], number>();

  constructor(private readonly course: HistoryCourse<WireFault>) {}

  get empty(): boolean {
    return this.envelopes.length === 0;
  }

  send(message: T): void {
    this.sent += 1;
    this.put(message, this.sent, this.travelMs());
    if (!this.course.dice.chance(0.1)) return;
    this.course.note('repeated');
    this.put(message, this.sent, this.travelMs() + this.course.dice.between(0, 20_000));
  }

  /** What has arrived by now, or all of it, in batches. */
  arrived(all: boolean): T[][] {
    const { nowMs, dice } = this.course;
    const due = all ? this.envelopes : this.envelopes.filter(({ dueMs }) => dueMs <= nowMs);
    if (due.length === 0) return [];
    this.envelopes = all ? [] : this.envelopes.filter(({ dueMs }) => dueMs > nowMs);
    due.sort((a, b) => a.dueMs - b.dueMs);
    const batches: T[][] = [];
    for (let at = 0; at < due.length;) {
      const size = dice.between(1, 8);
      batches.push(byKind(due.slice(at, at + size).map((envelope) => this.open(envelope))));
      at += size;
    }
    return batches;
  }

  private open({ message, sent }: Envelope<T>): T {
    const furthest = this.furthest.get(message.kind) ?? 0;
    if (sent < furthest) this.course.note('reordered');
    else this.furthest.set(message.kind, sent);
    return message;
  }

  private put(message: T, sent: number, travelMs: number): void {
    this.envelopes.push({ message, sent, dueMs: this.course.nowMs + travelMs });
  }

  private travelMs(): number {
    const { dice } = this.course;
    const luck = dice.next();
    if (luck < 0.65) return dice.between(0, 300);
    if (luck < 0.9) return dice.between(300, 4_000);
    this.course.note('delayed');
    return dice.between(5_000, 60_000);
  }
}
