export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** When people are at work, as their own clocks show it. */
export interface BusinessHours {
  /** IANA, such as Europe/London. */
  readonly timezone: string;
  /** From and until, `HH:MM`, until at most 24:00. A day that is left out is closed. */
  readonly days: Readonly<Partial<Record<Weekday, readonly [string, string]>>>;
  /** Days on which nobody works, `YYYY-MM-DD`. */
  readonly holidays: readonly string[];
}

/** Dates before and after are taken for these: nobody's order is older, and bad input has an end. */
const FIRST_MS = Date.UTC(2000, 0, 1);
const LAST_MS = Date.UTC(2100, 0, 1);
const DAY_MS = 86_400_000;

/** The business hours of one year, in order, with the time worked in the year before each. */
interface Year {
  readonly opensMs: readonly number[];
  readonly closesMs: readonly number[];
  readonly beforeMs: readonly number[];
  readonly totalMs: number;
}

/**
 * Counts time in business hours. Clocks that go forward or back and days off are those of the time
 * zone: eight hours on a shop's clock are eight hours. A year is worked out once, when first asked for.
 */
export class BusinessCalendar {
  private readonly years = new Map<number, Year>();
  private readonly localTime: Intl.DateTimeFormat;
  private readonly holidays: ReadonlySet<string>;

  /** @throws RangeError when the time zone is none. */
  constructor(private readonly hours: BusinessHours) {
    this.holidays = new Set(hours.holidays);
    this.localTime = new Intl.DateTimeFormat('en-CA', {
      timeZone: hours.timezone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
  }

  /** Milliseconds of business hours between two instants; 0 when the second is not later. */
  workedMs(fromMs: number, untilMs: number): number {
    const [from, until] = [within(fromMs), within(untilMs)];
    if (until <= from) return 0;
    let worked = this.workedInYearMs(until) - this.workedInYearMs(from);
    for (let year = yearOf(from); year < yearOf(until); year += 1)
      worked += this.year(year).totalMs;
    return worked;
  }

  /** The first instant by which so much has been worked since; never, when nobody ever works again. */
  afterMs(fromMs: number, workMs: number): number {
    const from = within(fromMs);
    if (workMs <= 0) return from;
    let left = workMs + this.workedInYearMs(from);
    for (let at = yearOf(from); at <= yearOf(LAST_MS); at += 1) {
      const { opensMs, beforeMs, totalMs } = this.year(at);
      if (left <= totalMs) {
        const index = lastBelow(beforeMs, left);
        return (opensMs[index] ?? from) + left - (beforeMs[index] ?? 0);
      }
      left -= totalMs;
    }
    return Number.POSITIVE_INFINITY;
  }

  /** What was worked from the first of January until then. */
  private workedInYearMs(atMs: number): number {
    const { opensMs, closesMs, beforeMs } = this.year(yearOf(atMs));
    const index = lastBelow(opensMs, atMs);
    if (index < 0) return 0;
    const opened = opensMs[index] ?? atMs;
    return (beforeMs[index] ?? 0) + Math.min(atMs, closesMs[index] ?? atMs) - opened;
  }

  private year(number: number): Year {
    const known = this.years.get(number);
    if (known !== undefined) return known;
    const made = this.makeYear(Date.UTC(number, 0, 1), Date.UTC(number + 1, 0, 1));
    this.years.set(number, made);
    return made;
  }

  /** A day's hours may reach over New Year in UTC: they are cut there. */
  private makeYear(beginsMs: number, endsMs: number): Year {
    const opensMs: number[] = [];
    const closesMs: number[] = [];
    const beforeMs: number[] = [];
    let totalMs = 0;
    for (let dayMs = beginsMs - DAY_MS; dayMs <= endsMs; dayMs += DAY_MS) {
      const [from, until] = this.hoursOf(dayMs) ?? [0, 0];
      const opens = Math.max(from, beginsMs);
      const closes = Math.min(until, endsMs);
      if (closes <= opens) continue;
      opensMs.push(opens);
      closesMs.push(closes);
      beforeMs.push(totalMs);
      totalMs += closes - opens;
    }
    return { opensMs, closesMs, beforeMs, totalMs };
  }

  /** The hours of a local date, given as its midnight in UTC. */
  private hoursOf(dayMs: number): [number, number] | undefined {
    const date = new Date(dayMs);
    const open = this.hours.days[WEEKDAYS[date.getUTCDay()] ?? 'sun'];
    if (open === undefined || this.holidays.has(date.toISOString().slice(0, 10))) return undefined;
    return [this.instantOf(dayMs + clockMs(open[0])), this.instantOf(dayMs + clockMs(open[1]))];
  }

  /** When local clocks show what UTC's would show at that time. */
  private instantOf(shownMs: number): number {
    const guessed = shownMs - this.offsetMs(shownMs);
    return shownMs - this.offsetMs(guessed);
  }

  /** How far local clocks are ahead of UTC. */
  private offsetMs(atMs: number): number {
    const parts = this.localTime.formatToParts(atMs);
    const of = (type: string): number =>
      Number(parts.find((part) => part.type === type)?.value ?? Number.NaN);
    const [day, time] = [of('day'), of('hour') * 3_600 + of('minute') * 60 + of('second')];
    return (
      Date.UTC(of('year'), of('month') - 1, day) + time * 1_000 - Math.floor(atMs / 1_000) * 1_000
    );
  }
}

function yearOf(atMs: number): number {
  return new Date(atMs).getUTCFullYear();
}

function within(atMs: number): number {
  return Math.min(Math.max(atMs, FIRST_MS), LAST_MS);
}

function clockMs(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return (hours * 60 + minutes) * 60_000;
}

/** The place of the last value below, in ascending values; -1 when there is none. */
function lastBelow(values: readonly number[], limit: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? limit) < limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
