import { Decimal, type Instrument, type MarketSnapshot } from '@ballast/domain';
import {
  asOf,
  future,
  option,
  quote,
  share,
  snapshotOf,
  underlyingQuote,
} from '../../../test/support/portfolio-builder';
import { valueInstrument } from './instrument-valuation';
import { forwardOf } from './option-value';

const value = (instrument: Instrument, snapshot: MarketSnapshot) =>
  valueInstrument({ instrument, snapshot, asOf, baseCurrency: 'USD', chooseModel: () => ({ model: 'black-scholes' }) });
const contractOf = (instrument: Instrument, snapshot: MarketSnapshot) => {
  const valuation = value(instrument, snapshot);
  if (valuation.status !== 'valued') throw new Error(valuation.reason);
  return valuation.contract;
};

describe('valueInstrument', () => {
  const call = option('C');
  // At the money without rates the value is 100·(2Φ(σ√T/2) − 1), computed to 30 digits in mpmath.
  const theoretical = 4.45798830064364;

  it('prices by the model where only a volatility is quoted', () => {
    const contract = contractOf(call, snapshotOf({ quotes: [quote('C', { volatility: 0.25 })] }));
    expect(contract.mark).toBe(contract.option?.modelPrice);
    expect(contract.mark).toBeCloseTo(theoretical, 12);
    expect(contract.yearsToExpiry).toBe(0.2);
  });

  it('implies the volatility where only a price is quoted', () => {
    const contract = contractOf(call, snapshotOf({ quotes: [quote('C', { price: '4.45798830064364' })] }));
    expect(contract.option?.volatility).toBeCloseTo(0.25, 7);
    expect(contract.option?.modelPrice).toBeCloseTo(4.45798830064364, 12);
  });

  it('keeps the price for value and the volatility for scenarios where both are quoted', () => {
    const contract = contractOf(call, snapshotOf({ quotes: [quote('C', { price: '5', volatility: 0.25 })] }));
    expect(contract.mark).toBe(5);
    expect(contract.option?.modelPrice).toBeCloseTo(theoretical, 12);
  });

  it.each([
    ['neither price nor volatility', call, snapshotOf({}), 'neither price nor volatility'],
    ['a price of 0', call, snapshotOf({ quotes: [quote('C', { price: '0' })] }), 'at or below its intrinsic value'],
    [
      'a price below intrinsic',
      option('C', { strike: new Decimal(50) }),
      snapshotOf({ quotes: [quote('C', { price: '49' })] }),
      'at or below its intrinsic value',
    ],
    [
      'a price above the underlying',
      call,
      snapshotOf({ quotes: [quote('C', { price: '100.5' })] }),
      'above its largest value',
    ],
    [
      'an underlying without price',
      call,
      snapshotOf({ underlyings: [underlyingQuote('U', null)], quotes: [quote('C', { volatility: 0.2 })] }),
      'no price for its underlying U',
    ],
  ])('is indeterminate with %s', (_, instrument, snapshot, reason) => {
    expect(value(instrument, snapshot)).toEqual({ status: 'indeterminate', reason: expect.stringContaining(reason) });
  });

  it('refuses a negative strike under a lognormal model by the name of the contract', () => {
    const snapshot = snapshotOf({ quotes: [quote('C', { volatility: 0.2 })] });
    expect(() => value(option('C', { strike: new Decimal(-5) }), snapshot)).toThrow(
      'C: strike -5 under black-scholes, which needs ≥ 0',
    );
  });

  it('needs no volatility at the expiry instant', () => {
    const contract = contractOf(
      option('C', { expiry: asOf, strike: new Decimal(90) }),
      snapshotOf({ quotes: [quote('C', { price: '10' })] }),
    );
    expect(contract.option).toMatchObject({ volatility: 0, modelPrice: 10 });
  });

  it('derives a future from the underlying and says so', () => {
    const snapshot = snapshotOf({ underlyings: [underlyingQuote('U', '100', { rate: 0.05 })] });
    const contract = contractOf(future('F'), snapshot);
    expect(contract.mark).toBeCloseTo(101.00501670841679, 12);
    expect(contract.warnings).toEqual(['F: price derived from the underlying']);
    expect(contractOf(share('S'), snapshot)).toMatchObject({ mark: 100, warnings: [] });
  });

  it('states a coin-settled option in its coin', () => {
    const snapshot = snapshotOf({
      underlyings: [underlyingQuote('BTC', '100')],
      quotes: [quote('C', { volatility: 0.25 })],
    });
    const contract = contractOf(option('C', { underlying: 'BTC', settlement: 'inverse', currency: 'BTC' }), snapshot);
    expect(contract.mark).toBeCloseTo(theoretical / 100, 7);
    expect(contract.fxToBase).toBe(100);
    const implied = contractOf(
      option('C', { underlying: 'BTC', settlement: 'inverse', currency: 'BTC' }),
      snapshotOf({
        underlyings: [underlyingQuote('BTC', '100')],
        quotes: [quote('C', { price: '0.0445798830064364' })],
      }),
    );
    expect(implied.option?.volatility).toBeCloseTo(0.25, 7);
  });

  describe('under a quoted forward that no carry reaches', () => {
    const expiry = option('C').expiry;
    const marketOf = (kind: 'future' | 'equity', price: string, forward: string) =>
      snapshotOf({
        underlyings: [underlyingQuote('U', price, { kind, forwards: [{ expiry, price: new Decimal(forward) }] })],
        quotes: [quote('C', { volatility: 20 })],
      });
    const valueNormally = (snapshot: MarketSnapshot, strike: number) => {
      const valuation = valueInstrument({
        instrument: option('C', { strike: new Decimal(strike) }),
        snapshot,
        asOf,
        baseCurrency: 'USD',
        chooseModel: () => ({ model: 'bachelier' }),
      });
      if (valuation.status !== 'valued') throw new Error(valuation.reason);
      return valuation.contract;
    };
    // At the money the normal model is σ√T/√(2π), whatever the price of the underlying.
    const atTheMoney = (20 * Math.sqrt(0.2)) / Math.sqrt(2 * Math.PI);

    it.each([
      ['-37.63', '-30', -30],
      ['0.5', '4', 4],
      ['0', '4', 4],
      ['-1', '4', 4],
    ])('starts a normal model from it: underlying %s, forward %s', (price, forward, strike) => {
      const contract = valueNormally(marketOf('future', price, forward), strike);
      expect(contract.option?.modelPrice).toBeCloseTo(atTheMoney, 12);
    });

    it('lets the forward move by the amount the underlying moves', () => {
      const terms = valueNormally(marketOf('future', '0.5', '4'), 4).option?.terms;
      if (terms === undefined) throw new Error('no option');
      expect(forwardOf(terms, { spot: 10.5, yearsToExpiry: 0.2 })).toBeCloseTo(14, 12);
      expect(forwardOf(terms, { spot: -9.5, yearsToExpiry: 0 })).toBeCloseTo(-6, 12);
    });

    it('is indeterminate under a lognormal model', () => {
      expect(value(option('C'), marketOf('future', '0', '4'))).toEqual({
        status: 'indeterminate',
        reason: 'C: no carry leads from the underlying price 0 to the forward 4 under black-scholes',
      });
    });

    it('derives a future without a price from it', () => {
      const contract = contractOf(future('F', { expiry }), marketOf('future', '-1', '4'));
      expect(contract.mark).toBe(4);
    });
  });
});
