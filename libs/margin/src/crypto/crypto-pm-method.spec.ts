import { coinOption, coinQuote, datedFuture, perpetual } from '../../../../test/support/crypto-builder';
import {
  asOf,
  portfolioOf,
  position,
  quote,
  snapshotOf,
  underlyingQuote,
} from '../../../../test/support/portfolio-builder';
import type { PortfolioPosition } from '../portfolio';
import { cryptoPmMethod } from './crypto-pm-method';

const snapshot = snapshotOf({
  underlyings: [coinQuote(), underlyingQuote('ETH', '3000', { kind: 'crypto' })],
  quotes: [
    quote('PERP', { price: '60000' }),
    quote('EPERP', { price: '3000' }),
    quote('FUT', { price: '61000' }),
    quote('C', { volatility: 0.5 }),
    quote('P', { price: '0.04' }),
  ],
});
const call = coinOption('C', { right: 'call', strike: 66_000, days: 40 });
const put = coinOption('P', { right: 'put', strike: 58_000, days: 40 });
const compute = (positions: readonly PortfolioPosition[], overrides: unknown = {}, baseCurrency = 'BTC') =>
  cryptoPmMethod.computeRequirement({
    portfolio: portfolioOf(positions, { methodology: 'CRYPTO_PM', baseCurrency }),
    snapshot,
    parameters: cryptoPmMethod.parseParameters(overrides, asOf),
  });

describe('cryptoPmMethod', () => {
  const book = [position(call, -5), position(put, -5), position(perpetual('PERP'), 1.5)];

  it('separates initial from maintenance: stated charges and the factor', () => {
    const { model } = compute(book, { openOrders: 0.1, marketMakerProtection: 0.2, maintenanceFactor: 0.5 });
    const matrix = 2 * (model?.maintenanceRequirement ?? NaN);
    expect(model?.initialRequirement).toBeCloseTo(matrix + 0.3, 12);
  });

  it('names the underlying of a one-coin book and the portfolio of several', () => {
    expect(compute(book).scenarios[0]?.group).toBe('BTC');
    const ether = { ...perpetual('EPERP'), underlying: 'ETH', currency: 'ETH' } as ReturnType<typeof perpetual>;
    const two = compute([...book, position(ether, -3)], { underlyings: { ETH: { priceRange: 0.2 } } }, 'USD');
    expect(two.scenarios).toHaveLength(35);
    expect(two.scenarios[0]).toMatchObject({ group: 'portfolio', index: 1 });
    expect(two.scenarios[0]?.label).toBe('BTC price −16 %, volatility up; ETH price −20 %, volatility up');
    const kinds = two.breakdown.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'underlying-loss')).toHaveLength(2);
    expect(kinds.filter((kind) => kind === 'roll-shock')).toHaveLength(2);
  });

  it('binds at the scenario that loses most, and its loss is the scan risk', () => {
    const result = compute(book);
    const worst = Math.max(...result.scenarios.map(({ loss }) => loss));
    expect(result.worstScenario?.loss).toBe(worst);
    const scan = result.breakdown.find(({ kind }) => kind === 'scan-risk');
    expect(scan?.amount.amount.toNumber()).toBeCloseTo(worst, 7);
  });

  it('values by Greeks on request and states the error', () => {
    const approximate = compute(book, { valuation: 'delta-gamma-vega' });
    expect(approximate.warnings[0]).toMatch(/valued by delta, gamma and vega: .* differs from full revaluation by/);
    expect(approximate.model?.maintenanceRequirement).not.toBe(compute(book).model?.maintenanceRequirement);
  });

  it('is exact by Greeks where nothing is curved', () => {
    const linear = [position(perpetual('PERP'), 1.5), position(datedFuture('FUT', 20), -1)];
    expect(compute(linear, { valuation: 'delta-gamma-vega' }).model).toEqual(compute(linear).model);
  });

  it('is indeterminate without price and volatility, and 0 without positions', () => {
    const unquoted = coinOption('X', { right: 'call', strike: 70_000, days: 10 });
    const result = compute([position(unquoted, 1)]);
    expect([result.quality, result.qualityReasons]).toEqual(['INDETERMINATE', ['X: neither price nor volatility']]);
    const empty = compute([]);
    expect(empty.maintenanceRequirement?.amount.toFixed()).toBe('0');
    expect(empty.worstScenario).toBeNull();
  });

  it('refuses an expired contract and a currency without a rate', () => {
    const expired = coinOption('C', { right: 'call', strike: 66_000, days: -1 });
    expect(() => compute([position(expired, 1)])).toThrow(expect.objectContaining({ code: 'INSTRUMENT_EXPIRED' }));
    expect(() => compute(book, {}, 'GBP')).toThrow(expect.objectContaining({ code: 'FX_MISSING' }));
  });
});
