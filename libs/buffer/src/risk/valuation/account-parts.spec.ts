import { Decimal } from '@ballast/domain';
import { cashOf, preparedAccount } from '../../../../../test/support/account-builder';
import {
  option,
  portfolioOf,
  position,
  quote,
  share,
  snapshotOf,
  underlyingQuote,
} from '../../../../../test/support/portfolio-builder';
import { movingUnderlyings, splitByUnderlying } from './account-parts';

const underlyings = [
  underlyingQuote('U', '100'),
  underlyingQuote('V', '50'),
  underlyingQuote('BTC', '60000', { kind: 'crypto' }),
];
const held = [position(share('S'), 10), position(share('T', { underlying: 'V' }), 5), position(option('C'), -1)];
const accountOf = (changes: Parameters<typeof portfolioOf>[1] = {}, positions = held) =>
  preparedAccount({
    portfolio: portfolioOf(positions, { methodology: 'TIMS', cash: [cashOf('100')], ...changes }),
    snapshot: snapshotOf({
      underlyings,
      quotes: [quote('C', { volatility: 0.3 })],
      fx: [{ from: 'BTC', to: 'USD', rate: new Decimal(60000) }],
    }),
  });

describe('splitByUnderlying', () => {
  it('gives each underlying its contracts, and coins to the coin', () => {
    const account = accountOf({ cash: [cashOf('100'), cashOf('2', 'BTC')] });
    const parts = splitByUnderlying(account);
    expect(parts.map(({ underlyingIds }) => underlyingIds)).toEqual([['BTC'], ['U'], ['V']]);
    expect(parts[0]?.prepared.portfolio.cash).toEqual([cashOf('2', 'BTC')]);
    expect(parts[1]?.prepared.portfolio.positions.map(({ instrument }) => instrument.id)).toEqual(['S', 'C']);
    expect(parts[2]?.prepared.portfolio.cash).toEqual([]);
  });

  it('keeps an account stated in a coin together', () => {
    const parts = splitByUnderlying(accountOf({ baseCurrency: 'BTC', cash: [cashOf('1', 'BTC')] }));
    expect(parts.map(({ underlyingIds }) => underlyingIds)).toEqual([['BTC', 'U', 'V']]);
  });

  it('has nothing for cash in the base currency', () => {
    expect(splitByUnderlying(accountOf({}, []))).toEqual([]);
    expect(movingUnderlyings(accountOf({}, [position(share('S'), 0)]))).toEqual([]);
  });
});
