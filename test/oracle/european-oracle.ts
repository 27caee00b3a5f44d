/**
 * European options in 690-digit arithmetic, straight from the textbook formulas. Shares no code with libs/.
 */
import {
  cumulative,
  density,
  exponential,
  logarithm,
  magnitude,
  over,
  type Real,
  real,
  squareRoot,
  times,
} from './high-precision';

/** A quantity and the sum of the magnitudes of the terms it is made of. */
export interface OracleValue {
  readonly value: Real;
  readonly terms: Real;
}

/** Values by the names of our results. */
export type OracleValues = Readonly<Record<string, OracleValue>>;

const sum = (...terms: readonly Real[]): OracleValue => ({
  value: terms.reduce((total, term) => total + term, 0n),
  terms: terms.reduce((total, term) => total + magnitude(term), 0n),
});

/** Black-Scholes-Merton; Black-76 with dividendYield = rate, apart from its rho. */
export function lognormalOracle(input: {
  readonly spot: number;
  readonly strike: number;
  readonly yearsToExpiry: number;
  readonly rate: number;
  readonly dividendYield: number;
  readonly volatility: number;
  readonly right: 'call' | 'put';
}): OracleValues {
  const [S, K, T] = [real(input.spot), real(input.strike), real(input.yearsToExpiry)];
  const [r, q, sigma] = [real(input.rate), real(input.dividendYield), real(input.volatility)];
  const w = input.right === 'call' ? 1n : -1n;
  const growth = exponential(-times(q, T));
  const discount = exponential(-times(r, T));
  const root = squareRoot(T);
  const s = times(sigma, root);
  const h = over(logarithm(over(S, K)) + times(r - q, T), s);
  const [d1, d2] = [h + s / 2n, h - s / 2n];
  const [n1, n2] = [cumulative(w * d1), cumulative(w * d2)];
  const [asset, cash] = [times(times(S, growth), n1), times(times(K, discount), n2)];
  const weight = times(times(S, growth), density(d1));
  const vega = times(weight, root);
  const perSpot = over(weight, S);
  const gamma = over(over(perSpot, S), s);
  const carry = over(r - q, s);
  const product = times(d1, d2);
  const overYears = (x: Real): Real => over(x, 2n * T);
  const size = magnitude(h) + s / 2n;
  return {
    price: sum(w * asset, -w * cash),
    delta: sum(w * times(growth, n1)),
    gamma: sum(gamma),
    vega: sum(vega),
    theta: sum(-overYears(times(vega, sigma)), w * times(q, asset), -w * times(r, cash)),
    rho: sum(w * times(T, cash)),
    dividendRho: sum(-w * times(T, asset)),
    vanna: { value: -over(times(perSpot, d2), sigma), terms: over(times(perSpot, size), sigma) },
    volga: { value: over(times(vega, product), sigma), terms: over(times(vega, times(size, size)), sigma) },
    charm: sum(
      w * times(q, times(growth, n1)),
      -times(perSpot, carry),
      over(times(perSpot, h), 2n * T),
      -over(times(perSpot, s / 2n), 2n * T),
    ),
    veta: sum(times(vega, q), times(vega, times(carry, d1)), -overYears(vega), -overYears(times(vega, product))),
    speed: sum(-over(gamma, S), -over(times(over(gamma, S), h), s), -over(gamma, S) / 2n),
    zomma: {
      value: over(times(gamma, product) - gamma, sigma),
      terms: over(times(gamma, times(size, size)) + gamma, sigma),
    },
    color: sum(times(gamma, q), times(gamma, times(carry, d1)), overYears(gamma), -overYears(times(gamma, product))),
    dualDelta: sum(-w * times(discount, n2)),
    dualGamma: sum(over(over(over(weight, K), K), s)),
  };
}

/** The normal model of Bachelier. */
export function normalOracle(input: {
  readonly forward: number;
  readonly strike: number;
  readonly yearsToExpiry: number;
  readonly rate: number;
  readonly volatility: number;
  readonly right: 'call' | 'put';
}): OracleValues {
  const [T, r, sigma] = [real(input.yearsToExpiry), real(input.rate), real(input.volatility)];
  const w = input.right === 'call' ? 1n : -1n;
  const distance = real(input.forward) - real(input.strike);
  const root = squareRoot(T);
  const s = times(sigma, root);
  const d = over(distance, s);
  const discount = exponential(-times(r, T));
  const weight = times(discount, density(d));
  const tail = times(discount, cumulative(w * d));
  const price = w * times(distance, tail) + times(s, weight);
  const vega = times(root, weight);
  return {
    price: sum(price),
    delta: sum(w * tail),
    gamma: sum(over(weight, s)),
    vega: sum(vega),
    theta: sum(times(r, price), -over(times(vega, sigma), 2n * T)),
    rho: sum(-times(T, price)),
    vanna: sum(-over(times(weight, d), sigma)),
    volga: sum(over(times(vega, times(d, d)), sigma)),
  };
}
