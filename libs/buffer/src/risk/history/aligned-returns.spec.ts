import { parseInstant } from '@ballast/domain';
import { alignReturns, horizonReturns, type PriceSeries } from './aligned-returns';

const day = (index: number) => new Date(Date.UTC(2025, 0, 1) + index * 86_400_000).toISOString().slice(0, 10);
const series = (count: number): PriceSeries => ({
  symbols: ['A', 'B'],
  days: Array.from({ length: count }, (_, index) => ({
    date: day(index),
    prices: [100 * 1.01 ** index, index === 5 ? null : 50],
  })),
});
const asOf = parseInstant('2025-02-15T12:00:00Z', 'asOf');

describe('alignReturns', () => {
  it('uses common days up to the account, newest last', () => {
    const { columns, dates, from, warnings } = alignReturns({ series: series(60), underlyingIds: ['A', 'B'], asOf });
    expect(dates[dates.length - 1]).toBe('2025-02-15');
    expect(from).toBe('2025-01-01');
    expect(columns[0]).toHaveLength(44);
    expect(columns[0]?.[0]).toBeCloseTo(Math.log(1.01), 14);
    expect(columns[0]?.[4]).toBeCloseTo(2 * Math.log(1.01), 14);
    expect([...(columns[1] ?? [])].every((value) => value === 0)).toBe(true);
    expect(warnings).toEqual([]);
  });

  it('takes the latest returns of a window, by another column where one is named', () => {
    const found = alignReturns({ series: series(60), underlyingIds: ['U'], symbols: { U: 'A' }, asOf, window: 30 });
    expect(found.columns[0]).toHaveLength(30);
    expect(found.from).toBe('2025-01-16');
  });

  it('warns of old prices and short windows', () => {
    const { warnings } = alignReturns({ series: series(30), underlyingIds: ['A'], asOf, window: 100 });
    expect(warnings).toEqual([
      "the latest common price is of 2025-01-30, 16 days before the account's 2025-02-15",
      '29 returns instead of the 100 asked for',
    ]);
  });

  it('refuses an underlying without a column, and too few days', () => {
    expect(() => alignReturns({ series: series(60), underlyingIds: ['X'], asOf })).toThrow(
      'X: no price history among A, B',
    );
    expect(() => alignReturns({ series: series(9), underlyingIds: ['A'], asOf })).toThrow('8 common daily returns');
  });
});

describe('horizonReturns', () => {
  it('adds up overlapping spans', () => {
    expect([...horizonReturns(Float64Array.of(1, 2, 3, 4), 2)]).toEqual([3, 5, 7]);
    expect([...horizonReturns(Float64Array.of(1, 2), 1)]).toEqual([1, 2]);
    expect([...horizonReturns(Float64Array.of(1), 2)]).toEqual([]);
  });
});
