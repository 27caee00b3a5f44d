import { checkBreachQuestion, defaultBreachQuestion } from './breach-question';

describe('checkBreachQuestion', () => {
  it('accepts the defaults', () => {
    expect(() => checkBreachQuestion(defaultBreachQuestion)).not.toThrow();
  });

  it.each([
    [{ horizonDays: 0 }, 'horizonDays: expected a whole number from 1 to 250, got 0'],
    [{ steps: 2.5 }, 'steps'],
    [{ paths: 100 }, 'paths: expected a power of two, got 100'],
    [{ volatilities: { U: -0.1 } }, 'volatilities.U: expected a number from 0 to 20, got -0.1'],
  ])('refuses %j', (change, message) => {
    expect(() => checkBreachQuestion({ ...defaultBreachQuestion, ...change })).toThrow(message);
  });
});
