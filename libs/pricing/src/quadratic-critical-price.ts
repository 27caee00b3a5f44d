/**
 * Power and critical price of the quadratic approximation (Barone-Adesi and Whaley 1987).
 */
import type { AmericanTerms } from './american-option';
import { exp, expm1 } from './exponential';
import { normalCdf, normalDensity } from './normal-distribution';

/** The power γ of the premium and its derivatives in σ, T and r. */
export interface QuadraticPower {
  readonly value: number;
  readonly byVolatility: number;
  readonly byYears: number;
  readonly byRate: number;
}

/**
 * Computes γ = ½(1 − n ± √((n − 1)² + 4m)), n = 2(r − q)/σ², m = 2r/(σ²(1 − e^(−rT))); plus for a call, minus for a put.
 *
 * @param terms  σ√T > 0
 */
export function quadraticPower(terms: AmericanTerms): QuadraticPower {
  const { right, yearsToExpiry, rate, dividendYield, volatility } = terms;
  const variance = volatility * volatility;
  const n = (2 * (rate - dividendYield)) / variance;
  const lapse = lapseRatio(rate * yearsToExpiry);
  const m = (2 * lapse.value) / (variance * yearsToExpiry);
  const root = Math.sqrt((n - 1) * (n - 1) + 4 * m);
  const sign = right === 'call' ? 1 : -1;
  const moved = (dn: number, dm: number) => 0.5 * (-dn + (sign * ((n - 1) * dn + 2 * dm)) / root);
  const byRateTimesYears = (2 * lapse.slope) / (variance * yearsToExpiry);
  return {
    value: 0.5 * (1 - n + sign * root),
    byVolatility: moved((-2 * n) / volatility, (-2 * m) / volatility),
    byYears: moved(0, byRateTimesYears * rate - m / yearsToExpiry),
    byRate: moved(2 / variance, byRateTimesYears * yearsToExpiry),
  };
}

/**
 * Computes ln(S* /K): where the approximation turns into the intrinsic value with a slope of ±1.
 *
 * Newton's method between bounds on ±(S − K) = V(S) ± (1 − e^(−qT)Φ(±d1))·S/γ.
 *
 * @param power      γ
 * @param tolerance  stops when a step is below tolerance·σ√T
 * @param start      first trial; one deviation inside the exercise region if absent
 */
export function quadraticCriticalLog(
  terms: AmericanTerms,
  power: number,
  tolerance = CRITICAL_TOLERANCE,
  start = NaN,
): number {
  const { yearsToExpiry, rate, dividendYield, volatility } = terms;
  const sign = terms.right === 'call' ? 1 : -1;
  const spread = volatility * Math.sqrt(yearsToExpiry);
  const drift = (rate - dividendYield) * yearsToExpiry;
  const growth = exp(-dividendYield * yearsToExpiry);
  const discount = exp(-rate * yearsToExpiry);
  const lostGrowth = -expm1(-dividendYield * yearsToExpiry);
  const lostDiscount = -expm1(-rate * yearsToExpiry);
  const factor = 1 - 1 / power;
  // `inner` lies on the side of waiting, `outer` on the side of exercise.
  let inner = 0;
  let outer = sign * Infinity;
  let x = start === start ? start : sign * spread;
  for (let step = 0; step < CRITICAL_STEPS; step++) {
    const d1 = (x + drift) / spread + 0.5 * spread;
    const level = exp(x);
    const lost = lostGrowth + growth * normalCdf(-sign * d1);
    const value = lostDiscount + discount * normalCdf(sign * (spread - d1)) - level * lost * factor;
    const slope = level * (lost * -factor + (sign * growth * normalDensity(d1) * -1) / (power * spread));
    if (sign * value > 0) inner = x;
    else outer = x;
    const next = x - value / slope;
    if (Math.abs(next - x) < tolerance * spread) return next;
    const within = sign * (next - inner) > 0 && sign * (outer - next) > 0;
    if (within) x = next;
    else x = Math.abs(outer) === Infinity ? x + 2 * sign * spread : 0.5 * (inner + outer);
  }
  return x;
}

/** x/(1 − e^(−x)) and its derivative. */
function lapseRatio(x: number): { value: number; slope: number } {
  if (Math.abs(x) < SMALL) {
    const square = x * x;
    return { value: 1 + x / 2 + square / 12 - (square * square) / 720, slope: 0.5 + x / 6 - (x * square) / 180 };
  }
  const lapse = -expm1(-x);
  return { value: x / lapse, slope: (lapse - x * (1 - lapse)) / (lapse * lapse) };
}

const CRITICAL_TOLERANCE = 1e-12;
const CRITICAL_STEPS = 100;
const SMALL = 0.02;
