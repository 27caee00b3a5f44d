import { Decimal } from '@ballast/domain';
import {
  asOf,
  option,
  portfolioOf,
  position,
  quote,
  share,
  snapshotOf,
  underlyingQuote,
} from '../../../test/support/portfolio-builder';
import {
  approximateRequirement,
  computeInMode,
  measureGreeksApproximation,
  valuationInMode,
  valueScenariosByGreeks,
} from './greeks-approximation';
import type { OptionTerms } from './option-terms';
import { valueOption, valueScenariosPlainly } from './option-value';
import { shareContracts } from './shared-contracts';
import { spanMethod } from './span/span-method';
import { computeTimsRequirement, timsMethod } from './tims/tims-method';

const terms: OptionTerms = {
  model: 'black-scholes',
  steps: 0,
  right: 'call',
  strike: 100,
  rate: 0.03,
  dividendYield: 0.01,
  settlement: 'linear',
};

describe('valueScenariosByGreeks', () => {
  const expand = (own: OptionTerms, spots: number[], volatilities: number[], years = spots.map(() => 0.5)) =>
    valueScenariosByGreeks([
      {
        terms: own,
        spots: Float64Array.from(spots),
        yearsToExpiry: Float64Array.from(years),
        volatilities: Float64Array.from(volatilities),
      },
    ])[0] as Float64Array;
  const full = (own: OptionTerms, spot: number, volatility: number, years = 0.5) =>
    valueOption(own, { spot, volatility, yearsToExpiry: years });

  it('is exact at the state it expands around', () => {
    expect(expand(terms, [100, 100], [0.2, 0.2])[1]).toBe(full(terms, 100, 0.2));
  });

  it.each([['linear'], ['inverse']] as const)('errs by the third order of a price move, %s', (settlement) => {
    const own = { ...terms, settlement };
    const scale = settlement === 'linear' ? 1 : 100;
    const errorAt = (move: number) =>
      scale * Math.abs((expand(own, [100, 100 + move], [0.2, 0.2])[1] as number) - full(own, 100 + move, 0.2));
    expect(errorAt(1)).toBeLessThan(2e-3);
    expect(errorAt(2) / errorAt(1)).toBeGreaterThan(6);
    expect(errorAt(2) / errorAt(1)).toBeLessThan(10);
  });

  it('errs by the second order of volatility and time', () => {
    const volatilityError = (step: number) =>
      Math.abs((expand(terms, [100, 100], [0.2, 0.2 + step])[1] as number) - full(terms, 100, 0.2 + step));
    expect(volatilityError(0.01)).toBeLessThan(1e-3);
    const aged = expand(terms, [100, 100], [0.2, 0.2], [0.5, 0.5 - 1 / 365])[1] as number;
    expect(aged - full(terms, 100, 0.2, 0.5 - 1 / 365)).toBeCloseTo(0, 4);
    expect(aged).toBeLessThan(full(terms, 100, 0.2));
  });
});

describe('measureGreeksApproximation', () => {
  const snapshot = snapshotOf({
    underlyings: [underlyingQuote('U', '100')],
    quotes: [quote('C', { volatility: 0.25 }), quote('U', { price: '100' })],
  });
  const input = (positions: Parameters<typeof portfolioOf>[0]) => ({
    portfolio: portfolioOf(positions, { methodology: 'TIMS' as const }),
    snapshot,
    parameters: timsMethod.parseParameters({ model: 'black-scholes' }, asOf),
  });

  it('reports no error for shares', () => {
    const report = measureGreeksApproximation(computeTimsRequirement, input([position(share('U'), 100)]));
    expect([report.error, report.relativeError, report.largestScenarioError]).toEqual([0, 0, 0]);
  });

  it('reports requirement and largest scenario error for options', () => {
    const report = measureGreeksApproximation(computeTimsRequirement, input([position(option('C'), -10)]));
    const [full, approximate] = [report.full.model, report.approximate.model].map(
      (m) => m?.maintenanceRequirement ?? NaN,
    );
    expect(report.error).toBe((approximate ?? NaN) - (full ?? NaN));
    expect(Math.abs(report.relativeError ?? NaN)).toBeLessThan(0.2);
    expect(report.largestScenarioError).toBeGreaterThanOrEqual(Math.abs(report.error ?? NaN));
  });

  it('serves SPAN-style margin the same way', () => {
    const { portfolio } = input([position(option('C'), -10)]);
    const report = measureGreeksApproximation(spanMethod.computeRequirement, {
      portfolio,
      snapshot,
      parameters: spanMethod.parseParameters({}, asOf),
    });
    expect(report.full.scenarios).toHaveLength(16);
    expect(Math.abs(report.relativeError ?? NaN)).toBeGreaterThan(0);
    expect(Math.abs(report.relativeError ?? NaN)).toBeLessThan(0.6);
  });

  it('has no error to report where nothing can be valued', () => {
    const unquoted = option('X', { strike: new Decimal(90) });
    const report = measureGreeksApproximation(computeTimsRequirement, input([position(unquoted, 1)]));
    expect([report.error, report.largestScenarioError, report.full.quality]).toEqual([null, null, 'INDETERMINATE']);
    expect(approximateRequirement(computeTimsRequirement, input([position(unquoted, 1)])).quality).toBe(
      'INDETERMINATE',
    );
  });

  it('is stated as a warning in approximation mode', () => {
    const held = input([position(option('C'), -10)]);
    const result = approximateRequirement(computeTimsRequirement, held);
    const { error } = measureGreeksApproximation(computeTimsRequirement, held);
    expect(result.warnings.at(-1)).toContain(`differs from full revaluation by ${(error ?? NaN).toFixed(2)}`);
  });

  it('is taken where the parameters say so, and shares nothing with portfolios valued in full', () => {
    const held = input([position(option('C'), -10)]);
    const byGreeks = { ...held, parameters: { ...held.parameters, valuation: 'delta-gamma-vega' as const } };
    const compute = computeInMode(computeTimsRequirement);
    expect(compute(held).model).toEqual(computeTimsRequirement(held).model);
    expect(compute(byGreeks).model).toEqual(approximateRequirement(computeTimsRequirement, byGreeks).model);
    expect(compute(byGreeks).model).not.toEqual(compute(held).model);
    const shared = shareContracts();
    expect(valuationInMode({ ...held, shared })).toEqual({ valueScenarios: valueScenariosPlainly, shared });
    expect(valuationInMode({ ...byGreeks, shared })).toEqual({
      valueScenarios: valueScenariosByGreeks,
      shared: undefined,
    });
  });
});
