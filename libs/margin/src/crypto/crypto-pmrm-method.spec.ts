import { Decimal } from '@ballast/domain';
import { coinOption, coinQuote, perpetual } from '../../../../test/support/crypto-builder';
import { asOf, daysLater, portfolioOf, position, quote, snapshotOf } from '../../../../test/support/portfolio-builder';
import type { Portfolio, PortfolioPosition } from '../portfolio';
import { cryptoPmrmMethod } from './crypto-pmrm-method';

const coin = coinQuote('60000', {
  rate: -0.05,
  forwards: [{ expiry: daysLater(40), price: new Decimal(60_500), rate: -0.03 }],
  perpetual: { price: new Decimal(60_020), unrealisedPnl: new Decimal(100) },
});
const snapshot = snapshotOf({
  underlyings: [coin],
  quotes: [quote('C', { price: '1500' }), quote('P', { volatility: 0.5 }), quote('PERP', { price: '1' })],
  fx: [{ from: 'EUR', to: 'USD', rate: new Decimal('1.25') }],
});
const call = coinOption('C', { right: 'call', strike: 66_000, days: 40 }, 'linear');
const put = coinOption('P', { right: 'put', strike: 55_000, days: 40 }, 'linear');
const compute = (positions: readonly PortfolioPosition[], overrides: unknown = {}, changes: Partial<Portfolio> = {}) =>
  cryptoPmrmMethod.computeRequirement({
    portfolio: portfolioOf(positions, { methodology: 'CRYPTO_PMRM', ...changes }),
    snapshot,
    parameters: cryptoPmrmMethod.parseParameters(overrides, asOf),
  });

describe('cryptoPmrmMethod', () => {
  const book = [position(call, -2), position(put, -1), position(perpetual('PERP', 'linear'), 0.5)];

  it('requires what health takes off mark to market and cash', () => {
    const { model } = compute(book, {}, { cash: [{ currency: 'USD', amount: new Decimal(10_000) }] });
    const equity = (model?.markToMarket ?? NaN) + 10_000;
    expect(model?.initialRequirement).toBeCloseTo(equity - (model?.initialHealth ?? NaN), 8);
    expect(model?.maintenanceRequirement).toBeCloseTo(equity - (model?.maintenanceHealth ?? NaN), 8);
    expect(model?.markToMarket).toBeCloseTo((model?.netOptionValue ?? NaN) + 100, 6);
  });

  it('lists the scenarios in input order and the basis last', () => {
    const overrides = { scenarios: [{ spotShock: 0.5, volatilityShock: 'NONE' }, { spotShock: 1.2, volatilityShock: 'UP' }] };
    const result = compute(book, overrides);
    expect(result.scenarios.map(({ index, group, label }) => [index, group, label])).toEqual([
      [1, 'BTC', 'spot −50 %, volatility same'],
      [2, 'BTC', 'spot +20 %, volatility up'],
      [3, 'BTC', 'basis'],
    ]);
    expect(result.worstScenario?.loss).toBe(Math.max(...result.scenarios.map(({ loss }) => loss)));
  }); // prettier-ignore

  it('states everything in the base currency', () => {
    const dollars = compute(book).model;
    const euros = compute(book, {}, { baseCurrency: 'EUR' }).model;
    for (const figure of ['initialRequirement', 'maintenanceRequirement', 'markToMarket', 'initialHealth'] as const) {
      expect((euros?.[figure] ?? NaN) * 1.25).toBeCloseTo(dollars?.[figure] ?? NaN, 6);
    }
  });

  it('values by Greeks on request and states the error', () => {
    expect(compute(book, { valuation: 'delta-gamma-vega' }).warnings[0]).toMatch(/differs from full revaluation by/);
  });

  it('is indeterminate without price and volatility, and 0 for an empty account', () => {
    const unquoted = coinOption('X', { right: 'call', strike: 70_000, days: 10 }, 'linear');
    expect(compute([position(unquoted, 1)]).qualityReasons).toEqual(['X: neither price nor volatility']);
    const empty = compute([]);
    expect(empty.maintenanceRequirement?.amount.toFixed()).toBe('0');
    expect(empty.model?.markToMarket).toBe(100);
  });

  it('refuses an expired contract and a currency without a rate', () => {
    const expired = coinOption('C', { right: 'call', strike: 66_000, days: -1 }, 'linear');
    expect(() => compute([position(expired, 1)])).toThrow(expect.objectContaining({ code: 'INSTRUMENT_EXPIRED' }));
    expect(() => compute(book, {}, { baseCurrency: 'GBP' })).toThrow(expect.objectContaining({ code: 'FX_MISSING' }));
  });
});
