import { parseInstant } from '@ballast/domain';
import { sizingParameterSets, sizingParametersAt } from './sizing-parameter-sets';

describe('sizingParametersAt', () => {
  it('is the latest set that is in force, its tiers ascending', () => {
    const found = sizingParametersAt(parseInstant('2026-01-05T12:00:00Z', 'asOf'));
    expect(found).toBe(sizingParameterSets[sizingParameterSets.length - 1]);
    const starts = found.leverageTiers.map(({ from }) => from);
    expect(starts).toEqual([...starts].sort((left, right) => left - right));
    expect(found.procyclicalityBuffer).toBe(0.25);
  });
});
