import { scenarioLabel } from './scenario-label';
import { spanParameterSets } from './span-parameter-sets';

const { scenarios, commodity } = spanParameterSets[0]!.values;
const label = (index: number, changes: Partial<typeof commodity> = {}, spot: number | null = 100) =>
  scenarioLabel({
    scenario: scenarios[index - 1]!,
    range: { priceMove: 15, volatilityRange: 0.28 },
    parameters: { ...commodity, ...changes },
    spot,
  });

describe('scenarioLabel', () => {
  it('says the scenario in words', () => {
    expect(label(1)).toBe('underlying unchanged, volatility +28 %');
    expect(label(13)).toBe('underlying −15 %, volatility +28 %');
    expect(label(4)).toBe('underlying +5 %, volatility −28 %');
    expect(label(4, { volatilityShift: 'additive' })).toBe('underlying +5 %, volatility −28 points');
    expect(label(16)).toBe('underlying −45 %, 33 % of the loss counts');
    expect(label(13, {}, null)).toBe('underlying −15, volatility +28 %');
  });
});
