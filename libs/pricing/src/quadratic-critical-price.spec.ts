import { blackScholes } from './black-scholes';
import { quadraticCriticalLog, quadraticPower } from './quadratic-critical-price';

const call = { right: 'call', yearsToExpiry: 0.5, rate: 0.08, dividendYield: 0.12, volatility: 0.2 } as const;
const put = { ...call, right: 'put' } as const;

describe('quadraticPower', () => {
  it.each([call, put, { ...put, rate: 1e-9 }, { ...call, rate: 0 }])(
    'has the derivatives of its formula: %j',
    (terms) => {
      const power = quadraticPower(terms);
      const slope = (field: 'volatility' | 'yearsToExpiry' | 'rate') => {
        const up = quadraticPower({ ...terms, [field]: terms[field] + 1e-5 }).value;
        const down = quadraticPower({ ...terms, [field]: terms[field] - 1e-5 }).value;
        return (up - down) / 2e-5;
      };
      expect(power.byVolatility / slope('volatility')).toBeCloseTo(1, 6);
      expect(power.byYears / slope('yearsToExpiry')).toBeCloseTo(1, 6);
      expect(power.byRate / slope('rate')).toBeCloseTo(1, 6);
    },
  );

  it('has a root above one for a call and below zero for a put', () => {
    expect(quadraticPower(call).value).toBeGreaterThan(1);
    expect(quadraticPower(put).value).toBeLessThan(0);
  });
});

describe('quadraticCriticalLog', () => {
  it.each([call, put, { ...put, volatility: 1.5 }, { ...call, yearsToExpiry: 0.01 }])(
    'pastes smoothly: %j',
    (terms) => {
      const power = quadraticPower(terms).value;
      const spot = 100 * Math.exp(quadraticCriticalLog(terms, power));
      const sign = terms.right === 'call' ? 1 : -1;
      const { price, delta } = blackScholes({ ...terms, spot, strike: 100 });
      const gain = sign * (spot - 100) - price;
      expect(delta + (gain * power) / spot).toBeCloseTo(sign, 9);
    },
  );

  it('starts where it is told and stops at the asked tolerance', () => {
    const power = quadraticPower(put).value;
    const exact = quadraticCriticalLog(put, power);
    expect(Math.abs(quadraticCriticalLog(put, power, 1e-3, -0.5) - exact)).toBeLessThan(1e-5);
  });
});
