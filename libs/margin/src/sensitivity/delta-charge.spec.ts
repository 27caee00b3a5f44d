import { asOf } from '../../../../test/support/portfolio-builder';
import { sensitivityParameterFile } from '../../../../test/support/sensitivity-parameters';
import { computeDeltaCharge, concentrationFactor } from './delta-charge';
import { parseSensitivityParameters } from './parse-sensitivity-parameters';

const parameters = parseSensitivityParameters(sensitivityParameterFile, asOf);
const name = (qualifier: string, delta: number) => ({ qualifier, delta, vegas: [] });

describe('concentrationFactor', () => {
  it.each([
    [12e6, 10e6, 1.0954451150103321],
    [-40e6, 10e6, 2],
    [9e6, 10e6, 1],
    [1e12, undefined, 1],
  ])('of %d against %p is %d', (sensitivity, threshold, expected) => {
    expect(concentrationFactor(sensitivity, threshold)).toBe(expected);
  });
});

describe('computeDeltaCharge', () => {
  it('weights one name by its risk weight', () => {
    const one = { productClass: 'Equity', buckets: [{ bucket: '1', names: [name('A', 2e6)] }] };
    expect(computeDeltaCharge(one, parameters).total).toBe(24 * 2e6);
  });

  it('charges a concentrated name more than in proportion', () => {
    const one = { productClass: 'Equity', buckets: [{ bucket: '1', names: [name('A', 12e6)] }] };
    expect(computeDeltaCharge(one, parameters).total).toBeCloseTo(24 * 12e6 * 2, 4);
  });

  it('adds names of the residual bucket without correlation', () => {
    const two = { productClass: 'Equity', buckets: [{ bucket: 'Residual', names: [name('A', 3e5), name('B', 4e5)] }] };
    expect(computeDeltaCharge(two, parameters).total).toBeCloseTo(36 * 5e5, 4);
  });

  it('is 0 where nothing has a delta', () => {
    const none = { productClass: 'Equity', buckets: [{ bucket: '1', names: [name('A', 0)] }] };
    expect(computeDeltaCharge(none, parameters)).toEqual({ total: 0, buckets: [] });
  });
});
