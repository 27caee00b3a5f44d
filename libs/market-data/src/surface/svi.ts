/** Raw SVI parameters of one expiry: w(k) = a + b·(ρ(k − m) + √((k − m)² + σ²)). */
export interface SviParameters {
  /** Level of total variance. */
  readonly a: number;
  /** Slope of the wings, ≥ 0; b(1 + |ρ|) ≤ 2 by Lee's moment formula. */
  readonly b: number;
  /** Skew, −1…1. */
  readonly rho: number;
  /** Log-moneyness of the middle. */
  readonly m: number;
  /** Width of the bottom, > 0. */
  readonly sigma: number;
}

/** Total variance σ²T and its derivatives in log-moneyness. */
export interface VariancePoint {
  readonly variance: number;
  readonly slope: number;
  readonly curvature: number;
}

/**
 * Evaluates the raw SVI curve at a log-moneyness k = ln(strike / forward).
 *
 * Source: J. Gatheral and A. Jacquier, "Arbitrage-free SVI volatility surfaces" (2014), eq. 3.1.
 *
 * @example
 * sviVariance({ a: 0.04, b: 0.4, rho: -0.4, m: 0, sigma: 0.1 }, 0).variance // 0.08
 */
export function sviVariance(parameters: SviParameters, k: number): VariancePoint {
  const { a, b, rho, m, sigma } = parameters;
  const x = k - m;
  const root = Math.sqrt(x * x + sigma * sigma);
  return {
    variance: a + b * (rho * x + root),
    slope: b * (rho + x / root),
    curvature: (b * sigma * sigma) / (root * root * root),
  };
}

/**
 * Computes Durrleman's function g(k); a slice is free of butterfly arbitrage where g ≥ 0, because the risk-neutral
 * density is g(k) times a positive factor.
 *
 * g = (1 − k·w′/(2w))² − w′²/4·(1/w + 1/4) + w″/2. Gatheral and Jacquier (2014), eq. 2.1. −Infinity when w ≤ 0.
 */
export function densityFactor(k: number, point: VariancePoint): number {
  const { variance, slope, curvature } = point;
  if (!(variance > 0)) return Number.NEGATIVE_INFINITY;
  const lead = 1 - (k * slope) / (2 * variance);
  return lead * lead - ((slope * slope) / 4) * (1 / variance + 1 / 4) + curvature / 2;
}
