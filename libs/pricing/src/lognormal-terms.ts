/**
 * The quantities every lognormal price and sensitivity shares, carried with tails so that neither the discounting nor
 * a zero crossing of d1 or d2 costs accuracy.
 */
import { discountFactor } from './discount-factor';
import { twoProductTail, twoSumTail } from './double-double';
import type { ValueWithTail } from './exponential';
import { logRatio } from './log-ratio';
import { scaledNormalDensity } from './normal-distribution';

/** Inputs of a lognormal model; Black-76 is the case dividendYield = rate. */
export interface LognormalInput {
  /** Price of the underlying [currency/unit] ≥ 0. */
  readonly spot: number;
  /** Strike [currency/unit] ≥ 0. */
  readonly strike: number;
  /** Time to expiry, ACT/365F [year] ≥ 0. */
  readonly yearsToExpiry: number;
  /** Continuously compounded rate [1/year]. */
  readonly rate: number;
  /** Continuously compounded dividend yield [1/year]. */
  readonly dividendYield: number;
  /** Lognormal volatility, 0.20 = 20 % [1/√year] ≥ 0, Infinity allowed. */
  readonly volatility: number;
}

type DiscountedAmounts = Pick<LognormalTerms, 'growth' | 'discount' | 'a' | 'aTail' | 'b' | 'bTail'>;

/** Shared terms: A = S·e^(−qT), B = K·e^(−rT), s = σ√T, x = ln(A/B), d1 = x/s + s/2, d2 = x/s − s/2. */
export interface LognormalTerms {
  /** e^(−qT) and e^(−rT). */
  readonly growth: number;
  readonly discount: number;
  readonly a: number;
  readonly aTail: number;
  readonly b: number;
  readonly bTail: number;
  /** s. */
  readonly deviation: number;
  /** x/s; only its sign matters in a limit case. */
  readonly h: number;
  readonly d1: number;
  readonly d2: number;
  /** A·φ(d1) = B·φ(d2), times 2^600 where it would come near underflow; zero in a limit case. */
  readonly density: number;
  /** Undoes the scale of `density`: 1 or 2^−600. */
  readonly unscale: number;
  /** True when Φ(d1) and Φ(d2) are 0, ½ or 1: expired, volatility 0 or ∞, a zero price, beyond the range of doubles. */
  readonly limit: boolean;
}

/** Discount factors of the dividend yield and of the rate to expiry. */
export interface LognormalFactors {
  readonly growth: ValueWithTail;
  readonly discount: ValueWithTail;
}

/** Computes e^(−qT) and e^(−rT); one where both rates are. */
export function lognormalFactors(
  input: Pick<LognormalInput, 'rate' | 'dividendYield' | 'yearsToExpiry'>,
): LognormalFactors {
  const { rate, dividendYield, yearsToExpiry } = input;
  const discount = discountFactor('rate', rate, yearsToExpiry);
  const growth = dividendYield === rate ? discount : discountFactor('dividendYield', dividendYield, yearsToExpiry);
  return { growth, discount };
}

/**
 * Computes the shared terms of a lognormal model from checked inputs.
 *
 * @param factors  lognormalFactors of the input
 * @param ratioOf  logRatio, or what remembers it
 */
export function lognormalTerms(
  input: LognormalInput,
  factors: LognormalFactors = lognormalFactors(input),
  ratioOf: (spot: number, strike: number) => ValueWithTail = logRatio,
): LognormalTerms {
  const { spot, strike, yearsToExpiry, volatility } = input;
  const amounts = discountedAmounts(input, factors);
  const { a, aTail, b, bTail } = amounts;

  const root = Math.sqrt(yearsToExpiry);
  const s = yearsToExpiry === 0 ? 0 : volatility * root;
  if (spot === 0 || strike === 0) return limitTerms(amounts, s, spot - strike, spot - strike);
  const x = logMoneyness(input, ratioOf(spot, strike));
  if (s < SMALLEST_DEVIATION) return limitTerms(amounts, s, x.value, x.value);
  if (s === Infinity) return limitTerms(amounts, s, 1, -1);

  const rootSquare = root * root;
  const rootTail = (yearsToExpiry - rootSquare - twoProductTail(root, root, rootSquare)) / (2 * root);
  const sTail = twoProductTail(volatility, root, s) + volatility * rootTail;
  const h = x.value / s;
  const product = h * s;
  const hTail = (x.value - product - twoProductTail(h, s, product) + x.tail - h * sTail) / s;
  const half = 0.5 * s;
  const sum1 = h + half;
  const rest1 = twoSumTail(h, half, sum1) + (hTail + 0.5 * sTail);
  const d1 = sum1 + rest1;
  const sum2 = h - half;
  const rest2 = twoSumTail(h, -half, sum2) + (hTail - 0.5 * sTail);
  const d2 = sum2 + rest2;

  const nearer = h > 0 ? d2 : d1;
  if (!(nearer < FARTHEST && nearer > -FARTHEST)) return limitTerms(amounts, s, d1, d2);
  const nearerTail = h > 0 ? sum2 - d2 + rest2 : sum1 - d1 + rest1;
  const scaled = nearer * nearer > 900 || a < 1e-100 || b < 1e-100;
  const gaussian = scaledNormalDensity(nearer, nearerTail, scaled ? 600 : 0);
  return {
    growth: amounts.growth,
    discount: amounts.discount,
    a,
    aTail,
    b,
    bTail,
    deviation: s,
    h,
    d1,
    d2,
    density: h > 0 ? gaussian * b + gaussian * bTail : gaussian * a + gaussian * aTail,
    unscale: scaled ? TWO_TO_MINUS_600 : 1,
    limit: false,
  };
}

function discountedAmounts(
  { spot, strike }: LognormalInput,
  { growth, discount }: LognormalFactors,
): DiscountedAmounts {
  const a = spot * growth.value;
  const b = strike * discount.value;
  return {
    growth: growth.value,
    discount: discount.value,
    a,
    aTail: twoProductTail(spot, growth.value, a) + spot * growth.tail,
    b,
    bTail: twoProductTail(strike, discount.value, b) + strike * discount.tail,
  };
}

/** x = ln(S/K) + (r − q)T. */
function logMoneyness(input: LognormalInput, ratio: ValueWithTail): ValueWithTail {
  const carry = input.rate - input.dividendYield;
  const drift = carry * input.yearsToExpiry;
  const driftTail =
    twoProductTail(carry, input.yearsToExpiry, drift) +
    twoSumTail(input.rate, -input.dividendYield, carry) * input.yearsToExpiry;
  const sum = ratio.value + drift;
  const rest = twoSumTail(ratio.value, drift, sum) + (ratio.tail + driftTail);
  const value = sum + rest;
  return { value, tail: sum - value + rest };
}

function limitTerms(amounts: DiscountedAmounts, deviation: number, d1: number, d2: number): LognormalTerms {
  return {
    growth: amounts.growth,
    discount: amounts.discount,
    a: amounts.a,
    aTail: amounts.aTail,
    b: amounts.b,
    bTail: amounts.bTail,
    deviation,
    h: d1 + d2,
    d1: farthest(d1),
    d2: farthest(d2),
    density: 0,
    unscale: 1,
    limit: true,
  };
}

function farthest(d: number): number {
  if (d === 0) return 0;
  return d > 0 ? FARTHEST : -FARTHEST;
}

/** Beyond this |d| the density is below the smallest double whatever it is multiplied by. */
const FARTHEST = 60;
/** Below this σ√T a density over σ√T can leave the range of doubles: taken as zero volatility. */
const SMALLEST_DEVIATION = 1e-280;
const TWO_TO_MINUS_600 = 2.409919865102884e-181;
