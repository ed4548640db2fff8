import { dateOrderOf, readDate } from './trade-dates.js';

describe('the order of day and month', () => {
  it('is told by a month that there is not', () => {
    expect(dateOrderOf(['1/2/2026 8:00', '13/2/2026 8:00'])).toBe('day-first');
    expect(dateOrderOf(['1/2/2026 8:00', '2/13/2026 8:00'])).toBe('month-first');
  });

  it('outvotes a date that is wrong either way round', () => {
    expect(dateOrderOf(['13/2/2026', '14/2/2026', '2/31/2026'])).toBe('day-first');
  });

  it('is the one in which the file spans less time when both can be read', () => {
    expect(dateOrderOf(['1/12/2010 8:26', '5/12/2010 17:00'])).toBe('day-first');
    expect(dateOrderOf(['12/1/2010 8:26', '12/5/2010 17:00'])).toBe('month-first');
  });

  it('is day first when nothing tells', () => {
    expect(dateOrderOf(['4/4/2026 8:00'])).toBe('day-first');
    expect(dateOrderOf([])).toBe('day-first');
  });
});

describe('a date', () => {
  it.each([
    ['1/12/2010 8:26', '2010-12-01T08:26:00'],
    ['1.12.10 08:26:59', '2010-12-01T08:26:59'],
    ['2010-12-01T08:26:59+02:00', '2010-12-01T08:26:59'],
    ['31/6/2010 8:26', null],
    ['1/12/2010 25:00', null],
    ['yesterday', null],
  ])('%s is %s', (text, at) => {
    expect(readDate(text, 'day-first')).toBe(at);
  });
});
