import { Decimal } from '@ballast/domain';
import { prepareNormalModel } from '@ballast/margin';
import fc from 'fast-check';
import { cashOf, preparedAccount } from '../../../../test/support/account-builder';
import {
  asOf,
  future,
  option,
  portfolioOf,
  position,
  quote,
  share,
  snapshotOf,
  underlyingQuote,
} from '../../../../test/support/portfolio-builder';
import { finish } from '../risk/steps';
import { stressAccount } from './stress-account';
import { findStressScenarios, stressLibrary } from './stress-library';
import type { StressScenario } from './stress-scenario';

type Positions = Parameters<typeof portfolioOf>[0];
const stock = share('S');
const [call, put] = [option('C'), option('P', { right: 'put' })];
const shares = (positions: Positions, cash: string, methodology: 'TIMS' | 'SPAN' | 'CRYPTO_PM' = 'TIMS') =>
  preparedAccount({
    portfolio: portfolioOf(positions, { methodology, cash: [cashOf(cash)] }),
    snapshot: snapshotOf({
      quotes: [quote('S', { price: '100' }), quote('C', { volatility: 0.25 }), quote('P', { volatility: 0.3 })],
    }),
  });
const oilParameters = { default: { priceScanRange: { amount: 5000 }, volatilityScanRange: 0.3, model: 'black76' } };
const contract = future('F', { underlying: 'CL', multiplier: new Decimal(1000) });
const oilPut = option('CLP', {
  underlying: 'CL',
  right: 'put',
  strike: new Decimal(15),
  multiplier: new Decimal(1000),
});
const oil = (positions: Positions, methodology: 'TIMS' | 'SPAN' = 'SPAN') => {
  const parameters = methodology === 'SPAN' ? oilParameters : {};
  const normalModel = prepareNormalModel({ methodology, parameters, asOf });
  return preparedAccount({
    portfolio: portfolioOf(positions, { methodology, cash: [cashOf('100000')], listedInstruments: [contract] }),
    snapshot: snapshotOf({
      underlyings: [underlyingQuote('CL', '18.27', { kind: 'future' })],
      quotes: [quote('F', { price: '18.27' }), quote('CLP', { volatility: 0.9 })],
    }),
    parameters,
    ...(normalModel === undefined ? {} : { rules: { normalModel } }),
  });
};
const only = (state: ReturnType<typeof shares>, scenario: StressScenario) => {
  const [outcome] = finish(stressAccount(state, { scenarios: [scenario] })).outcomes;
  if (outcome === undefined) throw new Error('no outcome');
  return outcome;
};
const named = (name: string) => findStressScenarios([name])[0] as StressScenario;
const custom = (changes: Partial<StressScenario>): StressScenario => ({
  name: 'custom',
  title: '',
  origin: 'CUSTOM',
  sources: [],
  ...changes,
});

describe('stressAccount', () => {
  it('of 100 shares on 5,000 of credit in 1987: 100 × 79.53 − 5,000 = 2,953, 15 % of 7,953 required', () => {
    const { figures, profit, bufferChange, uncoveredLoss, state } = only(
      shares([position(stock, 100)], '-5000'),
      named('1987-10-19'),
    );
    expect(state).toBe('VALUED');
    expect(figures?.assessment.equity?.amount.toFixed(2)).toBe('2953.00');
    expect(figures?.requirement.maintenanceRequirement?.amount.toFixed(2)).toBe('1192.95');
    expect(profit?.amount.toFixed(2)).toBe('-2047.00');
    expect(bufferChange?.amount.toFixed(2)).toBe('-1739.95');
    expect(figures?.assessment.status).toBe('HEALTHY');
    expect(uncoveredLoss?.amount.toFixed(2)).toBe('0.00');
  });

  it('says what the client would owe: 100 shares on 9,000 of credit owe 1,047', () => {
    const { uncoveredLoss, figures } = only(shares([position(stock, 100)], '-9000'), named('1987-10-19'));
    expect(uncoveredLoss?.amount.toFixed(2)).toBe('1047.00');
    expect(figures?.assessment.status).toBe('LIQUIDATION');
  });

  it('moves rates: a future carried at 0 % for 73 days gains 100 × (e^(0.01 × 0.2) − 1) × 100', () => {
    const account = preparedAccount({
      portfolio: portfolioOf([position(future('F'), 1)], { methodology: 'TIMS', cash: [cashOf('5000')] }),
      snapshot: snapshotOf({ quotes: [quote('F', { price: '100' })] }),
    });
    const { profit } = only(account, custom({ market: { rate: 0.01 } }));
    expect(profit?.amount.toNumber()).toBeCloseTo(10000 * (Math.E ** 0.002 - 1), 1);
  });

  it('takes a future below 0: one long WTI loses 55,900', () => {
    for (const methodology of ['SPAN', 'TIMS'] as const) {
      const { profit, moves, normalModel } = only(
        oil([position(contract, 1)], methodology),
        named('2020-04-20-negative-oil'),
      );
      expect([methodology, profit?.amount.toFixed(2)]).toEqual([methodology, '-55900.00']);
      expect(moves[0]?.stressedPrice.toFixed()).toBe('-37.63');
      expect(normalModel).toEqual([]);
    }
  });

  it('values an option below 0 by the normal model when the scenario switches it, and only then', () => {
    const scenario = named('2020-04-20-negative-oil');
    const account = oil([position(oilPut, -1)]);
    const { state, figures, profit, normalModel, reasons } = only(account, scenario);
    expect([state, reasons]).toEqual(['VALUED', []]);
    expect(normalModel).toEqual(['CL']);
    // The put is worth at least 15 + 37.63 and at most its normal time value more.
    expect(profit?.amount.toNumber()).toBeLessThan(-50_000);
    expect(profit?.amount.toNumber()).toBeGreaterThan(-53_000);
    expect(figures?.requirement.maintenanceRequirement?.amount.toNumber()).toBeGreaterThan(4_000);
    const refused = only(account, { ...scenario, negativePrices: 'REFUSE' });
    expect(refused).toMatchObject({ state: 'REFUSED', figures: null });
    expect(refused.reasons[0]).toContain('does not switch the model');
  });

  it('refuses an option below 0 under a methodology without a normal model, and a share below 0', () => {
    expect(only(oil([position(oilPut, -1)], 'TIMS'), named('negative-oil-level')).reasons[0]).toContain(
      'TIMS has no normal model',
    );
    const { state, reasons } = only(shares([position(stock, 1)], '0'), custom({ market: { spot: -1.5 } }));
    expect([state, reasons[0]]).toEqual(['REFUSED', expect.stringContaining('below −100 %')]);
  });

  it('finds nothing to offset in a flip: long 100 A and short 100 B lose 15 % of both', () => {
    const underlyings = [underlyingQuote('A', '100'), underlyingQuote('B', '100')];
    const legs = [share('A.S', { underlying: 'A' }), share('B.S', { underlying: 'B' })] as const;
    const account = preparedAccount({
      portfolio: portfolioOf([position(legs[0], 100), position(legs[1], -100)], {
        methodology: 'TIMS',
        cash: [cashOf('10000')],
      }),
      snapshot: snapshotOf({ underlyings, quotes: [quote('A.S', { price: '100' }), quote('B.S', { price: '100' })] }),
    });
    expect(only(account, named('correlation-flip')).profit?.amount.toFixed(2)).toBe('-3000.00');
    expect(only(account, named('1987-10-19')).profit?.amount.toFixed(2)).toBe('0.00');
  });

  it('states no figures for an account that cannot be valued, and goes on after a refusal', () => {
    const unpriced = preparedAccount({
      portfolio: portfolioOf([position(call, 1)], { methodology: 'TIMS' }),
      snapshot: snapshotOf({}),
    });
    expect(only(unpriced, named('2018-02-05'))).toMatchObject({ state: 'INDETERMINATE', figures: null, profit: null });
    const report = finish(
      stressAccount(shares([position(stock, 10)], '0'), {
        scenarios: [custom({ market: { spot: -3 } }), custom({ name: 'half', market: { spot: -0.5 } })],
      }),
    );
    expect(report.outcomes.map(({ state }) => state)).toEqual(['REFUSED', 'VALUED']);
    expect(report.largestLoss?.scenario.name).toBe('half');
  });

  it.each(['TIMS', 'SPAN', 'CRYPTO_PM'] as const)(
    'under %s a superset of scenarios never gives a smaller worst loss or a larger least buffer, and k × the book loses k ×',
    (methodology) => {
      const quantity = fc.integer({ min: -5, max: 5 });
      const subset = fc.subarray([...stressLibrary], { minLength: 1 });
      const property = fc.property(quantity, quantity, quantity, subset, (calls, puts, stocks, scenarios) => {
        const book = (k: number) =>
          shares(
            [position(call, calls * k), position(put, puts * k), position(stock, stocks * k)],
            String(20000 * k),
            methodology,
          );
        const part = finish(stressAccount(book(1), { scenarios }));
        const all = finish(stressAccount(book(1), { scenarios: stressLibrary }));
        const triple = finish(stressAccount(book(3), { scenarios }));
        const loss = (report: typeof part) => report.largestLoss?.profit?.amount.toNumber() ?? NaN;
        const least = (report: typeof part) =>
          report.smallestBuffer?.figures?.assessment.buffer?.amount.toNumber() ?? NaN;
        expect(loss(all)).toBeLessThanOrEqual(loss(part));
        expect(least(all)).toBeLessThanOrEqual(least(part));
        expect(Math.abs(loss(triple) - 3 * loss(part))).toBeLessThanOrEqual(0.1);
      });
      fc.assert(property, { numRuns: 6 });
    },
  );
});
