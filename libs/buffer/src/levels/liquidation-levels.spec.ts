import { type CollateralHolding, Decimal } from '@ballast/domain';
import fc from 'fast-check';
import { cashOf, preparedAccount } from '../../../../test/support/account-builder';
import {
  future,
  option,
  portfolioOf,
  position,
  quote,
  share,
  snapshotOf,
  underlyingQuote,
} from '../../../../test/support/portfolio-builder';
import { computeWhatIf } from '../analysis/what-if';
import { findLiquidationLevels, findMarketLevels, findVolatilityLevels } from './liquidation-levels';

const [call, put, contract, stock] = [option('C'), option('P', { right: 'put' }), future('F'), share('S')];
const quotes = [
  quote('C', { volatility: 0.25 }),
  quote('P', { price: '4.6' }),
  quote('F', { price: '100' }),
  quote('S', { price: '100' }),
];
const accountWith = (
  positions: Parameters<typeof portfolioOf>[0],
  cash: string,
  methodology: 'TIMS' | 'SPAN' | 'CRYPTO_PM' = 'TIMS',
) =>
  preparedAccount({
    portfolio: portfolioOf(positions, { methodology, cash: [cashOf(cash)] }),
    snapshot: snapshotOf({ quotes }),
  });
const levelsOf = (...given: Parameters<typeof accountWith>) => {
  const [levels] = findLiquidationLevels(accountWith(...given));
  if (levels === undefined) throw new Error('no underlying');
  return levels;
};

describe('findLiquidationLevels', () => {
  it('of shares pledged under another name: they fall with their underlying', () => {
    const pledged = { asset: 'US0000000001', underlying: 'U', quantity: new Decimal(100), price: new Decimal(100) };
    const account = (collateral: readonly CollateralHolding[]) =>
      preparedAccount({
        portfolio: {
          ...portfolioOf([position(contract, 1)], { methodology: 'TIMS', cash: [cashOf('-5000')] }),
          collateral,
        },
        snapshot: snapshotOf({ quotes }),
      });
    // 100 S − 5,000 + 100 (S − 100) = 15 S: S = 15,000/185.
    const [levels] = findLiquidationLevels(account([pledged]));
    expect(levels?.lower?.price?.toNumber()).toBeCloseTo(15000 / 185, 6);
    const [fixed] = findLiquidationLevels(account([{ ...pledged, underlying: 'NOBODY' }]));
    expect(fixed?.lower?.price?.toNumber()).not.toBeCloseTo(15000 / 185, 1);
  });

  it('of one long future with 4,000: 4,000 + 100 (S − 100) = 15 % of 100 S at S = 6,000/85', () => {
    const { lower, upper, points } = levelsOf([position(contract, 1)], '4000');
    expect(lower?.price?.toNumber()).toBeCloseTo(6000 / 85, 10);
    expect(lower).toMatchObject({ shortfall: 'BELOW', jump: false });
    expect(upper).toBeNull();
    expect(points).toHaveLength(1);
  });

  it('of one short future with 4,000: 4,000 − 100 (S − 100) = 15 S at S = 14,000/115', () => {
    const { lower, upper } = levelsOf([position(contract, -1)], '4000');
    expect(lower).toBeNull();
    expect(upper?.price?.toNumber()).toBeCloseTo(14000 / 115, 10);
    expect(upper?.shortfall).toBe('ABOVE');
  });

  it('of 100 shares on margin of 8,000: 100 S − 8,000 = 15 S at S = 8,000/85', () => {
    expect(levelsOf([position(stock, 100)], '-8000').lower?.price?.toNumber()).toBeCloseTo(8000 / 85, 10);
  });

  it('has both sides for a short straddle, and none for a long one that is paid', () => {
    const { lower, upper } = levelsOf([position(call, -1), position(put, -1)], '5000');
    expect(lower?.move).toBeGreaterThan(-0.5);
    expect(upper?.move).toBeLessThan(0.5);
    expect([lower?.shortfall, upper?.shortfall]).toEqual(['BELOW', 'ABOVE']);
    expect(levelsOf([position(call, 1), position(put, 1)], '100')).toMatchObject({
      lower: null,
      upper: null,
      points: [],
    });
  });

  it('shows where an account in shortfall would be covered again', () => {
    const { upper, lower } = levelsOf([position(contract, 1)], '1000');
    expect(lower).toBeNull();
    expect(upper).toMatchObject({ shortfall: 'BELOW' });
    expect(upper?.price?.toNumber()).toBeCloseTo(9000 / 85, 10);
  });

  it.each(['TIMS', 'SPAN', 'CRYPTO_PM'] as const)(
    'under %s a what-if at a level leaves a buffer of 0 within 3 cents',
    (methodology) => {
      const quantity = fc.integer({ min: -6, max: 6 });
      let found = 0;
      fc.assert(
        fc.property(quantity, quantity, quantity, fc.integer({ min: 0, max: 40000 }), (calls, puts, futures, cash) => {
          const account = accountWith(
            [position(call, calls), position(put, puts), position(contract, futures)],
            String(cash),
            methodology,
          );
          for (const { points } of findLiquidationLevels(account))
            for (const { move, jump } of points) {
              if (jump || move === -1) continue;
              const { after } = computeWhatIf(account, { trades: [], cash: [], shift: { spot: move } });
              expect(Math.abs(after.assessment.buffer?.amount.toNumber() ?? NaN)).toBeLessThanOrEqual(0.03);
              found += 1;
            }
        }),
        { numRuns: 12, seed: 11 },
      );
      expect(found).toBeGreaterThan(5);
    },
  );

  it('moves one underlying and leaves the other, in the order of their names', () => {
    const snapshot = snapshotOf({ underlyings: [underlyingQuote('V', '50'), underlyingQuote('U', '100')], quotes });
    const portfolio = portfolioOf([position(contract, 1), position(future('G', { underlying: 'V' }), -1)], {
      methodology: 'TIMS',
      cash: [cashOf('4000')],
    });
    const levels = findLiquidationLevels(preparedAccount({ portfolio, snapshot }));
    expect(levels.map(({ underlyingId }) => underlyingId)).toEqual(['U', 'V']);
    // U: 4,000 + 100 (S − 100) = 15 S + 750; V: 4,000 − 100 (S − 50) = 1,500 + 15 S
    expect(levels[0]?.lower?.price?.toNumber()).toBeCloseTo(6750 / 85, 9);
    expect(levels[1]?.upper?.price?.toNumber()).toBeCloseTo(7500 / 115, 9);
  });

  it('follows an underlying that can trade below 0: 4,000 + 100 (S − 10) = 100 · 10 % of |S|', () => {
    const snapshot = snapshotOf({
      underlyings: [underlyingQuote('U', '10', { kind: 'future' })],
      quotes: [quote('F', { price: '10' })],
    });
    const portfolio = portfolioOf([position(contract, 1)], { methodology: 'SPAN', cash: [cashOf('1500')] });
    const parameters = { default: { priceScanRange: { fraction: 0.1 }, extremeMultiplier: 1, coverFraction: 1 } };
    const [levels] = findLiquidationLevels(preparedAccount({ portfolio, snapshot, parameters }));
    expect(levels?.from).toBe(-2);
    // below 0 the scan is 10 % of |S|: 1,500 + 100 (S − 10) = −10 S
    expect(levels?.lower?.price?.toNumber()).toBeCloseTo(-500 / 110, 9);
  });

  it('has nothing to say about an account that cannot be valued', () => {
    expect(findLiquidationLevels(accountWith([position(option('X'), 1)], '1'))).toEqual([]);
  });
});

describe('findMarketLevels', () => {
  const snapshot = snapshotOf({ underlyings: [underlyingQuote('U', '100'), underlyingQuote('V', '50')], quotes });
  const portfolio = portfolioOf([position(stock, 100), position(share('T', { underlying: 'V' }), 200)], {
    methodology: 'TIMS',
    cash: [cashOf('-15000')],
  });
  const account = preparedAccount({ portfolio, snapshot });

  it('moves all underlyings by their beta: 0.85 (10,000 (1 + m) + 10,000 (1 + 2 m)) = 15,000', () => {
    expect(findMarketLevels(account, { V: 2 }).lower?.move).toBeCloseTo((15000 / 8500 - 2) / 3, 10);
    expect(findMarketLevels(account).lower?.move).toBeCloseTo(15000 / 17000 - 1, 10);
    expect(findMarketLevels(account, { V: 2 }).from).toBe(-0.5);
  });

  it('refuses a beta that is no number, or of an underlying that is none', () => {
    expect(() => findMarketLevels(account, { V: NaN })).toThrow(expect.objectContaining({ field: 'betas.V' }));
    expect(() => findMarketLevels(account, { V: 2, W: 2 })).toThrow('betas: W is no underlying');
  });
});

describe('findVolatilityLevels', () => {
  it('finds the rise of volatility that exhausts a short straddle', () => {
    const account = accountWith([position(call, -2), position(put, -2)], '6000');
    const { upper } = findVolatilityLevels(account);
    expect(upper?.shortfall).toBe('ABOVE');
    const { after } = computeWhatIf(account, { trades: [], cash: [], shift: { volatility: upper?.move ?? NaN } });
    expect(Math.abs(after.assessment.buffer?.amount.toNumber() ?? NaN)).toBeLessThanOrEqual(0.03);
  });

  it('finds none for a book without options', () => {
    expect(findVolatilityLevels(accountWith([position(contract, 1)], '4000')).points).toEqual([]);
  });
});
