import { bachelier, black76, blackScholes, impliedVolatility } from '@ballast/pricing';
import { lognormalOracle, normalOracle, type OracleValues } from '../oracle/european-oracle';
import { magnitude, ratio, real } from '../oracle/high-precision';
import { type AccuracyBars, impliedVolatilityBar, lognormalBars, normalBars } from '../support/european-bars';
import { WorstMultiples } from '../support/european-golden';

/** A fixed stream of uniform numbers (Marsaglia's xorshift32), so that a failure names a case that stays. */
function uniforms(seed: number): (low: number, high: number) => number {
  let state = seed;
  return (low, high) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return low + ((high - low) * (state >>> 0)) / 2 ** 32;
  };
}

const SMALLEST = real(1e-290);
const rights = ['call', 'put'] as const;

function noteAll(
  worst: WorstMultiples,
  ours: object,
  exact: OracleValues,
  bars: AccuracyBars,
  isOut: boolean,
  where: string,
): void {
  for (const [name, got] of Object.entries(ours) as [string, number][]) {
    const { value, terms } = exact[name]!;
    const error = magnitude(real(got) - value);
    if (name === 'price') worst.note('price', ratio(error, real(1)) / bars.priceAbsolute, where);
    if (magnitude(value) < SMALLEST) continue;
    const relative = ratio(error, magnitude(value));
    if (name === 'price') {
      if (isOut) worst.note('price, out of the money', relative / bars.outOfTheMoneyRelative, where);
    } else if (name === 'delta' || name === 'gamma' || name === 'vega') {
      worst.note(name, relative / bars.firstRelative, where);
    } else {
      const ofTerms = ratio(error, terms) / bars.otherOfTerms;
      worst.note(name, Math.min(relative / bars.otherRelative, ofTerms), where);
    }
  }
}

/** Options of every kind the bars must hold for: ordinary, in the tails, at once, far off, near a zero crossing. */
function lognormalCases(count: number) {
  const uniform = uniforms(20261121);
  return Array.from({ length: count }, (_, index) => {
    const spot = Math.exp(uniform(-3, 9));
    const rate = uniform(-0.05, 0.15);
    const dividendYield = index % 3 === 0 ? rate : uniform(-0.03, 0.1);
    let yearsToExpiry = uniform(0.002, 4);
    let volatility = uniform(0.05, 1.2);
    if (index % 8 === 1) yearsToExpiry = Math.exp(uniform(-20, -7));
    if (index % 8 === 2) volatility = Math.exp(uniform(-9, -4));
    if (index % 8 === 3) volatility = uniform(2, 12) / Math.sqrt(yearsToExpiry);
    if (index % 8 === 4) yearsToExpiry = uniform(10, 50);
    const deviation = volatility * Math.sqrt(yearsToExpiry);
    const reach = index % 8 === 5 ? 35 : 4;
    let strike = spot * Math.exp((rate - dividendYield) * yearsToExpiry + uniform(-reach, reach) * deviation);
    if (index % 8 === 6) strike = spot * (1 + Math.round(uniform(-4, 4)) * 2 ** -52);
    if (index % 8 === 7) strike = spot * Math.exp((rate - dividendYield) * yearsToExpiry - deviation ** 2 / 2);
    return { spot, strike, yearsToExpiry, rate, dividendYield, volatility, right: rights[index % 2]! };
  });
}

describe('the European models against 690-digit arithmetic', () => {
  it('Black-Scholes holds every bar', () => {
    const worst = new WorstMultiples();
    for (const input of lognormalCases(400)) {
      const { spot, strike, yearsToExpiry, rate, dividendYield } = input;
      const forward = spot * Math.exp((rate - dividendYield) * yearsToExpiry);
      const isOut = input.right === 'call' ? forward <= strike : forward > strike;
      const exact = lognormalOracle(input);
      noteAll(worst, blackScholes(input), exact, lognormalBars(input), isOut, JSON.stringify(input));
    }
    worst.expectWithin(['price, out of the money', ...Object.keys(blackScholes(lognormalCases(1)[0]!))]);
  });

  it('loses nothing but digits of d at the zeros of vanna, volga and charm', () => {
    // There the value is all cancellation: d1 or d2 of the nearest doubles is 1e-16 to 1e-20. d is good to 1e-21, so the
    // error is that share of the terms; quantities that are no multiple of d keep their relative accuracy.
    const uniform = uniforms(17);
    const worst = new WorstMultiples();
    for (let index = 0; index < 60; index++) {
      const spot = uniform(50, 150);
      const yearsToExpiry = uniform(0.05, 3);
      const volatility = uniform(0.1, 0.8);
      const strike = spot * Math.exp(((index % 2 ? 1 : -1) * volatility ** 2 * yearsToExpiry) / 2);
      const option = { spot, strike, yearsToExpiry, rate: 0, dividendYield: 0, volatility, right: rights[index % 2]! };
      const exact = lognormalOracle(option);
      const ours = blackScholes(option);
      for (const name of index % 2 ? (['volga'] as const) : (['vanna', 'volga', 'charm'] as const)) {
        const { value, terms } = exact[name]!;
        worst.note(name, ratio(magnitude(real(ours[name]) - value), terms) / 1e-20, JSON.stringify(option));
      }
      for (const name of ['veta', 'speed', 'zomma', 'color'] as const) {
        const { value } = exact[name]!;
        worst.note(name, ratio(magnitude(real(ours[name]) - value), magnitude(value)) / 1e-14, JSON.stringify(option));
      }
    }
    worst.expectWithin(['vanna', 'volga', 'charm', 'veta', 'speed', 'zomma', 'color']);
  });

  it('Black-76 holds every bar', () => {
    const worst = new WorstMultiples();
    for (const { spot: forward, ...rest } of lognormalCases(160)) {
      const input = { ...rest, forward };
      const lognormal = { ...rest, spot: forward, dividendYield: rest.rate };
      const { dividendRho: _, ...exact } = lognormalOracle(lognormal);
      const { price } = exact;
      const rho = { value: (-price!.value * real(input.yearsToExpiry)) >> 2304n, terms: price!.terms };
      const isOut = input.right === 'call' ? forward <= input.strike : forward > input.strike;
      noteAll(worst, black76(input), { ...exact, rho }, lognormalBars(lognormal), isOut, JSON.stringify(input));
    }
    worst.expectWithin(['price, out of the money', ...Object.keys(black76({ ...lognormalCases(1)[0]!, forward: 1 }))]);
  });

  it('Bachelier holds every bar, below zero too', () => {
    const worst = new WorstMultiples();
    const uniform = uniforms(42);
    for (let index = 0; index < 200; index++) {
      const forward = uniform(-200, 200);
      const yearsToExpiry = Math.exp(uniform(-9, 3));
      const volatility = Math.exp(uniform(-4, 6));
      const reach = index % 3 === 0 ? 35 : 5;
      const strike = forward + uniform(-reach, reach) * volatility * Math.sqrt(yearsToExpiry);
      const input = { forward, strike, yearsToExpiry, rate: uniform(-0.1, 0.2), volatility, right: rights[index % 2]! };
      const isOut = input.right === 'call' ? forward <= strike : forward >= strike;
      noteAll(worst, bachelier(input), normalOracle(input), normalBars(input), isOut, JSON.stringify(input));
    }
    worst.expectWithin([
      'price, out of the money',
      'price',
      'delta',
      'gamma',
      'vega',
      'theta',
      'rho',
      'vanna',
      'volga',
    ]);
  });

  it('implied volatilities leave no residual beyond their bar', () => {
    // σ is within the bar when the exact price at σ differs from the quote by no more than bar·σ·vega.
    const worst = new WorstMultiples();
    for (const { spot: forward, strike, yearsToExpiry, volatility, right } of lognormalCases(240)) {
      const model = { strike, yearsToExpiry, rate: 0, right };
      const price = black76({ ...model, forward, volatility }).price;
      const answer = impliedVolatility({ right, forward, strike, yearsToExpiry, discountFactor: 1, price });
      if (answer.status !== 'ok' || price < 1e-280) continue;
      const exact = lognormalOracle({ ...model, spot: forward, dividendYield: 0, volatility: answer.volatility });
      const slope = (exact['vega']!.value * real(answer.volatility)) >> 2304n;
      const relative = ratio(magnitude(real(price) - exact['price']!.value), slope);
      const bar = impliedVolatilityBar(ratio(real(price), slope));
      worst.note('volatility', relative / bar, JSON.stringify({ ...model, forward, price }));
    }
    worst.expectWithin(['volatility']);
  });
});
