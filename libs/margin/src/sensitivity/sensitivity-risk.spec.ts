import { asOf } from '../../../../test/support/portfolio-builder';
import { sensitivityParameterFile } from '../../../../test/support/sensitivity-parameters';
import { parseSensitivityParameters } from './parse-sensitivity-parameters';
import { computeSensitivityRisk } from './sensitivity-risk';

const parameters = parseSensitivityParameters(sensitivityParameterFile, asOf);
const row = (productClass: string, amountUsd: number) =>
  ({ productClass, riskType: 'Risk_Equity', qualifier: 'A', bucket: '1', tenor: '', amountUsd }) as const;

describe('computeSensitivityRisk', () => {
  it('adds product classes, which do not offset', () => {
    const risk = computeSensitivityRisk([row('Equity', 1e6), row('Credit', -1e6)], parameters);
    expect(risk.classes.map(({ productClass, total }) => [productClass, total])).toEqual([
      ['Credit', 24e6],
      ['Equity', 24e6],
    ]);
    expect(risk.total).toBe(48e6);
  });

  it('is 0 for nothing and for what cancels', () => {
    expect(computeSensitivityRisk([], parameters).total).toBe(0);
    expect(computeSensitivityRisk([row('Equity', 1e6), row('Equity', -1e6)], parameters).total).toBe(0);
  });
});
