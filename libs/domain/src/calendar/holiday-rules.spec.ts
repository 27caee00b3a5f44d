import { eurexHolidays, unitedStatesEarlyCloses, unitedStatesHolidays } from './holiday-rules';

/** As published: nyse.com "Holidays and Trading Hours" of each year. */
const publishedByYear: Record<number, string[]> = {
  2024: ['01-01', '01-15', '02-19', '03-29', '05-27', '06-19', '07-04', '09-02', '11-28', '12-25'],
  2025: ['01-01', '01-20', '02-17', '04-18', '05-26', '06-19', '07-04', '09-01', '11-27', '12-25'],
  2026: ['01-01', '01-19', '02-16', '04-03', '05-25', '06-19', '07-03', '09-07', '11-26', '12-25'],
  2027: ['01-01', '01-18', '02-15', '03-26', '05-31', '06-18', '07-05', '09-06', '11-25', '12-24'],
  2028: ['01-17', '02-21', '04-14', '05-29', '06-19', '07-04', '09-04', '11-23', '12-25'],
};
const earlyByYear: Record<number, string[]> = {
  2024: ['07-03', '11-29', '12-24'],
  2025: ['07-03', '11-28', '12-24'],
  2026: ['11-27', '12-24'],
  2027: ['11-26'],
  2028: ['07-03', '11-24'],
};
/** As published: eurex.com trading calendar. */
const eurexByYear: Record<number, string[]> = {
  2024: ['01-01', '03-29', '04-01', '05-01', '12-24', '12-25', '12-26', '12-31'],
  2025: ['01-01', '04-18', '04-21', '05-01', '12-24', '12-25', '12-26', '12-31'],
  2026: ['01-01', '04-03', '04-06', '05-01', '12-24', '12-25', '12-31'],
};

describe('holiday rules against published calendars', () => {
  it.each(Object.entries(publishedByYear))('US holidays of %s', (year, dates) => {
    expect(unitedStatesHolidays(Number(year)).map(([date]) => date)).toEqual(dates.map((date) => `${year}-${date}`));
  });

  it.each(Object.entries(earlyByYear))('US early closes of %s', (year, dates) => {
    const times = { close: '13:00', expiry: '13:00' };
    const found = unitedStatesEarlyCloses(Number(year), times);
    expect(found).toEqual(dates.map((date) => [`${year}-${date}`, times]));
  });

  it.each(Object.entries(eurexByYear))('Eurex days without trading of %s', (year, dates) => {
    expect(eurexHolidays(Number(year)).map(([date]) => date)).toEqual(dates.map((date) => `${year}-${date}`));
  });

  it('does not keep a New Year that falls on a Saturday in the old year', () => {
    expect(unitedStatesHolidays(2028).map(([, name]) => name)).not.toContain("New Year's Day");
    expect(unitedStatesHolidays(2027).map(([date]) => date)).not.toContain('2027-12-31');
  });
});
