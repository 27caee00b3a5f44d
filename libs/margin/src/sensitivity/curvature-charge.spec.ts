import { asOf } from '../../../../test/support/portfolio-builder';
import { sensitivityParameterFile } from '../../../../test/support/sensitivity-parameters';
import { computeCurvatureCharge, curvatureMultiplier } from './curvature-charge';
import { parseSensitivityParameters } from './parse-sensitivity-parameters';
import { impliedVolatilityOfWeight } from './vega-charge';

const parameters = parseSensitivityParameters(sensitivityParameterFile, asOf);
const book = (bucket: string, ...amounts: readonly number[]) => ({
  productClass: 'Equity',
  buckets: [{ bucket, names: [{ qualifier: 'A', delta: 0, vegas: amounts.map((amount) => ({ days: 28, amount })) }] }],
});

describe('curvatureMultiplier', () => {
  it('is Φ⁻¹(0.995)² − 1 for long curvature and 1 for wholly short curvature', () => {
    expect(curvatureMultiplier(0)).toBeCloseTo(5.634897, 6);
    expect(curvatureMultiplier(-1)).toBe(1);
  });
});

describe('computeCurvatureCharge', () => {
  const volatility = impliedVolatilityOfWeight(24, 14);

  it('charges long curvature (1 + λ) times: half the horizon fraction of σ · vega', () => {
    const own = 0.5 * 0.5 * volatility * 1e5;
    expect(computeCurvatureCharge(book('1', 1e5), parameters).total).toBeCloseTo(own * (1 + curvatureMultiplier(0)), 4);
  });

  it('charges nothing for wholly short curvature of one name', () => {
    expect(computeCurvatureCharge(book('1', -1e5), parameters).total).toBe(0);
  });

  it('counts at most the whole horizon', () => {
    const short = { ...book('1', 1e5) };
    const near = {
      ...short,
      buckets: [{ bucket: '1', names: [{ qualifier: 'A', delta: 0, vegas: [{ days: 7, amount: 1e5 }] }] }],
    };
    expect(computeCurvatureCharge(near, parameters).total).toBeCloseTo(
      2 * computeCurvatureCharge(short, parameters).total,
      4,
    );
  });

  it('leaves volatility indices out', () => {
    expect(computeCurvatureCharge(book('12', 1e5), parameters)).toEqual({ total: 0, buckets: [] });
  });

  it('charges the residual bucket on its own', () => {
    const both = { productClass: 'Equity', buckets: [...book('1', 1e5).buckets, ...book('Residual', 1e5).buckets] };
    const alone = (bucket: string) => computeCurvatureCharge(book(bucket, 1e5), parameters).total;
    expect(computeCurvatureCharge(both, parameters).total).toBeCloseTo(alone('1') + alone('Residual'), 4);
  });
});
