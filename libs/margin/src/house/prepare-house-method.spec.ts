import { option, portfolioOf, position, quote, snapshotOf } from '../../../../test/support/portfolio-builder';
import { prepareHouseMethod } from './prepare-house-method';

const portfolio = portfolioOf([position(option('C'), -3)]);
const snapshot = snapshotOf({ quotes: [quote('C', { volatility: 0.25 })] });
const { methodology, asOf } = portfolio;
const of = (parameters: unknown, account?: string) =>
  prepareHouseMethod({ methodology, parameters, asOf })({
    portfolio,
    snapshot,
    ...(account === undefined ? {} : { account: { account } }),
  }).model?.maintenanceRequirement ?? Number.NaN;
const rule = { id: 'r', effectiveFrom: '2000-01-01', kind: 'multiplier', multiplier: 1.5 };

describe('prepareHouseMethod', () => {
  const own = of({});

  it('lays the rules of the key `house` over the methodology', () => {
    expect(of({ house: [rule] })).toBeCloseTo(1.5 * own, 9);
    expect(of(undefined)).toBe(own);
    expect(of({ house: [] })).toBe(own);
  });

  it('chooses rules by account and by date', () => {
    const parameters = { house: [{ ...rule, account: 'A1' }] };
    expect([of(parameters), of(parameters, 'A2')]).toEqual([own, own]);
    expect(of(parameters, 'A1')).toBeCloseTo(1.5 * own, 9);
    expect(of({ house: [{ ...rule, effectiveFrom: '2099-01-01' }] })).toBe(own);
  });

  it('refuses what is no rule, by path', () => {
    expect(() => of({ house: [{ ...rule, multiplier: 0.5 }] })).toThrow('parameters.house[0].multiplier');
    expect(() => of({ hose: [] })).toThrow('hose');
    expect(() => of('x')).toThrow('expected an object');
  });
});
