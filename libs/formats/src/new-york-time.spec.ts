import { newYorkInstant } from './new-york-time';

describe('New York time', () => {
  it.each([
    ['2015-12-24', '2015-12-24T21:00:00.000Z'],
    ['2016-03-11', '2016-03-11T21:00:00.000Z'],
    ['2016-03-18', '2016-03-18T20:00:00.000Z'],
    ['2006-04-03', '2006-04-03T20:00:00.000Z'],
  ])('closes %s at %s', (date, expected) => {
    expect(new Date(newYorkInstant(date, { hour: 16, minute: 0 })).toISOString()).toBe(expected);
  });

  it('agrees with the time zone data of the runtime on every day of 1990 to 2035', () => {
    const formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: 'America/New_York',
      hour: 'numeric',
      hourCycle: 'h23',
    });
    let days = 0;
    for (let day = Date.UTC(1990, 0, 1); day < Date.UTC(2036, 0, 1); day += 86_400_000) {
      const date = new Date(day).toISOString().slice(0, 10);
      if (formatter.format(newYorkInstant(date, { hour: 16, minute: 0 })) !== '16') throw new Error(date);
      days += 1;
    }
    expect(days).toBe(16_801);
  });

  it('refuses hours and years outside its rule', () => {
    expect(() => newYorkInstant('1980-01-01', { hour: 16, minute: 0 })).toThrow(RangeError);
    expect(() => newYorkInstant('2020-01-01', { hour: 2, minute: 30 })).toThrow(RangeError);
  });
});
