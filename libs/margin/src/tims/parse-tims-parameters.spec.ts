import { parseInstant } from '@ballast/domain';
import { asOf } from '../../../../test/support/portfolio-builder';
import { parseTimsParameters } from './parse-tims-parameters';
import { timsParameterSets } from './tims-parameter-sets';

describe('parseTimsParameters', () => {
  it('is the published set without overrides', () => {
    expect(parseTimsParameters(undefined, asOf)).toEqual(timsParameterSets[0]?.values);
    expect(parseTimsParameters({}, parseInstant('2007-02-23T21:00:00Z', 'asOf'))).toMatchObject({
      valuationPoints: 10,
      minimumPerContract: 0.375,
      model: 'binomial-crr',
      steps: 500,
    });
  });

  it('overrides single ranges and keeps the others', () => {
    const { ranges } = parseTimsParameters({ ranges: { equity: [-0.2, 0.25] } }, asOf);
    expect(ranges.equity).toEqual([-0.2, 0.25]);
    expect(ranges['high-cap-index']).toEqual([-0.08, 0.06]);
  });

  it('knows no set before customer portfolio margin existed', () => {
    expect(() => parseTimsParameters({}, parseInstant('2001-01-01T00:00:00Z', 'asOf'))).toThrow(
      expect.objectContaining({ code: 'PARAMETERS_MISSING' }),
    );
  });

  const group = { id: 'g', members: ['A', 'B'], offset: 0.9 };
  it.each([
    ['an unknown key', { range: 1 }, 'parameters.range'],
    ['an unknown kind', { ranges: { stock: [-0.1, 0.1] } }, 'parameters.ranges.stock'],
    ['a range on one side', { ranges: { equity: [0.1, 0.2] } }, 'parameters.ranges.equity'],
    ['three ends', { ranges: { equity: [-0.1, 0.1, 0.2] } }, 'parameters.ranges.equity'],
    ['a price move of −100 %', { ranges: { equity: [-1, 1] } }, 'parameters.ranges.equity'],
    ['an extreme move of −100 %', { extremeMove: 1 }, 'parameters.extremeMove'],
    ['no valuation points', { valuationPoints: 0 }, 'parameters.valuationPoints'],
    ['an odd number of points', { valuationPoints: 9 }, 'parameters.valuationPoints'],
    ['a negative minimum', { minimumPerContract: -1 }, 'parameters.minimumPerContract'],
    ['an unknown model', { model: 'bachelier' }, 'parameters.model'],
    ['no steps', { steps: 0 }, 'parameters.steps'],
    ['an offset above 1', { productGroups: [{ ...group, offset: 1.2 }] }, 'parameters.productGroups[0].offset'],
    ['a group without members', { productGroups: [{ ...group, members: [] }] }, 'parameters.productGroups[0].members'],
    ['a member of two groups', { productGroups: [group, { ...group, id: 'h' }] }, 'parameters.productGroups[1].members[0]'],
    ['an unknown key of a group', { portfolioGroups: [{ ...group, name: 'x' }] }, 'parameters.portfolioGroups[0].name'],
    ['an unknown key of the concentration test', { concentrationTest: { count: 3 } }, 'parameters.concentrationTest.count'],
  ])('refuses %s', (_, overrides, field) => {
    expect(() => parseTimsParameters(overrides, asOf)).toThrow(expect.objectContaining({ code: 'INVALID_PARAMETER', field }));
  }); // prettier-ignore
});
