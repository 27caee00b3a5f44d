import { Decimal, type MarketSnapshot } from '@ballast/domain';
import {
  asOf,
  daysLater,
  future,
  option,
  portfolioOf,
  position,
  quote,
  snapshotOf,
  underlyingQuote,
} from '../../../../test/support/portfolio-builder';
import type { PortfolioPosition } from '../portfolio';
import { parseSpanParameters } from './parse-span-parameters';
import { chooseSpanModel, computeSpanRequirement } from './span-method';

const compute = (rows: readonly PortfolioPosition[], snapshot: MarketSnapshot, parameters: unknown = {}) =>
  computeSpanRequirement({ portfolio: portfolioOf(rows), snapshot, parameters: parseSpanParameters(parameters, asOf) });

describe('computeSpanRequirement', () => {
  const thyao = snapshotOf({
    underlyings: [underlyingQuote('U', '301.50', { rate: 0.35 })],
    quotes: [quote('C', { volatility: 0.3021 })],
  });
  const call = option('C', { strike: new Decimal(280), expiry: daysLater(0.1096 * 365) });

  it('reproduces the THYAO example: scan 3,901.04 in scenario 11 above the minimum of 1,640, option value 3,390.37', () => {
    const result = compute([position(call, -1)], thyao, {
      default: { coverFraction: 0.32, shortOptionMinimum: { rate: 1640 } },
    });
    expect(result.maintenanceRequirement?.amount.toFixed(2)).toBe('3901.04');
    expect(result.netOptionValue?.amount.toFixed(2)).toBe('-3390.37');
    expect(result.worstScenario).toMatchObject({
      index: 11,
      group: 'U',
      label: 'underlying +13.4 %, volatility +28 %',
    });
    expect(result.model?.maintenanceRequirement).toBeCloseTo(3901.039329, 6);
    expect(
      result.breakdown.find(({ kind }) => kind === 'requirement-less-option-value')?.amount.amount.toFixed(2),
    ).toBe('7291.41');
  });

  it('lists sixteen rows per underlying, the loss of the position', () => {
    const { scenarios } = compute([position(call, -2)], thyao);
    expect(scenarios.map(({ index }) => index)).toEqual(Array.from({ length: 16 }, (_, index) => index + 1));
    expect(scenarios[10]?.loss).toBeCloseTo(2 * 3901.039329, 5);
  });

  it('contributes by the loss in the active scenario, and by removal', () => {
    const rows = [position(call, -1), position(future('F', { multiplier: new Decimal(100) }), 1)];
    const result = compute(rows, thyao);
    const active = (result.worstScenario?.index ?? 0) - 1;
    const alone = compute([position(call, -1)], thyao);
    const [short, long] = result.contributions;
    expect(short?.euler).toBeCloseTo(alone.scenarios[active]?.loss ?? NaN, 8);
    expect((short?.euler ?? NaN) + (long?.euler ?? NaN)).toBe(result.model?.maintenanceRequirement);
    expect(long?.increment).toBeCloseTo(
      (result.model?.maintenanceRequirement ?? NaN) - (alone.model?.maintenanceRequirement ?? NaN),
      8,
    );
  });

  it('adds contributions up where charges and minimums bind', () => {
    const legs = [
      { from: '2026-01', to: '2026-02', side: 'A' },
      { from: '2026-03', to: '2026-12', side: 'B' },
    ];
    const rows = [
      position(future('F1', { expiry: daysLater(20) }), 3),
      position(future('F2', { expiry: daysLater(100) }), -2),
      position(call, -1),
    ];
    const result = compute(rows, thyao, {
      U: { calendarSpreads: [{ rate: 50, legs }], shortOptionMinimum: { rate: 99_999 } },
    });
    const sum = result.contributions.reduce((total, { euler }) => total + euler, 0);
    expect(sum).toBe(result.model?.maintenanceRequirement);
    expect(result.model?.maintenanceRequirement).toBeCloseTo(99_999, 6);
  });

  it('scans the target of a scanning spread and leaves the moved legs out of the worst scenario', () => {
    const snapshot = snapshotOf({ underlyings: [underlyingQuote('HH', '3'), underlyingQuote('HP', '3')] });
    const on = (underlying: string) => future(underlying, { underlying, multiplier: new Decimal(10_000) });
    const spread = {
      rate: 0.98,
      method: 'scanning',
      target: 'NG',
      legs: [
        { underlying: 'HH', side: 'A' },
        { underlying: 'HP', side: 'B' },
      ],
    };
    const result = compute([position(on('HH'), 1), position(on('HP'), -1)], snapshot, {
      HH: { priceScanRange: { amount: 2500 } },
      HP: { priceScanRange: { amount: 2500 } },
      intercommodity: [spread],
    });
    expect(result.model?.maintenanceRequirement).toBeCloseTo(2500 - 0.98 * 2500, 9);
    expect(result.worstScenario?.group).toBe('NG');
    expect(result.scenarios).toHaveLength(48);
    expect(result.scenarios.find(({ group, index }) => group === 'HH' && index === 13)?.loss).toBeCloseTo(2500, 9);
  });

  it('lets a leg that is the target of its own scanning spread bind', () => {
    const snapshot = snapshotOf({ underlyings: [underlyingQuote('B30', '110'), underlyingQuote('B10', '110')] });
    const on = (underlying: string) => future(underlying, { underlying, multiplier: new Decimal(1_000) });
    const spread = {
      rate: 0.7,
      method: 'scanning',
      target: 'B30',
      legs: [
        { underlying: 'B30', ratio: 2, side: 'A' },
        { underlying: 'B10', ratio: 3, side: 'B' },
      ],
    };
    const result = compute([position(on('B30'), 2), position(on('B10'), -3)], snapshot, {
      B30: { priceScanRange: { amount: 3100 }, arrayRounding: 'unit' },
      B10: { priceScanRange: { amount: 1600 }, arrayRounding: 'unit' },
      intercommodity: [spread],
    });
    expect(result.worstScenario).toMatchObject({ group: 'B30', index: 13, loss: 2840 });
  });

  it('is indeterminate when one option of many cannot be valued', () => {
    const result = compute([position(call, -1), position(option('X'), 1)], thyao);
    expect(result).toMatchObject({
      quality: 'INDETERMINATE',
      qualityReasons: ['X: neither price nor volatility'],
      model: null,
    });
  });

  it('refuses a scan that takes the underlying below 0', () => {
    expect(() => compute([position(call, -1)], thyao, { default: { priceScanRange: { fraction: 0.34 } } })).toThrow(
      'below −100 %',
    );
  });
});

describe('chooseSpanModel', () => {
  const parameters = parseSpanParameters({ X: { model: 'bachelier' } }, asOf);
  const future_ = underlyingQuote('F', '1', { kind: 'future' });
  const spot = underlyingQuote('U', '1');

  it('follows the commodity, then the exercise style and the kind of underlying', () => {
    expect(chooseSpanModel(option('C', { underlying: 'X' }), spot, parameters)).toEqual({ model: 'bachelier' });
    expect(chooseSpanModel(option('C', { exercise: 'american' }), spot, parameters)).toEqual({ model: 'american-baw' });
    expect(chooseSpanModel(option('C'), spot, parameters)).toEqual({ model: 'black-scholes' });
    expect(chooseSpanModel(option('C'), future_, parameters)).toEqual({ model: 'black76' });
  });
});
