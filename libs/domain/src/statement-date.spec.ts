import { type Instant, instantOf, parseInstant } from './instant';
import { findStatementDate, remarkedDaysAhead, statementDaysAhead } from './statement-date';

const now = parseInstant('2026-11-21T12:00:00Z', 'now');
const days = (count: number): Instant => instantOf(now + count * 86_400_000);

describe('the date of a statement', () => {
  it.each([
    ['the year 1900', parseInstant('1900-01-01T00:00:00Z', 'x'), undefined],
    ['yesterday', days(-1), undefined],
    ['now', now, undefined],
    ['in a month', days(remarkedDaysAhead), undefined],
    ['a millisecond later', instantOf(days(remarkedDaysAhead) + 1), 'REMARKED'],
    ['in a year', days(365), 'REMARKED'],
    ['in ten years', days(statementDaysAhead), 'REMARKED'],
    ['a millisecond after ten years', instantOf(days(statementDaysAhead) + 1), 'REFUSED'],
    ['in 2126 for 2026', parseInstant('2126-11-21T12:00:00Z', 'x'), 'REFUSED'],
    ['at the end of what can be written', parseInstant('2200-12-31T23:59:59Z', 'x'), 'REFUSED'],
  ])('%s', (_name, validFrom, verdict) => {
    expect(findStatementDate(validFrom, now)?.verdict).toBe(verdict);
  });

  it('says how far ahead, and when', () => {
    expect(findStatementDate(days(100), now)?.reason).toBe(
      'lies 100 days ahead (2027-03-01T12:00:00.000Z) and counts only from then on',
    );
    expect(findStatementDate(days(36_500), now)?.reason).toContain(
      'more than ten years ahead (2126-10-28T12:00:00.000Z)',
    );
  });
});
