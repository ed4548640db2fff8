import { invalid } from './square-error.js';

/**
 * The clock of the account. Inventory times have microseconds and never repeat, so that their texts
 * sort in the order in which things happened; a JS `Date` would lose what tells two of them apart.
 */
export class SquareClock {
  private lastMicros = 0n;

  constructor(readonly now: () => number) {}

  /** A time later than every one given before: 2026-03-04T10:15:30.101250Z. */
  stamp(): string {
    const nowMicros = BigInt(Math.trunc(this.now())) * 1000n;
    this.lastMicros = nowMicros > this.lastMicros ? nowMicros : this.lastMicros + 1n;
    return fromMicros(this.lastMicros);
  }

  /** Orders, payments and customers are stamped in milliseconds, which may repeat. */
  stampMs(): string {
    return new Date(this.now()).toISOString();
  }
}

/** Brings any RFC 3339 time into the form of `stamp`, in which texts sort by time. */
export function toSortable(time: string): string {
  const fraction = /\.(\d+)/.exec(time)?.[1] ?? '';
  const wholeMs = Date.parse(time.replace(/\.\d+/, ''));
  if (Number.isNaN(wholeMs)) throw invalid('INVALID_TIME', 'Expected an RFC 3339 timestamp.');
  return fromMicros(BigInt(wholeMs) * 1000n + BigInt(fraction.padEnd(6, '0').slice(0, 6)));
}

function fromMicros(micros: bigint): string {
  const toTheSecond = new Date(Number(micros / 1000n)).toISOString().slice(0, 19);
  return `${toTheSecond}.${String(micros % 1_000_000n).padStart(6, '0')}Z`;
}
