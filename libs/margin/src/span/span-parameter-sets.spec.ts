import { parseInstant } from '@ballast/domain';
import { selectParameterSet } from '../parameter-set';
import { spanParameterSets } from './span-parameter-sets';

describe('the published SPAN-style sets', () => {
  const { scenarios, commodity } = selectParameterSet(
    spanParameterSets,
    parseInstant('2007-02-23T21:00:00Z', 'asOf'),
  ).values;

  it('hold sixteen scenarios, each paired with the one of opposite volatility', () => {
    expect(scenarios.map(({ index }) => index)).toEqual(Array.from({ length: 16 }, (_, index) => index + 1));
    for (const scenario of scenarios) {
      const paired = scenarios[scenario.pairedIndex - 1];
      expect(paired?.moveThirds).toBe(scenario.moveThirds);
      expect(paired?.volatilityDirection).toBe(scenario.volatilityDirection === 0 ? 0 : -scenario.volatilityDirection);
    }
  });

  it('mirror every price move, extremes with unshifted volatility', () => {
    const moves = (direction: 1 | -1) => scenarios.filter(({ moveThirds }) => Math.sign(moveThirds) === direction);
    expect(moves(1).map(({ moveThirds }) => moveThirds)).toEqual(moves(-1).map(({ moveThirds }) => -moveThirds));
    expect(
      scenarios.filter(({ extreme }) => extreme).map(({ index, volatilityDirection }) => [index, volatilityDirection]),
    ).toEqual([
      [15, 0],
      [16, 0],
    ]);
  });

  it('state the extreme pair 3 / 0.33 and no look-ahead as default', () => {
    expect(commodity).toMatchObject({
      extremeMultiplier: 3,
      coverFraction: 0.33,
      lookAheadDays: 0,
      arrayRounding: 'none',
      aggregation: 'cme',
    });
  });
});
