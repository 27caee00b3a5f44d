import { bachelier, black76, blackScholes } from '@ballast/pricing';
import fc from 'fast-check';
import { normalOption, RUNS, type SpotOption, spotOption } from '../support/european-arbitraries';

/** Central difference of order 4 over the step that agrees best with the next smaller one. */
function derivative(f: (x: number) => number, at: number, scale: number): { value: number; noise: number } {
  let best = { value: NaN, noise: Infinity };
  let previous = NaN;
  for (let power = 4; power <= 16; power++) {
    const h = scale * 2 ** -power;
    const value = (8 * (f(at + h) - f(at - h)) - (f(at + 2 * h) - f(at - 2 * h))) / (12 * h);
    const noise = Math.abs(value - previous);
    if (noise < best.noise) best = { value, noise };
    previous = value;
  }
  return best;
}

/** Options near enough to the money, and long enough, for a difference quotient to mean something. */
const ordinary = spotOption.filter(({ spot, strike, volatility, yearsToExpiry }) => {
  const deviation = volatility * Math.sqrt(yearsToExpiry);
  return deviation > 0.02 && deviation < 3 && Math.abs(Math.log(strike / spot)) < 3 * deviation && spot > 0.01;
});

describe('sensitivities of European options', () => {
  it('are the derivatives of the price and of each other (PR-07)', () => {
    fc.assert(
      fc.property(ordinary, (input) => {
        const ours = blackScholes(input);
        const by = (
          field: 'spot' | 'strike' | 'volatility' | 'yearsToExpiry' | 'rate' | 'dividendYield',
          of: keyof typeof ours,
        ) => {
          const scale = field === 'rate' || field === 'dividendYield' ? 0.1 / input.yearsToExpiry : 0.3 * input[field];
          return derivative((x) => blackScholes({ ...input, [field]: x })[of], input[field], scale);
        };
        const pairs = [
          [ours.delta, by('spot', 'price'), 1],
          [ours.gamma, by('spot', 'delta'), 1],
          [ours.vega, by('volatility', 'price'), 1],
          [ours.theta, by('yearsToExpiry', 'price'), -1],
          [ours.rho, by('rate', 'price'), 1],
          [ours.dividendRho, by('dividendYield', 'price'), 1],
          [ours.vanna, by('spot', 'vega'), 1],
          [ours.volga, by('volatility', 'vega'), 1],
          [ours.charm, by('yearsToExpiry', 'delta'), -1],
          [ours.veta, by('yearsToExpiry', 'vega'), -1],
          [ours.speed, by('spot', 'gamma'), 1],
          [ours.zomma, by('volatility', 'gamma'), 1],
          [ours.color, by('yearsToExpiry', 'gamma'), -1],
          [ours.dualDelta, by('strike', 'price'), 1],
          [ours.dualGamma, by('strike', 'dualDelta'), 1],
        ] as const;
        pairs.forEach(([value, { value: difference, noise }, sign], index) => {
          const scale = Math.abs(value) + sizeOf(index, input, ours.vega);
          expect(Math.abs(sign * difference - value)).toBeLessThanOrEqual(1e-6 * scale + 20 * noise);
        });
      }),
      { ...RUNS, numRuns: 150 },
    );
  });

  it('obey the pricing equation to the last digits (PR-08)', () => {
    fc.assert(
      fc.property(spotOption, (input) => {
        const { spot, rate, dividendYield, volatility } = input;
        const { price, delta, gamma, theta } = blackScholes(input);
        const terms = [
          theta,
          (rate - dividendYield) * spot * delta,
          0.5 * volatility ** 2 * spot ** 2 * gamma,
          -rate * price,
        ];
        const size = terms.reduce((total, term) => total + Math.abs(term), 0);
        const residual = terms.reduce((total, term) => total + term, 0);
        const amounts = Math.max(spot, input.strike) * (Math.abs(rate) + Math.abs(dividendYield));
        expect(Math.abs(residual)).toBeLessThanOrEqual(1e-13 * size + 1e-14 * amounts);
      }),
      RUNS,
    );
  });

  it('of a forward obey theirs: theta = rV − ½σ²F²·gamma', () => {
    fc.assert(
      fc.property(spotOption, normalOption, (option, normal) => {
        const { spot: forward, ...rest } = option;
        const lognormal = black76({ ...rest, forward });
        const diffusion = 0.5 * rest.volatility ** 2 * forward ** 2 * lognormal.gamma;
        const size = Math.abs(rest.rate * lognormal.price) + diffusion;
        expect(Math.abs(lognormal.theta - (rest.rate * lognormal.price - diffusion))).toBeLessThanOrEqual(2e-13 * size);
        const gaussian = bachelier(normal);
        const spread = 0.5 * normal.volatility ** 2 * gaussian.gamma;
        const scale = Math.abs(normal.rate * gaussian.price) + spread;
        expect(Math.abs(gaussian.theta - (normal.rate * gaussian.price - spread))).toBeLessThanOrEqual(2e-13 * scale);
      }),
      RUNS,
    );
  });

  it('share convexity between call and put, and it is never negative', () => {
    fc.assert(
      fc.property(spotOption, (input) => {
        const call = blackScholes({ ...input, right: 'call' });
        const put = blackScholes({ ...input, right: 'put' });
        expect(call.gamma).toBe(put.gamma);
        expect(call.vega).toBe(put.vega);
        expect(Math.min(call.gamma, call.vega, call.dualGamma)).toBeGreaterThanOrEqual(0);
        const growth = Math.exp(-input.dividendYield * input.yearsToExpiry);
        expect(Math.abs(call.delta - put.delta - growth)).toBeLessThanOrEqual(1e-15 * growth);
        expect(call.delta).toBeLessThanOrEqual(growth * (1 + 4e-16));
        expect(put.delta).toBeLessThanOrEqual(0);
      }),
      RUNS,
    );
  });

  it('add up to the price: V = S·delta + K·dualDelta (Euler)', () => {
    fc.assert(
      fc.property(spotOption, (input) => {
        const { price, delta, dualDelta } = blackScholes(input);
        const size = Math.abs(input.spot * delta) + Math.abs(input.strike * dualDelta);
        const sum = input.spot * delta + input.strike * dualDelta;
        expect(Math.abs(sum - price)).toBeLessThanOrEqual(1e-13 * size);
      }),
      RUNS,
    );
  });

  it('are finite in every corner (PR-10)', () => {
    const corner = fc.record({
      spot: fc.constantFrom(0, 1e-8, 1, 100, 1e7),
      strike: fc.constantFrom(0, 1e-8, 1, 100, 100.00000000000001, 1e7),
      yearsToExpiry: fc.constantFrom(0, 1e-12, 1e-6, 1, 10, 100),
      rate: fc.constantFrom(-0.5, 0, 0.05, 2),
      dividendYield: fc.constantFrom(-0.5, 0, 0.05, 2),
      volatility: fc.constantFrom(0, 1e-300, 1e-12, 1e-4, 0.2, 10, 1e5, Infinity),
      right: fc.constantFrom('call' as const, 'put' as const),
    });
    fc.assert(
      fc.property(corner, (input) => {
        const values = [
          ...Object.values(blackScholes(input)),
          ...Object.values(black76({ ...input, forward: input.spot })),
          ...Object.values(bachelier({ ...input, forward: -input.spot, volatility: Math.min(input.volatility, 1e9) })),
        ];
        expect(values.filter((value) => !Number.isFinite(value))).toEqual([]);
      }),
      { ...RUNS, numRuns: 5000 },
    );
  });
});

/** The size a derivative has near a zero crossing of its own: what 1e-6 is taken of there. */
function sizeOf(
  index: number,
  { spot, strike, yearsToExpiry, volatility, rate, dividendYield }: SpotOption,
  vega: number,
): number {
  const deviation = volatility * Math.sqrt(yearsToExpiry);
  const price = Math.max(spot, strike);
  const perYear =
    1 / yearsToExpiry + Math.abs(rate) + Math.abs(dividendYield) + Math.abs(rate - dividendYield) / deviation;
  const gamma = vega / (spot * spot * volatility * yearsToExpiry);
  const sizes = [
    1,
    gamma,
    vega,
    price * perYear,
    price * yearsToExpiry,
    price * yearsToExpiry,
    vega / (spot * deviation),
    vega / (volatility * deviation),
    perYear,
    vega * perYear,
    gamma / (spot * deviation),
    gamma / (volatility * deviation),
    gamma * perYear,
    1,
    gamma,
  ];
  return sizes[index]!;
}
