import { asOf } from '../../../../test/support/portfolio-builder';
import { sensitivityParameterFile as file } from '../../../../test/support/sensitivity-parameters';
import { parseSensitivityParameters } from './parse-sensitivity-parameters';

const refusal = (code: string, field: string) => expect.objectContaining({ code, field });

describe('parseSensitivityParameters', () => {
  it('takes an operator file whole', () => {
    const parameters = parseSensitivityParameters(file, asOf);
    expect(parameters.buckets).toEqual(['1', '2', '12', 'Residual']);
    expect(parameters.vegaInput).toBe('vega');
    expect(parameters.curvatureExcludedBuckets).toEqual(['12']);
    expect(
      parseSensitivityParameters({ ...file, concentrationThresholds: null }, asOf).concentrationThresholds,
    ).toBeNull();
  });

  it('says which parameter is missing instead of guessing it', () => {
    expect(() => parseSensitivityParameters(undefined, asOf)).toThrow(
      refusal('PARAMETERS_MISSING', 'parameters.riskWeights'),
    );
    const { horizonDays: _, ...part } = file;
    expect(() => parseSensitivityParameters(part, asOf)).toThrow(
      refusal('PARAMETERS_MISSING', 'parameters.horizonDays'),
    );
  });

  it.each([
    ['an unknown key', { riskWeight: {} }, 'parameters.riskWeight'],
    ['a horizon of 0', { horizonDays: 0 }, 'parameters.horizonDays'],
    ['a negative risk weight', { riskWeights: { ...file.riskWeights, '1': -1 } }, 'parameters.riskWeights.1'],
    ['an unknown bucket', { vegaRiskWeights: { ...file.vegaRiskWeights, '7': 1 } }, 'parameters.vegaRiskWeights.7'],
    ['an absent bucket', { vegaRiskWeights: { '1': 0.4 } }, 'parameters.vegaRiskWeights.2'],
    ['no residual bucket', { riskWeights: { '1': 1 } }, 'parameters.riskWeights'],
    ['a correlation above 1', { intraBucketCorrelations: { ...file.intraBucketCorrelations, '1': 1.1 } }, 'parameters.intraBucketCorrelations.1'],
    ['a negative correlation within a bucket', { intraBucketCorrelations: { ...file.intraBucketCorrelations, '1': -0.1 } }, 'parameters.intraBucketCorrelations.1'],
    ['a matrix of the wrong size', { bucketCorrelations: [[null]] }, 'parameters.bucketCorrelations[0]'],
    ['an asymmetric matrix', { bucketCorrelations: [[null, 0.1, 0], [0.2, null, 0], [0, 0, null]] }, 'parameters.bucketCorrelations[0][1]'],
    ['a matrix that is not positive semi-definite', { bucketCorrelations: [[null, 0.9, -0.9], [0.9, null, 0.9], [-0.9, 0.9, null]] }, 'parameters.bucketCorrelations'],
    ['an unknown vega input', { vegaInput: 'gamma' }, 'parameters.vegaInput'],
    ['a threshold of 0', { concentrationThresholds: { ...file.concentrationThresholds, delta: { ...file.concentrationThresholds.delta, '1': 0 } } }, 'parameters.concentrationThresholds.delta.1'],
  ])('refuses %s', (_, changes, field) => {
    expect(() => parseSensitivityParameters({ ...file, ...changes }, asOf)).toThrow(refusal('INVALID_PARAMETER', field));
  }); // prettier-ignore
});
