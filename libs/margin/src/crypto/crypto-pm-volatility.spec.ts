import { asOf } from '../../../../test/support/portfolio-builder';
import { shockCryptoPmVolatility } from './crypto-pm-volatility';
import { parseCryptoPmParameters } from './parse-crypto-pm-parameters';

describe('shockCryptoPmVolatility', () => {
  const parameters = parseCryptoPmParameters({}, asOf);
  const shocked = (volatility: number, daysToExpiry: number, move: 'up' | 'same' | 'down') =>
    shockCryptoPmVolatility({ volatility, daysToExpiry }, move, parameters);

  it('scales by the range itself at 30 days', () => {
    expect(shocked(0.6, 30, 'up')).toBeCloseTo(0.9, 14);
    expect(shocked(0.6, 30, 'down')).toBeCloseTo(0.45, 14);
    expect(shocked(0.6, 30, 'same')).toBe(0.6);
  });

  it('takes the short-term power below 30 days and the long-term power from there on', () => {
    expect(shocked(0.6, 10, 'up')).toBeCloseTo(0.6 * (1 + 0.5 * 3 ** 0.3), 12);
    expect(shocked(0.6, 300, 'up')).toBeCloseTo(0.6 * (1 + 0.5 * 0.1 ** 0.13), 12);
  });

  it('floors time at one day, the up shock at the minimum and the down shock at 0', () => {
    expect(shocked(0.6, 0.1, 'up')).toBe(shocked(0.6, 1, 'up'));
    expect(shocked(0.1, 30, 'up')).toBe(0.5);
    const wide = { ...parameters, volatilityRangeDown: 2 };
    expect(shockCryptoPmVolatility({ volatility: 0.6, daysToExpiry: 30 }, 'down', wide)).toBe(0);
  });
});
