import { parseInstant } from '@ballast/domain';
import { selectParameterSet } from '../parameter-set';
import { timsParameterSets } from './tims-parameter-sets';

describe('published sets of TIMS', () => {
  it('were in force when the published strategy table was made', () => {
    const { id, values } = selectParameterSet(timsParameterSets, parseInstant('2007-02-23T21:00:00Z', 'asOf'));
    expect(id).toBe('tims-customer-portfolio-margin');
    expect(values.ranges['high-cap-index']).toEqual([-0.08, 0.06]);
    expect(values.minimumPerContract * 100).toBe(37.5);
  });

  it('name their source and keep every range on both sides of zero', () => {
    for (const { source, values } of timsParameterSets) {
      expect(source).toMatch(/FINRA rule 4210\(g\)/);
      for (const [lower, upper] of Object.values(values.ranges)) expect(lower < 0 && upper > 0).toBe(true);
    }
  });
});
