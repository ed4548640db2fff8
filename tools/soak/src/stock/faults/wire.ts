import type { StockFact, StockFactKind } from '@tillbridge/domain';
import type { Course } from '../world/course.js';
import { byKind } from './by-kind.js';

interface Envelope {
  readonly fact: StockFact;
  readonly sent: number;
  readonly dueMs: number;
}

/** The stream between connector and hub: nothing is lost on it, and all else may happen. */
export class Wire {
  private envelopes: Envelope[] = [];
  private sent = 0;
  private readonly furthest = new Map<StockFactKind, number>();

  constructor(private readonly course: Course) {}

  get empty(): boolean {
    return this.envelopes.length === 0;
  }

  send(fact: StockFact): void {
    this.sent += 1;
    this.put(fact, this.sent, this.travelMs());
    if (!this.course.dice.chance(0.1)) return;
    this.course.note('repeated');
    this.put(fact, this.sent, this.travelMs() + this.course.dice.between(0, 20_000));
  }

  /** What has arrived by now, or all of it, in batches. */
  arrived(all: boolean): StockFact[][] {
    const { nowMs, dice } = this.course;
    const due = all ? this.envelopes : this.envelopes.filter(({ dueMs }) => dueMs <= nowMs);
    if (due.length === 0) return [];
    this.envelopes = all ? [] : this.envelopes.filter(({ dueMs }) => dueMs > nowMs);
    due.sort((a, b) => a.dueMs - b.dueMs);
    const batches: StockFact[][] = [];
    for (let at = 0; at < due.length;) {
      const size = dice.between(1, 8);
      batches.push(byKind(due.slice(at, at + size).map((envelope) => this.open(envelope))));
      at += size;
    }
    return batches;
  }

  private open({ fact, sent }: Envelope): StockFact {
    const furthest = this.furthest.get(fact.kind) ?? 0;
    if (sent < furthest) this.course.note('reordered');
    else this.furthest.set(fact.kind, sent);
    return fact;
  }

  private put(fact: StockFact, sent: number, travelMs: number): void {
    this.envelopes.push({ fact, sent, dueMs: this.course.nowMs + travelMs });
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
