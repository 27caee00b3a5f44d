import { requirementsByTool } from './procyclicality-tool';

const terms = { bufferShare: 0.25, stressRatio: 1.5, stressedWeight: 0.25 };
const figures = { present: 100, longRun: 120, stressed: 200, volatilityRatio: 1 };

describe('requirementsByTool', () => {
  it('in calm times holds the buffer, a quarter of the stressed requirement, and the floor', () => {
    expect(requirementsByTool(figures, terms)).toEqual({ NONE: 100, BUFFER: 125, STRESSED_WEIGHT: 125, FLOOR: 120 });
  });

  it('in stress draws the buffer from the ratio on, and a floor below it does not bind', () => {
    const stress = { ...figures, present: 300 };
    expect(requirementsByTool({ ...stress, volatilityRatio: 1.5 }, terms)).toEqual({
      NONE: 300,
      BUFFER: 300,
      STRESSED_WEIGHT: 275,
      FLOOR: 300,
    });
    expect(requirementsByTool({ ...stress, volatilityRatio: 1.499 }, terms).BUFFER).toBe(375);
  });
});
