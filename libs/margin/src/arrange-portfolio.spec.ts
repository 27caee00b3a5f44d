import { Decimal } from '@ballast/domain';
import {
  asOf,
  daysLater,
  future,
  option,
  portfolioOf,
  position,
  snapshotOf,
} from '../../../test/support/portfolio-builder';
import { arrangePortfolio } from './arrange-portfolio';

describe('arrangePortfolio', () => {
  const snapshot = snapshotOf({});

  it('nets lots of one contract and orders by identifier, whatever the order of rows', () => {
    const rows = [
      position(option('B'), 3),
      position(option('a'), 1),
      position(option('A'), '0.1'),
      position(option('B'), '-1.5'),
    ];
    const expected = [
      ['A', 0.1],
      ['B', 1.5],
      ['a', 1],
    ];
    const seen = (positions: typeof rows) =>
      arrangePortfolio(portfolioOf(positions), snapshot).map(({ instrument, quantity }) => [instrument.id, quantity]);
    expect(seen(rows)).toEqual(expected);
    expect(seen([...rows].reverse())).toEqual(expected);
  });

  it('adds lots exactly: 0.1 + 0.2 is 0.3', () => {
    const rows = [position(option('A'), '0.1'), position(option('A'), '0.2')];
    expect(arrangePortfolio(portfolioOf(rows), snapshot)[0]?.quantity).toBe(0.3);
  });

  it('drops what nets to nothing and a quantity of 0', () => {
    const rows = [position(option('A'), 2), position(option('A'), -2), position(option('B'), 0)];
    expect(arrangePortfolio(portfolioOf(rows), snapshot)).toEqual([]);
  });

  it('keeps an option at its expiry instant and refuses one a millisecond later', () => {
    const atExpiry = position(option('A', { expiry: asOf }), 1);
    expect(arrangePortfolio(portfolioOf([atExpiry]), snapshot)).toHaveLength(1);
    const expired = position(future('F', { expiry: daysLater(-1) }), 1);
    expect(() => arrangePortfolio(portfolioOf([expired]), snapshot)).toThrow(
      expect.objectContaining({ code: 'INSTRUMENT_EXPIRED', message: expect.stringContaining('position in F') }),
    );
  });

  it.each([
    ['an underlying nobody quotes', position(option('A', { underlying: 'X' }), 1), 'INSTRUMENT_UNKNOWN'],
    ['a quantity that is no number', position(option('A'), NaN), 'INVALID_POSITION'],
    ['a multiplier of 0', position(option('A', { multiplier: new Decimal(0) }), 1), 'INVALID_POSITION'],
    ['a negative multiplier', position(option('A', { multiplier: new Decimal(-100) }), 1), 'INVALID_POSITION'],
  ])('refuses %s, also beside a lot that cancels it', (_, row, code) => {
    expect(() => arrangePortfolio(portfolioOf([row]), snapshot)).toThrow(expect.objectContaining({ code }));
  });

  it('refuses one identifier under two terms, and takes equal terms written twice', () => {
    const twice = [position(option('A'), 1), position(option('A'), 1)];
    expect(arrangePortfolio(portfolioOf(twice), snapshot)[0]?.quantity).toBe(2);
    const changed = [position(option('A'), 1), position(option('A', { strike: new Decimal(90) }), 1)];
    expect(() => arrangePortfolio(portfolioOf(changed), snapshot)).toThrow('two different terms');
  });
});
