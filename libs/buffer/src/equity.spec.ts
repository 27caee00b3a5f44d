import { Decimal } from '@ballast/domain';
import type { Portfolio, PortfolioPosition } from '@ballast/margin';
import {
  future,
  option,
  portfolioOf,
  position,
  quote,
  share,
  snapshotOf,
  underlyingQuote,
} from '../../../test/support/portfolio-builder';
import { computeEquity, equityOfCashAndOptions } from './equity';

const snapshot = snapshotOf({
  underlyings: [
    underlyingQuote('U', '100'),
    underlyingQuote('BTC', '60000', {
      perpetual: { price: new Decimal(1), unrealisedPnl: new Decimal('12.5'), unrealisedFunding: new Decimal('-0.5') },
    }),
  ],
  quotes: [
    quote('F', { price: '104' }),
    quote('C', { price: '3' }),
    quote('FC', { price: '3' }),
    quote('BF', { price: '66000' }),
  ],
});
const equityOf = (positions: readonly PortfolioPosition[], changes: Partial<Portfolio> = {}, netOptionValue = 0) =>
  computeEquity({ portfolio: portfolioOf(positions, changes), snapshot, netOptionValue, policy: { fxHaircuts: {} } });
const partsOf = (...input: Parameters<typeof equityOf>) => {
  const valuation = equityOf(...input);
  if (valuation.status !== 'valued') throw new Error(valuation.reasons[0]);
  return valuation;
};
const bought = (row: PortfolioPosition, averagePrice: string) => ({ ...row, averagePrice: new Decimal(averagePrice) });
const perpetual = {
  id: 'P',
  type: 'perpetual',
  underlying: 'BTC',
  multiplier: new Decimal(1),
  currency: 'USD',
  settlement: 'linear',
} as const;

describe('computeEquity', () => {
  it('counts cash, shares, option value, variation and collateral once each', () => {
    const rows = [
      position(share('S'), 7),
      position(option('C'), 2),
      bought(position(future('F'), -1), '106'),
      bought(position(option('FC', { premiumStyle: 'futures' }), 1), '2.5'),
    ];
    const collateral = [{ asset: 'UST', quantity: new Decimal(1000), price: new Decimal(1), haircut: 0.1 }];
    const cash = [{ currency: 'USD', amount: new Decimal('50.005') }];
    const { equity, collateralValue, parts } = partsOf(rows, { cash, collateral }, 600);
    expect(
      [parts.cash, parts.holdings, parts.optionValue, parts.unrealisedPnl, parts.collateral].map((part) =>
        part.toFixed(),
      ),
    ).toEqual(['50.005', '700', '600', '250', '900']);
    expect(equity.amount.toFixed(2)).toBe('2500.00');
    expect(collateralValue.amount.toFixed()).toBe('900');
  });

  it('lets a stated profit win, and settles in cash what states neither', () => {
    const stated = { ...bought(position(future('F'), 1), '1'), unrealisedPnl: new Decimal('-42') };
    expect(partsOf([stated]).parts.unrealisedPnl.toFixed()).toBe('-42');
    const silent = partsOf([position(future('F'), 1)]);
    expect(silent.parts.unrealisedPnl.toFixed()).toBe('0');
    expect(silent.warnings).toEqual(['F: no average price, variation taken as settled in cash']);
  });

  it('states the profit of a coin-settled future in coin and converts it at the index', () => {
    const coin = future('BF', {
      underlying: 'BTC',
      settlement: 'inverse',
      currency: 'BTC',
      multiplier: new Decimal(1),
    });
    const { parts } = partsOf([bought(position(coin, 2), '60000')]);
    expect(parts.unrealisedPnl.toNumber()).toBeCloseTo(2 * (1 - 60000 / 66000) * 60000, 8);
  });

  it('takes profit and funding of a perpetual from its quote, once', () => {
    expect(
      partsOf([position(perpetual, 1), position({ ...perpetual, id: 'P2' }, 1)]).parts.unrealisedPnl.toFixed(),
    ).toBe('12');
  });

  it('rounds down, towards worse, and keeps model noise out of the cent', () => {
    expect(partsOf([], {}, 100.01999999999998).equity.amount.toFixed()).toBe('100.02');
    expect(partsOf([], {}, -1e-100).equity.amount.toFixed()).toBe('0');
    expect(partsOf([], {}, -0.001).equity.amount.toFixed()).toBe('-0.01');
  });

  it('is indeterminate without a price it needs', () => {
    const bare = snapshotOf({ underlyings: [underlyingQuote('U', null)] });
    const portfolio = portfolioOf([position(share('S'), 1), bought(position(future('F'), 1), '1')]);
    expect(computeEquity({ portfolio, snapshot: bare, netOptionValue: 0, policy: { fxHaircuts: {} } })).toEqual({
      status: 'indeterminate',
      reasons: ['S: no price', 'F: no price for its underlying U'],
    });
  });
});

it('equityOfCashAndOptions is the equity of an account that holds nothing else', () => {
  const balance = (digits: string) => ({ currency: 'USD', amount: new Decimal(digits) });
  for (const cash of [[], [balance('-1250.005')], [balance('0.1'), balance('99999999.2')]]) {
    for (const netOptionValue of [0, -0.1 - 0.2, 123.44999999999999, -7.005]) {
      const equity = equityOfCashAndOptions({ cash, netOptionValue, baseCurrency: 'USD' });
      expect(equity).toEqual(partsOf([position(option('C'), 1)], { cash }, netOptionValue).equity);
    }
  }
});
