import { bachelierPrice } from './bachelier';
import { black76Price } from './black76';
import { impliedVolatility, type ImpliedVolatilityInput } from './implied-volatility';
import { PricingInputError } from './pricing-input-error';

const quote: ImpliedVolatilityInput = {
  right: 'call',
  forward: 100,
  strike: 100,
  yearsToExpiry: 1,
  discountFactor: 1,
  price: 7.965567455405798,
};
const volatilityOf = (change: Partial<ImpliedVolatilityInput>): number => {
  const answer = impliedVolatility({ ...quote, ...change });
  return answer.status === 'ok' ? answer.volatility : NaN;
};

describe('implied volatility', () => {
  it('gives the example of its documentation', () => {
    expect(impliedVolatility(quote)).toEqual({ status: 'ok', volatility: 0.2 });
  });

  // 60-digit solutions for the double price; the bar is 8ε·max(1, ∂ln σ/∂ln price).
  it.each([
    [{ strike: 90, discountFactor: 0.9607894391523232, price: 26.649508361632268 }, 0.6000000000000000235697, 1.298],
    [
      { strike: 110, yearsToExpiry: 5, discountFactor: 0.8187307530779818, price: 73.84376075615756 },
      1.4999999999999999821,
      2.624,
    ],
    [
      {
        strike: 125,
        yearsToExpiry: 0.0821917808219178,
        discountFactor: 0.9967177272404354,
        price: 2.9113913080631735e-23,
      },
      0.08000000000000000168256,
      1,
    ],
    [
      {
        strike: 80,
        yearsToExpiry: 0.0027397260273972603,
        discountFactor: 0.9998904169635637,
        price: 19.997808339271504,
      },
      0.6000406720442522529595,
      1.632e12,
    ],
  ])('solves %j', (change, reference, condition) => {
    expect(Math.abs(volatilityOf(change) / reference - 1)).toBeLessThanOrEqual(8 * 2.2e-16 * condition);
  });

  it('returns the volatility it was priced with, under both models', () => {
    for (let i = 1; i <= 300; i++) {
      const volatility = 0.01 * i;
      const strike = 70 + 0.2 * i;
      const input = {
        forward: 100,
        strike,
        yearsToExpiry: 0.5,
        rate: 0,
        right: strike > 100 ? 'call' : 'put',
      } as const;
      const lognormal = { ...input, discountFactor: 1, price: black76Price({ ...input, volatility }) };
      if (lognormal.price > 0) expect(volatilityOf(lognormal) / volatility).toBeCloseTo(1, 13);
      const price = bachelierPrice({ ...input, volatility: 100 * volatility });
      const normal = { ...input, model: 'bachelier', discountFactor: 1, price } as const;
      if (price > 0) expect(volatilityOf(normal) / (100 * volatility)).toBeCloseTo(1, 14);
    }
  });

  it('solves the normal model at the money in closed form, and below zero', () => {
    expect(volatilityOf({ model: 'bachelier', price: 7.9788456080286538 })).toBeCloseTo(20, 13);
    const price = bachelierPrice({
      forward: -37.63,
      strike: -30,
      yearsToExpiry: 0.1,
      rate: 0,
      volatility: 55,
      right: 'call',
    });
    expect(volatilityOf({ model: 'bachelier', forward: -37.63, strike: -30, yearsToExpiry: 0.1, price })).toBeCloseTo(
      55,
      12,
    );
  });

  it.each([
    ['nothing for a right', { price: 0 }, 'below-intrinsic'],
    ['a negative price', { price: -1 }, 'below-intrinsic'],
    ['intrinsic value', { strike: 80, price: 20 }, 'below-intrinsic'],
    [
      'intrinsic value rounded',
      { strike: 80, discountFactor: 0.9998904169635637, price: 19.997808339271273 },
      'below-intrinsic',
    ],
    ['an ulp above intrinsic value', { strike: 80, price: 20.000000000000004 }, 'ok'],
    ['the forward for a call', { strike: 80, price: 100 }, 'above-maximum'],
    ['the strike for a put', { strike: 80, price: 80, right: 'put' }, 'above-maximum'],
    ['an ulp below the maximum', { strike: 80, price: 99.99999999999999 }, 'ok'],
    ['time value after expiry', { yearsToExpiry: 0 }, 'above-maximum'],
    ['intrinsic value after expiry', { yearsToExpiry: 0, strike: 90, price: 10 }, 'below-intrinsic'],
    ['a forward of zero', { forward: 0, right: 'put', price: 100 }, 'below-intrinsic'],
    ['a strike of zero', { strike: 0, price: 101 }, 'above-maximum'],
    ['a strike and forward of zero', { strike: 0, forward: 0, price: 1 }, 'above-maximum'],
    ['normal intrinsic value', { model: 'bachelier', strike: 80, price: 20 }, 'below-intrinsic'],
    ['normal time value after expiry', { model: 'bachelier', yearsToExpiry: 0, price: 1 }, 'above-maximum'],
    ['a normal price without bound', { model: 'bachelier', price: 1e9 }, 'ok'],
  ] as const)('tells what %s means', (_, change, status) => {
    expect(impliedVolatility({ ...quote, ...change }).status).toBe(status);
  });

  it.each([
    ['forward', NaN],
    ['forward', -1],
    ['strike', -1],
    ['strike', Infinity],
    ['yearsToExpiry', -1],
    ['yearsToExpiry', NaN],
    ['discountFactor', 0],
    ['discountFactor', -1],
    ['discountFactor', NaN],
    ['price', NaN],
    ['price', Infinity],
    ['right', 'X'],
    ['model', 'heston'],
  ])('refuses %s = %p by name and value', (field, value) => {
    const input = { ...quote, [field]: value } as unknown as ImpliedVolatilityInput;
    expect(() => impliedVolatility(input)).toThrow(PricingInputError);
    expect(() => impliedVolatility(input)).toThrow(new RegExp(`^${field} .*got ${String(value)}$`));
  });
});
