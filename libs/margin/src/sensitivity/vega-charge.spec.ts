import { asOf } from '../../../../test/support/portfolio-builder';
import { sensitivityParameterFile } from '../../../../test/support/sensitivity-parameters';
import { parseSensitivityParameters } from './parse-sensitivity-parameters';
import { computeVegaCharge, impliedVolatilityOfWeight } from './vega-charge';

const parameters = parseSensitivityParameters(sensitivityParameterFile, asOf);

describe('impliedVolatilityOfWeight', () => {
  it('reads the risk weight as a 99 % move over the horizon', () => {
    // 24 · √(365/14) / 2.3263478740408408
    expect(impliedVolatilityOfWeight(24, 14)).toBeCloseTo(52.6767, 3);
    expect(impliedVolatilityOfWeight(24, 1.4)).toBeCloseTo(52.676712 * Math.sqrt(10), 2);
  });
});

describe('computeVegaCharge', () => {
  const charge = (vegas: readonly { days: number; amount: number }[]) =>
    computeVegaCharge(
      { productClass: 'Equity', buckets: [{ bucket: '2', names: [{ qualifier: 'A', delta: 0, vegas }] }] },
      parameters,
    ).total;
  const volatility = impliedVolatilityOfWeight(31, 14);

  it('sums the tenors and weights them', () => {
    expect(charge([{ days: 30, amount: 1e5 }, { days: 365, amount: -3e5 }])).toBeCloseTo(0.5 * 0.6 * volatility * 2e5, 4); // prettier-ignore
  });

  it('holds the concentration threshold against the vega risk, not the vega', () => {
    const vegaRisk = 0.6 * volatility * 1e8;
    expect(charge([{ days: 30, amount: 1e8 }]) / (0.5 * vegaRisk * Math.sqrt(vegaRisk / 2e8))).toBeCloseTo(1, 12);
  });

  it('is 0 without vegas', () => {
    expect(charge([])).toBe(0);
  });
});
