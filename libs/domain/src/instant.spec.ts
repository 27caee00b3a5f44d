import { formatInstant, instantOf, parseInstant, yearsBetween } from './instant';

describe('parseInstant', () => {
  it.each([
    ['2026-01-05T09:25:11.513224+00:00', '2026-01-05T09:25:11.513Z'],
    ['2026-01-05T10:25:11+01:00', '2026-01-05T09:25:11.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['2026-03-29T02:30:00-05:00', '2026-03-29T07:30:00.000Z'],
  ])('takes %s as %s', (text, expected) => {
    expect(formatInstant(parseInstant(text, 'asOf'))).toBe(expected);
  });

  it.each([
    '2026-02-30T00:00:00Z', '2026-13-01T00:00:00Z', '2025-02-29T00:00:00Z', '2026-01-01', '2026-01-01T00:00:00', '1', '1767605111513',
    '2026-01-01T24:00:00Z', '2026-01-01T23:59:60Z', '9999-01-01T00:00:00Z', '0001-01-01T00:00:00Z', '2026-01-01T00:00:00+15:00', '',
    1767605111513, null, undefined,
  ])('refuses %p by name', (text) => {
    expect(() => parseInstant(text, 'asOf')).toThrow(/^asOf: expected an instant/);
  }); // prettier-ignore
});

describe('yearsBetween', () => {
  it('counts ACT/365 Fixed over exact milliseconds', () => {
    const from = parseInstant('2026-01-01T00:00:00Z', 'from');
    expect(yearsBetween(from, parseInstant('2027-01-01T00:00:00Z', 'to'))).toBe(1);
    expect(yearsBetween(from, parseInstant('2026-01-02T12:00:00Z', 'to'))).toBe(1.5 / 365);
  });
  it('depends on the distance only', () => {
    const shift = 123_456_789;
    expect(yearsBetween(instantOf(1e12), instantOf(1e12 + 5e9))).toBe(
      yearsBetween(instantOf(1e12 + shift), instantOf(1e12 + 5e9 + shift)),
    );
  });
});

describe('instantOf', () => {
  it.each([NaN, Infinity, 0.5, 9e15])('refuses %d', (value) => {
    expect(() => instantOf(value)).toThrow('instant: expected');
  });
});
