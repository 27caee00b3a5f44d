import { checkRiskQuestion, defaultRiskQuestion } from './risk-question';

describe('checkRiskQuestion', () => {
  it('accepts the defaults', () => {
    expect(() => checkRiskQuestion(defaultRiskQuestion)).not.toThrow();
  });

  it.each([
    [{ confidence: 1 }, 'confidence: expected a number from 0.5 to 0.9999, got 1'],
    [{ horizonDays: 1.5 }, 'horizonDays: expected a whole number from 1 to 250, got 1.5'],
    [{ paths: 1000 }, 'paths: expected a power of two, got 1000'],
    [{ decay: NaN }, 'decay'],
    [{ seed: -1 }, 'seed'],
  ])('refuses %j', (change, message) => {
    expect(() => checkRiskQuestion({ ...defaultRiskQuestion, ...change })).toThrow(message);
  });
});
