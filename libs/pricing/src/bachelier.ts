/**
 * The normal model of Bachelier: European options on a forward price that may be zero or negative.
 */
import { discountFactor } from './discount-factor';
import { twoProductTail, twoSumTail } from './double-double';
import { millsRatio, unitLossRatio } from './mills-ratio';
import { scaledNormalDensity } from './normal-distribution';
import type { OptionRight } from './option-right';
import { PricingInputError, requireFinite, requireNonNegative, requireRight } from './pricing-input-error';

/** A European option under the normal model. */
export interface BachelierInput {
  /** Forward price at expiry [currency/unit], any sign. */
  readonly forward: number;
  /** Strike [currency/unit], any sign. */
  readonly strike: number;
  /** Time to expiry, ACT/365F [year] ≥ 0. */
  readonly yearsToExpiry: number;
  /** Continuously compounded rate of the discounting [1/year]. */
  readonly rate: number;
  /** Normal volatility [currency/unit per √year] ≥ 0. */
  readonly volatility: number;
  /** 'call' or 'put'. */
  readonly right: OptionRight;
}

/** Price and sensitivities per one unit of underlying, the forward held fixed. */
export interface BachelierResult {
  /** V [currency/unit] ≥ max(0, ±(F − K)·e^(−rT)). */
  readonly price: number;
  /** ∂V/∂F [1]. */
  readonly delta: number;
  /** ∂²V/∂F² [unit/currency]. */
  readonly gamma: number;
  /** ∂V/∂σ [√year]. */
  readonly vega: number;
  /** ∂V/∂t = −∂V/∂T = rV − ½σ²·gamma [currency/unit per year]. */
  readonly theta: number;
  /** ∂V/∂r = −T·V [currency/unit per 1.00 of rate]. */
  readonly rho: number;
  /** ∂²V/∂F∂σ. */
  readonly vanna: number;
  /** ∂²V/∂σ². */
  readonly volga: number;
}

/**
 * Computes price and sensitivities under the normal model.
 *
 * V = e^(−rT)·(±(F − K)·Φ(±d) + σ√T·φ(d)), d = (F − K)/(σ√T). The out-of-the-money side is σ√T·φ(d)·L(|d|) with the
 * unit loss ratio L; parity gives the other. L. Bachelier, Théorie de la spéculation (1900); P. Jäckel, "Implied normal
 * volatility" (2017), eq. (1). At T = 0 or σ = 0: the discounted intrinsic value, delta ±e^(−rT) in the money and half
 * of that at F = K, the density terms zero.
 *
 * @throws PricingInputError 'INVALID_PRICING_INPUT' on a value that is not finite, T < 0 or σ < 0 (an infinite normal
 *         volatility has no finite price)
 *
 * @example
 * bachelier({ forward: 100, strike: 100, yearsToExpiry: 1, rate: 0, volatility: 20, right: 'call' }).price // 7.978845608028654
 */
export function bachelier(input: BachelierInput): BachelierResult {
  const terms = bachelierTerms(input);
  const { yearsToExpiry, rate, volatility } = input;
  const { density, unscale, d } = terms;
  const price = priceOf(terms, input.right);
  const sign = input.right === 'call' ? 1 : -1;
  const vega = terms.discount * Math.sqrt(yearsToExpiry) * density;
  const perVolatility = density === 0 ? 0 : d / volatility;
  return {
    price,
    delta: sign * weight(terms, sign * d) + 0,
    gamma: density === 0 ? 0 : ((terms.discount * density) / terms.deviation) * unscale,
    vega: vega * unscale,
    theta: rate * price - (density === 0 ? 0 : ((vega * volatility) / (2 * yearsToExpiry)) * unscale) + 0,
    rho: -yearsToExpiry * price + 0,
    vanna: -terms.discount * density * perVolatility * unscale + 0,
    volga: vega * d * perVolatility * unscale + 0,
  };
}

/** Computes the price alone; see `bachelier`. */
export function bachelierPrice(input: BachelierInput): number {
  return priceOf(bachelierTerms(input), input.right);
}

interface BachelierTerms {
  readonly discount: number;
  readonly discountTail: number;
  /** F − K and its rounding. */
  readonly distance: number;
  readonly distanceTail: number;
  /** σ√T. */
  readonly deviation: number;
  /** (F − K)/(σ√T); ±60 or 0 in a limit case. */
  readonly d: number;
  /** φ(d), times 2^600 where it would come near underflow; zero in a limit case. */
  readonly density: number;
  readonly unscale: number;
}

function bachelierTerms(input: BachelierInput): BachelierTerms {
  checkBachelierInput(input);
  const { forward, strike, yearsToExpiry, volatility } = input;
  const { value: discount, tail: discountTail } = discountFactor('rate', input.rate, yearsToExpiry);
  const distance = forward - strike;
  const distanceTail = twoSumTail(forward, -strike, distance);
  const root = Math.sqrt(yearsToExpiry);
  const deviation = volatility * root;
  if (deviation < SMALLEST_DEVIATION) {
    return { discount, discountTail, distance, distanceTail, deviation, d: farthest(distance), density: 0, unscale: 1 };
  }
  const rootSquare = root * root;
  const rootTail = (yearsToExpiry - rootSquare - twoProductTail(root, root, rootSquare)) / (2 * root);
  const deviationTail = twoProductTail(volatility, root, deviation) + volatility * rootTail;
  const d = distance / deviation;
  if (!(d < FARTHEST && d > -FARTHEST)) {
    return { discount, discountTail, distance, distanceTail, deviation, d: farthest(d), density: 0, unscale: 1 };
  }
  const product = d * deviation;
  const remainder = distance - product - twoProductTail(d, deviation, product);
  const dTail = (remainder + distanceTail - d * deviationTail) / deviation;
  const scaled = d * d > 900;
  const density = scaledNormalDensity(d, dTail, scaled ? 600 : 0);
  const unscale = scaled ? TWO_TO_MINUS_600 : 1;
  return { discount, discountTail, distance, distanceTail, deviation, d, density, unscale };
}

function priceOf(terms: BachelierTerms, right: OptionRight): number {
  const { discount, discountTail, distance, distanceTail, deviation, d, density } = terms;
  const distanceFromStrike = d < 0 ? -d : d;
  const outPrice =
    density === 0 ? 0 : discount * (density * unitLossRatio(distanceFromStrike) * deviation) * terms.unscale;
  if ((right === 'call') === d <= 0) return outPrice;
  const intrinsic = discount * distance;
  const intrinsicTail =
    twoProductTail(discount, distance, intrinsic) + discountTail * distance + discount * distanceTail;
  const sign = d < 0 ? -1 : 1;
  const sum = sign * intrinsic + outPrice;
  return sum + (twoSumTail(sign * intrinsic, outPrice, sum) + sign * intrinsicTail);
}

/** e^(−rT)·Φ(z) for z = ±d. */
function weight(terms: BachelierTerms, z: number): number {
  if (z === 0) return 0.5 * terms.discount;
  const smaller = terms.density === 0 ? 0 : terms.discount * terms.density * millsRatio(z < 0 ? -z : z) * terms.unscale;
  return z < 0 ? smaller : terms.discount - smaller;
}

function farthest(d: number): number {
  if (d === 0) return 0;
  return d > 0 ? FARTHEST : -FARTHEST;
}

function checkBachelierInput(input: BachelierInput): void {
  requireFinite('forward', input.forward);
  requireFinite('strike', input.strike);
  requireNonNegative('yearsToExpiry', input.yearsToExpiry);
  requireFinite('rate', input.rate);
  requireNonNegative('volatility', input.volatility);
  requireRight(input.right);
  if (input.volatility * Math.sqrt(input.yearsToExpiry) === Infinity) {
    throw new PricingInputError('volatility', input.volatility, 'must keep volatility·√yearsToExpiry finite');
  }
}

/** Beyond this |d| the density is below the smallest double whatever it is multiplied by. */
const FARTHEST = 60;
/** Below this σ√T a density over σ√T can leave the range of doubles: taken as zero volatility. */
const SMALLEST_DEVIATION = 1e-280;
const TWO_TO_MINUS_600 = 2.409919865102884e-181;
