/** The order of day and month in dates that are written with slashes. */
export type DateOrder = 'day-first' | 'month-first';

const SLASHED =
  /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?$/;
const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?(?:Z|[+-]\d{2}:?\d{2})?$/;

/**
 * Which comes first in this file. A month above 12 decides, by the number of dates that it makes
 * unreadable. Where none is, as in a file of five days, the reading in which the file spans less
 * time is taken, and day first at last.
 */
export function dateOrderOf(dates: readonly string[]): DateOrder {
  const slashed = dates.filter((date) => SLASHED.test(date.trim()));
  const [dayFirst, monthFirst] = (['day-first', 'month-first'] as const).map((order) => {
    const read = slashed.flatMap((date) => readDate(date, order) ?? []).toSorted();
    const [first = '', last = ''] = [read.at(0), read.at(-1)];
    return { readable: read.length, spanMs: Date.parse(`${last}Z`) - Date.parse(`${first}Z`) };
  });
  if (dayFirst === undefined || monthFirst === undefined) return 'day-first';
  if (dayFirst.readable !== monthFirst.readable) {
    return monthFirst.readable > dayFirst.readable ? 'month-first' : 'day-first';
  }
  return monthFirst.spanMs < dayFirst.spanMs ? 'month-first' : 'day-first';
}

/**
 * A date as ISO 8601 without a zone: what the clock on the wall said. Null when it is unreadable.
 * Without a time it is midnight; years of two digits are of this century.
 */
export function readDate(text: string, order: DateOrder): string | null {
  const trimmed = text.trim();
  const iso = ISO.exec(trimmed);
  if (iso !== null) {
    const [, year, month, day, ...time] = iso;
    return wallTime(year, month, day, time);
  }
  const slashed = SLASHED.exec(trimmed);
  if (slashed === null) return null;
  const [, first, second, year = '', ...time] = slashed;
  const [day, month] = order === 'day-first' ? [first, second] : [second, first];
  return wallTime(year.length === 2 ? `20${year}` : year, month, day, time);
}

function wallTime(
  year: string | undefined,
  month: string | undefined,
  day: string | undefined,
  time: readonly (string | undefined)[],
): string | null {
  const two = (part: string | undefined): string => (part ?? '0').padStart(2, '0');
  const [hours, minutes, seconds] = time;
  const date = `${year}-${two(month)}-${two(day)}`;
  const text = `${date}T${two(hours)}:${two(minutes)}:${two(seconds)}`;
  const parsed = new Date(`${text}Z`);
  // A 31st of June would be read as the 1st of July.
  if (Number.isNaN(parsed.getTime()) || parsed.toISOString().slice(0, 10) !== date) return null;
  return text;
}
