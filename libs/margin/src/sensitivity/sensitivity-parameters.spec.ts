import { asOf } from '../../../../test/support/portfolio-builder';
import { sensitivityParameterFile } from '../../../../test/support/sensitivity-parameters';
import { parseSensitivityParameters } from './parse-sensitivity-parameters';
import { bucketCorrelation } from './sensitivity-parameters';

describe('bucketCorrelation', () => {
  const parameters = parseSensitivityParameters(sensitivityParameterFile, asOf);

  it('reads the matrix in the order of the buckets', () => {
    expect(bucketCorrelation(parameters, '1', '12')).toBe(0.22);
    expect(bucketCorrelation(parameters, '12', '2')).toBe(0.3);
  });

  it('is 0 with the residual bucket', () => {
    expect(bucketCorrelation(parameters, '1', 'Residual')).toBe(0);
  });
});
