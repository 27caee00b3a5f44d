import fc from 'fast-check';

/** A double of one magnitude range, spread evenly over its logarithm. */
const logUniform = (low: number, high: number) =>
  fc.double({ min: Math.log(low), max: Math.log(high), noNaN: true }).map((x) => Math.exp(x));

/** An option on a spot price, as the lognormal models take it. */
export interface SpotOption {
  readonly spot: number;
  readonly strike: number;
  readonly yearsToExpiry: number;
  readonly rate: number;
  readonly dividendYield: number;
  readonly volatility: number;
  readonly right: 'call' | 'put';
}

/** Ordinary options on a spot: prices over ten orders of magnitude, minutes to decades, 1 % to 300 % volatility. */
export const spotOption: fc.Arbitrary<SpotOption> = fc
  .record({
    spot: logUniform(1e-4, 1e6),
    moneyness: fc.double({ min: -1.5, max: 1.5, noNaN: true }),
    yearsToExpiry: logUniform(1e-5, 30),
    rate: fc.double({ min: -0.1, max: 0.3, noNaN: true }),
    dividendYield: fc.double({ min: -0.1, max: 0.3, noNaN: true }),
    volatility: logUniform(0.01, 3),
    right: fc.constantFrom('call' as const, 'put' as const),
  })
  .map(({ moneyness, ...option }) => ({ ...option, strike: option.spot * Math.exp(moneyness) }));

/** Options on a forward of any sign under the normal model. */
export const normalOption = fc.record({
  forward: fc.double({ min: -1000, max: 1000, noNaN: true }),
  strike: fc.double({ min: -1000, max: 1000, noNaN: true }),
  yearsToExpiry: logUniform(1e-4, 30),
  rate: fc.double({ min: -0.1, max: 0.3, noNaN: true }),
  volatility: logUniform(0.1, 500),
  right: fc.constantFrom('call' as const, 'put' as const),
});

/** One fixed stream, so that a failure comes back. */
export const RUNS = { seed: 20261121, numRuns: 1000 } as const;
