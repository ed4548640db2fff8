import fc from 'fast-check';
import { BusinessCalendar, type BusinessHours } from './business-calendar.js';

const HOUR_MS = 3_600_000;
const WEEK: BusinessHours['days'] = {
  mon: ['09:00', '17:30'],
  tue: ['09:00', '17:30'],
  wed: ['09:00', '17:30'],
  thu: ['09:00', '17:30'],
  fri: ['09:00', '16:00'],
};

function calendar(hours: Partial<BusinessHours> = {}): BusinessCalendar {
  return new BusinessCalendar({ timezone: 'Europe/London', days: WEEK, holidays: [], ...hours });
}

const workedH = (from: string, until: string, hours?: Partial<BusinessHours>): number =>
  calendar(hours).workedMs(Date.parse(from), Date.parse(until)) / HOUR_MS;
const after = (from: string, hoursWorked: number, hours?: Partial<BusinessHours>): string =>
  new Date(calendar(hours).afterMs(Date.parse(from), hoursWorked * HOUR_MS)).toISOString();

describe('business hours', () => {
  it('count while the shop is open, and over nights and weekends not', () => {
    expect(workedH('2026-01-05T10:00:00Z', '2026-01-05T12:00:00Z')).toBe(2);
    expect(workedH('2026-01-05T16:30:00Z', '2026-01-06T10:00:00Z')).toBe(2);
    expect(workedH('2026-01-09T15:00:00Z', '2026-01-12T10:00:00Z')).toBe(2);
    expect(workedH('2026-01-10T00:00:00Z', '2026-01-11T23:00:00Z')).toBe(0);
    expect(workedH('2026-01-06T12:00:00Z', '2026-01-05T12:00:00Z')).toBe(0);
  });

  it('do not count on holidays', () => {
    const holidays = ['2026-12-25', '2026-12-28'];
    expect(workedH('2026-12-24T17:00:00Z', '2026-12-29T10:00:00Z', { holidays })).toBe(1.5);
    expect(after('2026-12-24T17:00:00Z', 1.5, { holidays })).toBe('2026-12-29T10:00:00.000Z');
  });

  it("follow the shop's clock when it goes forward and back", () => {
    const days = { sat: ['09:00', '17:00'], sun: ['00:00', '12:00'] } as const;
    // On 29 March 2026 there is no 01:00 to 02:00 in London, on 25 October it is there twice.
    expect(workedH('2026-03-29T00:00:00Z', '2026-03-29T23:00:00Z', { days })).toBe(11);
    expect(workedH('2026-10-24T23:00:00Z', '2026-10-25T23:00:00Z', { days })).toBe(13);
    expect(workedH('2026-06-01T07:00:00Z', '2026-06-01T09:00:00Z')).toBe(1);
    expect(workedH('2026-12-01T07:00:00Z', '2026-12-01T10:00:00Z')).toBe(1);
  });

  it('are those of the place: far from Greenwich the day is another', () => {
    const auckland = { timezone: 'Pacific/Auckland', days: { mon: ['09:00', '17:00'] } } as const;
    expect(workedH('2026-06-07T00:00:00Z', '2026-06-09T00:00:00Z', auckland)).toBe(8);
    expect(after('2026-06-07T00:00:00Z', 1, auckland)).toBe('2026-06-07T22:00:00.000Z');
  });

  it('go on over New Year, and end at midnight where they say so', () => {
    const days = { thu: ['00:00', '24:00'], fri: ['00:00', '24:00'] } as const;
    const honolulu = { timezone: 'Pacific/Honolulu', days };
    expect(workedH('2026-12-31T00:00:00Z', '2027-01-04T00:00:00Z', honolulu)).toBe(48);
    expect(after('2026-12-31T10:00:00Z', 47, honolulu)).toBe('2027-01-02T09:00:00.000Z');
  });

  it('never come where every day is closed', () => {
    expect(after('2026-01-01T00:00:00Z', 0, { days: {} })).toBe('2026-01-01T00:00:00.000Z');
    expect(calendar({ days: {} }).afterMs(0, 1)).toBe(Number.POSITIVE_INFINITY);
  });

  it('take dates that cannot be for the nearest that can', () => {
    const [never, always] = [Date.parse('0001-01-01T00:00:00Z'), 8_640_000_000_000_000];
    expect(calendar().workedMs(never, always)).toBeGreaterThan(0);
    expect(calendar().workedMs(always, always)).toBe(0);
  });
});

describe('for any hours and any two instants', () => {
  const clock = fc.integer({ min: 0, max: 96 }).map((quarter) => {
    const [hours, minutes] = [Math.floor(quarter / 4), (quarter % 4) * 15];
    return `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
  });
  const open = fc
    .uniqueArray(clock, { minLength: 2, maxLength: 2 })
    .map((pair) => [...pair].sort() as [string, string]);
  const date = fc
    .integer({ min: 0, max: 1_000 })
    .map((day) => new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10));
  const calendars = fc
    .record({
      timezone: fc.constantFrom('Europe/London', 'America/New_York', 'Asia/Kathmandu', 'UTC'),
      days: fc.record({ mon: open, wed: open, sat: open, sun: open }),
      holidays: fc.array(date, { maxLength: 20 }),
    })
    .map((hours) => new BusinessCalendar(hours));
  const instant = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2028, 6, 1) });

  it('what was worked until then and from then on is what was worked in all', () => {
    fc.assert(
      fc.property(calendars, fc.tuple(instant, instant, instant), (calendar, instants) => {
        const [a = 0, b = 0, c = 0] = [...instants].sort((x, y) => x - y);
        const whole = calendar.workedMs(a, c);
        expect(calendar.workedMs(a, b) + calendar.workedMs(b, c)).toBe(whole);
        expect(whole).toBeLessThanOrEqual(c - a);
      }),
      { numRuns: 60 },
    );
  });

  it('the end of some work is the first instant by which so much was worked', () => {
    fc.assert(
      fc.property(calendars, instant, fc.integer({ min: 1, max: 400 }), (calendar, from, hours) => {
        const end = calendar.afterMs(from, hours * HOUR_MS);
        expect(calendar.workedMs(from, end)).toBe(hours * HOUR_MS);
        expect(calendar.workedMs(from, end - 1)).toBe(hours * HOUR_MS - 1);
      }),
      { numRuns: 60 },
    );
  });
});
