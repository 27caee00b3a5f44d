import { Decimal, type CollateralHolding, type MarketSnapshot } from '@ballast/domain';
import { coinOption, coinQuote, datedFuture, perpetual } from '../../../../test/support/crypto-builder';
import {
  asOf,
  portfolioOf,
  position,
  quote,
  snapshotOf,
  underlyingQuote,
} from '../../../../test/support/portfolio-builder';
import { valueScenariosPlainly } from '../option-value';
import type { Portfolio, PortfolioPosition } from '../portfolio';
import { valuePositions } from '../value-positions';
import { buildPmrmAccount } from './crypto-pmrm-account';
import { parsePmrmParameters } from './parse-pmrm-parameters';

const coin = coinQuote('60000', { confidence: 0.9, stablePrice: new Decimal('0.8') });
const ether = underlyingQuote('ETH', '3000', { kind: 'crypto', confidence: 0.7 });
const quotes = [quote('C', { volatility: 0.5 }), quote('PERP', { price: '60000' }), quote('FUT', { price: '61000' })];
const one = snapshotOf({ underlyings: [coin], quotes });
const two = snapshotOf({ underlyings: [ether, coin], quotes });
const call = coinOption('C', { right: 'call', strike: 66_000, days: 40 }, 'linear');
const holding = (asset: string, changes: Partial<CollateralHolding> = {}): CollateralHolding => ({
  asset,
  quantity: new Decimal(2),
  price: new Decimal(400),
  ...changes,
});
const accountOf = (positions: readonly PortfolioPosition[], snapshot: MarketSnapshot, changes: Partial<Portfolio> = {}) => {
  const portfolio = portfolioOf(positions, changes);
  const valuation = valuePositions({ portfolio, snapshot, chooseModel: () => ({ model: 'black76' }) });
  if (valuation.status !== 'valued') throw new Error(valuation.reasons.join());
  const parameters = parsePmrmParameters({}, asOf);
  return buildPmrmAccount({ portfolio, snapshot, positions: valuation.positions, parameters, valueScenarios: valueScenariosPlainly });
}; // prettier-ignore

describe('buildPmrmAccount', () => {
  it('values collateral at the stablecoin price and never trusts it more than the spot', () => {
    const { collateral } = accountOf([position(call, 1)], one, {
      collateral: [holding('USDT', { haircut: 0.1, confidence: 0.95 }), holding('BTC', { imHaircut: 0.2, mmHaircut: 0.3 })],
    });
    expect(collateral).toEqual([
      { asset: 'USDT', value: 1000, imHaircut: 0, mmHaircut: 0.1, confidence: 0.9 },
      { asset: 'BTC', value: 1000, imHaircut: 0.2, mmHaircut: 0.3, confidence: 0.9 },
    ]);
  });

  it('lets risk-cancelling collateral offset the underlying of its name, or the only one', () => {
    const risky = { riskCancelling: true };
    const named = accountOf([position(call, 1)], two, { collateral: [holding('ETH', risky)] });
    expect(named.books.map(({ underlying, collateral }) => [underlying, collateral.length])).toEqual([
      ['BTC', 0],
      ['ETH', 1],
    ]);
    expect(accountOf([position(call, 1)], one, { collateral: [holding('WBTC', risky)] }).books[0]?.collateral).toHaveLength(1);
    expect(() => accountOf([position(call, 1)], two, { collateral: [holding('WBTC', risky)] })).toThrow(
      expect.objectContaining({ code: 'INVALID_PORTFOLIO' }),
    );
  });

  it('margins what is held, the only underlying, and one with unsettled profit', () => {
    expect(accountOf([], one).books).toHaveLength(1);
    expect(accountOf([position(call, 1)], two).books).toHaveLength(1);
    const unsettled = { ...ether, perpetual: { price: new Decimal(3000), unrealisedPnl: new Decimal(5) } };
    const snapshot = snapshotOf({ underlyings: [coin, unsettled], quotes });
    expect(accountOf([position(call, 1)], snapshot).books.map(({ underlying }) => underlying)).toEqual(['BTC', 'ETH']);
  });

  it('converts cash to the quote currency', () => {
    const fx = [{ from: 'EUR', to: 'USD', rate: new Decimal('1.2') }];
    const cash = [{ currency: 'EUR', amount: new Decimal(100) }, { currency: 'USD', amount: new Decimal(-20) }];
    expect(accountOf([], { ...one, fx }, { cash }).cash).toBeCloseTo(100, 12);
  });

  it.each([
    ['a dated future', datedFuture('FUT', 20, 'linear')],
    ['a coin-settled perpetual', perpetual('PERP', 'inverse')],
  ])('refuses %s', (_, instrument) => {
    expect(() => accountOf([position(instrument, 1)], one)).toThrow(expect.objectContaining({ code: 'INVALID_INSTRUMENT' }));
  });

  it('refuses underlyings of two quote currencies', () => {
    const mixed = snapshotOf({ underlyings: [coin, { ...ether, currency: 'EUR' }], quotes, fx: [{ from: 'EUR', to: 'USD', rate: new Decimal(1) }] });
    const risky = holding('ETH', { riskCancelling: true });
    expect(() => accountOf([position(call, 1)], mixed, { collateral: [risky] })).toThrow(
      expect.objectContaining({ code: 'INVALID_PORTFOLIO' }),
    );
  });
}); // prettier-ignore
