import { Decimal } from '@ballast/domain';
import {
  asOf,
  option,
  portfolioOf,
  position,
  quote,
  snapshotOf,
  underlyingQuote,
} from '../../../../test/support/portfolio-builder';
import { sensitivityParameterFile } from '../../../../test/support/sensitivity-parameters';
import type { Sensitivity } from '../portfolio';
import { sensitivityMethod } from './sensitivity-method';

const parameters = sensitivityMethod.parseParameters(sensitivityParameterFile, asOf);
const row = (qualifier: string, bucket: string, amountUsd: number): Sensitivity => ({
  productClass: 'Equity',
  riskType: 'Risk_Equity',
  qualifier,
  bucket,
  tenor: '',
  amountUsd,
});
const compute = (sensitivities: readonly Sensitivity[], baseCurrency = 'USD') =>
  sensitivityMethod.computeRequirement({
    portfolio: portfolioOf([], { methodology: 'SENSITIVITY', baseCurrency, sensitivities }),
    snapshot: snapshotOf({ fx: [{ from: 'EUR', to: 'USD', rate: new Decimal('1.25') }] }),
    parameters,
  });

describe('sensitivityMethod', () => {
  it('states requirement, tree and shares of ready sensitivities', () => {
    const result = compute([row('A', '1', 1e6), row('B', '2', -5e5)]);
    expect(result.initialRequirement).toEqual(result.maintenanceRequirement);
    const kinds = result.breakdown.map(({ kind }) => kind).filter((kind) => kind !== 'rounding');
    expect(kinds).toEqual([
      'requirement', 'maintenance-requirement', 'product-class', 'delta', 'bucket', 'bucket', 'diversification', 'vega', 'curvature',
      'requirement-less-option-value', 'initial-requirement', 'net-option-value', 'diversified-requirement',
      'sum-of-positions', 'diversification',
    ]); // prettier-ignore
    const euler = result.contributions.reduce((sum, contribution) => sum + contribution.euler, 0);
    expect(euler).toBe(result.model?.maintenanceRequirement);
  });

  it('converts the result to the base currency', () => {
    const usd = compute([row('A', '1', 1e6)]).model?.maintenanceRequirement ?? NaN;
    expect(compute([row('A', '1', 1e6)], 'EUR').model?.maintenanceRequirement).toBeCloseTo(usd / 1.25, 6);
    expect(() => compute([row('A', '1', 1e6)], 'GBP')).toThrow(expect.objectContaining({ code: 'FX_MISSING' }));
  });

  it('is indeterminate where a held option has neither price nor volatility', () => {
    const result = sensitivityMethod.computeRequirement({
      portfolio: portfolioOf([position(option('C'), 1)]),
      snapshot: snapshotOf({}),
      parameters,
    });
    expect(result.quality).toBe('INDETERMINATE');
    expect(result.qualityReasons).toEqual(['C: neither price nor volatility']);
    expect(result.maintenanceRequirement).toBeNull();
  });

  it('warns where an underlying has no bucket', () => {
    const result = sensitivityMethod.computeRequirement({
      portfolio: portfolioOf([position(option('C'), 1)]),
      snapshot: snapshotOf({ underlyings: [underlyingQuote('U', '100')], quotes: [quote('C', { volatility: 0.2 })] }),
      parameters,
    });
    expect(result.warnings).toEqual(['U: no sensitivityBucket, charged in the residual bucket']);
    expect(result.model?.netOptionValue).toBeGreaterThan(0);
  });
});
