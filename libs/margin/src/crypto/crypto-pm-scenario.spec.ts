import { asOf } from '../../../../test/support/portfolio-builder';
import { cryptoPmLabel, cryptoPmScenarios } from './crypto-pm-scenario';
import { parseCryptoPmParameters } from './parse-crypto-pm-parameters';

describe('cryptoPmScenarios', () => {
  const scenarios = cryptoPmScenarios(parseCryptoPmParameters({}, asOf));

  it('runs price-major ascending with volatility up, same, down, then the extended table', () => {
    expect(scenarios).toHaveLength(27 + 8);
    expect(scenarios.slice(0, 4).map(({ move, volatility }) => [move, volatility])).toEqual([
      [-0.16, 'up'],
      [-0.16, 'same'],
      [-0.16, 'down'],
      [-0.12, 'up'],
    ]);
    expect(scenarios[13]).toEqual({ move: 0, volatility: 'same', table: 'inner' });
    expect(scenarios[26]?.move).toBe(0.16);
    expect(scenarios.slice(27).map(({ move }) => move)).toEqual([-0.66, -0.33, 0.5, 1, 2, 3, 4, 5]);
    expect(new Set(scenarios.slice(27).map(({ volatility }) => volatility))).toEqual(new Set(['up']));
  });

  it('says a cell in words', () => {
    expect(cryptoPmLabel({ move: -0.16, volatility: 'up', table: 'inner' })).toBe('price −16 %, volatility up');
    expect(cryptoPmLabel({ move: 5, volatility: 'up', table: 'extended' })).toBe(
      'price +500 %, volatility up (extended table)',
    );
  });
});
