import { Decimal } from '@ballast/domain';
import {
  asOf,
  daysLater,
  option,
  portfolioOf,
  position,
  quote,
  share,
  snapshotOf,
  underlyingQuote,
} from '../../../../test/support/portfolio-builder';
import { valueScenariosPlainly } from '../option-value';
import type { PortfolioPosition } from '../portfolio';
import { chooseTimsModel, timsMethod } from './tims-method';

const snapshot = snapshotOf({
  underlyings: [underlyingQuote('U', '100'), underlyingQuote('V', '50', { kind: 'other' })],
  quotes: [quote('C', { volatility: 0.25 }), quote('P', { price: '4.2' }), quote('W', { volatility: 0.4 }), quote('U', { price: '100' })], // prettier-ignore
});
const put = option('P', { right: 'put', strike: new Decimal(98) });
const other = option('W', { underlying: 'V', strike: new Decimal(55) });
const compute = (positions: readonly PortfolioPosition[], overrides: unknown = {}) =>
  timsMethod.computeRequirement({
    portfolio: portfolioOf(positions, { methodology: 'TIMS' }),
    snapshot,
    parameters: timsMethod.parseParameters(overrides, asOf),
  });

describe('chooseTimsModel', () => {
  it('prices European options by Black-Scholes whatever the model', () => {
    const parameters = timsMethod.parseParameters({ steps: 99 }, asOf);
    expect(chooseTimsModel(option('C'), parameters)).toEqual({ model: 'black-scholes' });
    expect(chooseTimsModel(option('C', { exercise: 'american' }), parameters)).toEqual({
      model: 'binomial-crr',
      steps: 99,
    });
  });
});

describe('timsMethod', () => {
  const book = [position(option('C'), -10), position(put, -10), position(share('U'), 300), position(other, -5)];

  it('lists ten rows per class with the move, and binds at the largest loss', () => {
    const result = compute(book);
    expect(result.scenarios.map(({ group }) => group)).toEqual([
      ...new Array(10).fill('U'),
      ...new Array(10).fill('V'),
    ]);
    expect(result.scenarios.slice(0, 10).map(({ label }) => label)).toEqual([
      '−15 %', '−12 %', '−9 %', '−6 %', '−3 %', '+3 %', '+6 %', '+9 %', '+12 %', '+15 %',
    ]); // prettier-ignore
    expect(result.worstScenario?.loss).toBe(Math.max(...result.scenarios.map(({ loss }) => loss)));
    const worst = (group: string) => Math.max(...result.scenarios.filter((row) => row.group === group).map(({ loss }) => loss)); // prettier-ignore
    expect(result.model?.maintenanceRequirement).toBeCloseTo(worst('U') + worst('V'), 9);
    expect(result.initialRequirement).toEqual(result.maintenanceRequirement);
  });

  it('adds rows of product and portfolio groups', () => {
    const result = compute(book, {
      productGroups: [{ id: 'g', members: ['U'], offset: 1 }],
      portfolioGroups: [{ id: 'p', members: ['g', 'V'], offset: 0.5 }],
    });
    expect([...new Set(result.scenarios.map(({ group }) => group))]).toEqual(['U', 'V', 'g', 'p']);
    expect(result.worstScenario?.group).toBe('p');
    expect(result.scenarios.at(-1)?.label).toBe('point 10 of 10');
  });

  it('shares the requirement among the positions', () => {
    const result = compute(book);
    const euler = result.contributions.reduce((sum, contribution) => sum + contribution.euler, 0);
    expect(euler).toBe(result.model?.maintenanceRequirement);
    expect(result.contributions.map(({ instrumentId }) => instrumentId)).toEqual(['C', 'P', 'U', 'W']);
  });

  it('asks the minimum of a long option that cannot lose it', () => {
    const far = option('W', { underlying: 'V', strike: new Decimal(500) });
    expect(compute([position(far, 3)]).maintenanceRequirement?.amount.toFixed(2)).toBe('112.50');
  });

  it('values by Greeks on request and states the error', () => {
    expect(compute(book, { valuation: 'delta-gamma-vega' }).warnings[0]).toMatch(/differs from full revaluation by/);
  });

  it('values by Greeks also where a valuation function is handed in, and measures against it', () => {
    const result = timsMethod.computeRequirement({
      portfolio: portfolioOf(book, { methodology: 'TIMS' }),
      snapshot,
      parameters: timsMethod.parseParameters({ valuation: 'delta-gamma-vega' }, asOf),
      valueScenarios: valueScenariosPlainly,
    });
    expect(result).toEqual(compute(book, { valuation: 'delta-gamma-vega' }));
  });

  it('is indeterminate without price and volatility, and empty without positions', () => {
    const result = compute([position(option('X'), 1), position(share('U'), 1)]);
    expect([result.quality, result.qualityReasons]).toEqual(['INDETERMINATE', ['X: neither price nor volatility']]);
    expect(compute([]).maintenanceRequirement?.amount.toFixed()).toBe('0');
  });

  it('refuses an expired contract and an unknown underlying', () => {
    const expired = option('C', { expiry: daysLater(-1) });
    expect(() => compute([position(expired, 1)])).toThrow(expect.objectContaining({ code: 'INSTRUMENT_EXPIRED' }));
    const unknown = option('C', { underlying: 'Z' });
    expect(() => compute([position(unknown, 1)])).toThrow(expect.objectContaining({ code: 'INSTRUMENT_UNKNOWN' }));
  });
});
