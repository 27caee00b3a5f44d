/**
 * The early-exercise premium: the present value of what the holder gains while the underlying is in the exercise region.
 *
 * For one curve, with strike K, η = 1 where the region lies below it:
 *   P = ∫ [r K e^(−rs)Φ(−ηd−(s)) − q S e^(−qs)Φ(−ηd+(s))] ds,  d∓ = (ln(S/K) − b(T − s))/(σ√s) + ((r − q)/σ ∓ σ/2)√s
 * (Kim 1990; Carr, Jarrow and Myneni 1992), and its derivatives under the integral sign.
 */
import type { ExerciseCurve } from './american-exercise-curve';
import type { PremiumPanel } from './american-premium-panel';
import {
  PANEL_BY_RATE,
  PANEL_BY_VOLATILITY,
  PANEL_BY_YIELD,
  PANEL_DRIFT,
  PANEL_GAIN,
  PANEL_LEVEL,
  PANEL_PER_SPREAD,
  PANEL_RATE_WEIGHT,
  PANEL_SHIFT,
  PANEL_SPREAD,
  PANEL_STRIDE,
  PANEL_YIELD_WEIGHT,
  premiumPanel,
} from './american-premium-panels';
import type { PutProblem } from './american-put-problem';
import { exp } from './exponential';
import type { QuadratureRule } from './gauss-legendre';
import { millsRatio } from './mills-ratio';

/** A premium and its derivatives in the put's spot, volatility, rate and dividend yield. */
export interface PremiumSum {
  price: number;
  delta: number;
  gamma: number;
  vega: number;
  rho: number;
  dividendRho: number;
}

/** Where the premium is taken: the put's own spot and strike. */
export interface PremiumPoint {
  readonly put: PutProblem;
  readonly spot: number;
  readonly strike: number;
  /** ln(spot/strike). */
  readonly logMoneyness: number;
}

/** The stretch of the integral and its quadrature. */
export interface PremiumPath {
  /** Ends of the panels in t, √(s/T) = 2t/(1 + t²), increasing. */
  readonly breaks: readonly number[];
  readonly rule: QuadratureRule;
  /** Whether vega, rho and dividendRho are wanted; the curve must carry its slopes. */
  readonly withSlopes: boolean;
}

/** Returns a premium of zero. */
export function noPremium(): PremiumSum {
  return { price: 0, delta: 0, gamma: 0, vega: 0, rho: 0, dividendRho: 0 };
}

/**
 * Adds sign·P of one curve to a sum.
 *
 * @param eta   1: gain below the curve, −1: gain above it
 * @param sign  1 to add, −1 to subtract
 */
export function addPremium(
  sum: PremiumSum,
  curve: ExerciseCurve,
  point: PremiumPoint,
  path: PremiumPath,
  eta: 1 | -1,
  sign: 1 | -1,
): void {
  const { breaks, rule } = path;
  const withSlopes = path.withSlopes && curve.slopes !== null;
  for (let index = 1; index < breaks.length; index++) {
    const panel = premiumPanel(curve, point.put, rule, breaks[index - 1]!, breaks[index]!);
    addGains(sum, panel, point, eta, sign);
    if (withSlopes) addSlopes(sum, panel, point, eta, sign, curve.lnLimit !== 0);
  }
}

/** Adds price, delta and gamma of one panel. */
function addGains(sum: PremiumSum, panel: PremiumPanel, point: PremiumPoint, eta: 1 | -1, sign: 1 | -1): void {
  const { terms, from, to } = panel;
  const { spot, strike, logMoneyness } = point;
  const { rate, dividendYield } = point.put;
  let price = 0;
  let delta = 0;
  let gamma = 0;
  for (let at = from; at < to; at += PANEL_STRIDE) {
    const perSpread = terms[at + PANEL_PER_SPREAD]!;
    const d2 = (logMoneyness + terms[at + PANEL_SHIFT]!) * perSpread + terms[at + PANEL_DRIFT]!;
    const amount = strike * terms[at + PANEL_RATE_WEIGHT]!;
    const density = amount * INVERSE_SQRT_TWO_PI * exp(-0.5 * d2 * d2);
    const strikePart = tailMass(eta * d2, amount, density);
    let spotPart = 0;
    if (dividendYield !== 0) {
      const d1 = d2 + terms[at + PANEL_SPREAD]!;
      spotPart = tailMass(eta * d1, spot * terms[at + PANEL_YIELD_WEIGHT]!, density * terms[at + PANEL_LEVEL]!);
    }
    const crossing = eta * density * perSpread;
    const shift = crossing * terms[at + PANEL_GAIN]!;
    price += rate * strikePart - dividendYield * spotPart;
    delta -= shift + dividendYield * spotPart;
    gamma += crossing * rate + shift * d2 * perSpread;
  }
  sum.price += sign * price;
  sum.delta += (sign * delta) / spot;
  sum.gamma += (sign * gamma) / (spot * spot);
}

/** Adds vega, rho and dividendRho of one panel. */
function addSlopes(
  sum: PremiumSum,
  panel: PremiumPanel,
  point: PremiumPoint,
  eta: 1 | -1,
  sign: 1 | -1,
  limitMoves: boolean,
): void {
  const { terms, from, to } = panel;
  const { spot, strike, logMoneyness } = point;
  const { rate, dividendYield, volatility } = point.put;
  let vega = 0;
  let rho = 0;
  let dividendRho = 0;
  for (let at = from; at < to; at += PANEL_STRIDE) {
    const perSpread = terms[at + PANEL_PER_SPREAD]!;
    const spread = terms[at + PANEL_SPREAD]!;
    const level = terms[at + PANEL_LEVEL]!;
    const root = spread / volatility;
    const s = root * root;
    const d2 = (logMoneyness + terms[at + PANEL_SHIFT]!) * perSpread + terms[at + PANEL_DRIFT]!;
    const amount = strike * terms[at + PANEL_RATE_WEIGHT]!;
    const density = amount * INVERSE_SQRT_TWO_PI * exp(-0.5 * d2 * d2);
    const strikePart = tailMass(eta * d2, amount, density);
    const spotPart = tailMass(eta * (d2 + spread), spot * terms[at + PANEL_YIELD_WEIGHT]!, density * level);
    const crossing = eta * density * perSpread;
    const shift = crossing * terms[at + PANEL_GAIN]!;
    vega += crossing * root * (rate * (d2 + spread) - dividendYield * level * d2);
    vega += shift * terms[at + PANEL_BY_VOLATILITY]!;
    rho += (1 - rate * s) * strikePart - shift * s + shift * terms[at + PANEL_BY_RATE]!;
    dividendRho += shift * s - (1 - dividendYield * s) * spotPart + shift * terms[at + PANEL_BY_YIELD]!;
    if (limitMoves) {
      rho += shift / rate;
      dividendRho -= shift / dividendYield;
    }
  }
  sum.vega += sign * vega;
  sum.rho += sign * rho;
  sum.dividendRho += sign * dividendRho;
}

/** amount·Φ(−d), given amount·φ(d). */
function tailMass(d: number, amount: number, density: number): number {
  return d > 0 ? density * millsRatio(d) : amount - density * millsRatio(-d);
}

const INVERSE_SQRT_TWO_PI = 0.3989422804014327;
