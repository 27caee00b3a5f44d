// The stages of a valuation. Input columns lie `stride` bytes apart: spot, strike, years, rate, yield, volatility,
// sign (call 1, put −1). With x = ln(forward/strike), s = σ√T, h = |x|/s and U ≥ W the discounted forward and strike,
// the out-of-the-money price is U·Φ(b) − W·Φ(−a), b = s/2 − h, a = s/2 + h, and U·φ(b) = W·φ(a) = G: one exponential
// serves the price and every sensitivity.
import {
  DENSITY, DEVIATION, DISCOUNT, FAR, FAR_TAIL, GROWTH, INVERSE, MONEYNESS, NEAR, NEAR_TAIL, ROOT,
} from './block';
import {
  FARTHEST, FLUSH, HALF, INVERSE_SQRT_TWO_PI, MILLS_DENOMINATOR, MILLS_NUMERATOR, MINUS_HALF, ONE, constant,
} from './constants';
import { add, exp, expNearZero, lanes, logRatio, millsDenominator, millsNumerator, mul, save, sub, zero } from './lanes';

/** DISCOUNT and GROWTH: two exponentials side by side share their constants and hide each other's latency. */
export function discountStage(bytes: usize, input: usize, stride: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) {
    const at = input + i;
    const elapsed = f64x2.neg(lanes(at + stride * 2));
    const discount = exp(mul(lanes(at + stride * 3), elapsed));
    const growth = exp(mul(lanes(at + stride * 4), elapsed));
    save(DISCOUNT + i, discount);
    save(GROWTH + i, growth);
  }
}

/**
 * DISCOUNT, GROWTH and INVERSE: the division runs beside the multiplications of the exponentials.
 *
 * @param small  whether every |rate·T| and |yield·T| of the block is below ½ ln 2
 */
export function carryStage(bytes: usize, input: usize, stride: usize, small: bool): void {
  if (small) for (let i: usize = 0; i < bytes; i += 16) saveCarry(i, input + i, stride, true);
  else for (let i: usize = 0; i < bytes; i += 16) saveCarry(i, input + i, stride, false);
}

@inline
function saveCarry(i: usize, at: usize, stride: usize, small: bool): void {
  const elapsed = f64x2.neg(lanes(at + stride * 2));
  const rateTime = mul(lanes(at + stride * 3), elapsed);
  const yieldTime = mul(lanes(at + stride * 4), elapsed);
  const discount = small ? expNearZero(rateTime) : exp(rateTime);
  const growth = small ? expNearZero(yieldTime) : exp(yieldTime);
  saveInverse(i, at);
  save(DISCOUNT + i, discount);
  save(GROWTH + i, growth);
}

/** The same for options on a forward, which grows at no rate. */
export function futuresCarryStage(bytes: usize, input: usize, stride: usize, small: bool): void {
  if (small) for (let i: usize = 0; i < bytes; i += 16) saveFuturesCarry(i, input + i, stride, true);
  else for (let i: usize = 0; i < bytes; i += 16) saveFuturesCarry(i, input + i, stride, false);
}

@inline
function saveFuturesCarry(i: usize, at: usize, stride: usize, small: bool): void {
  const rateTime = f64x2.neg(mul(lanes(at + stride * 3), lanes(at + stride * 2)));
  const discount = small ? expNearZero(rateTime) : exp(rateTime);
  saveInverse(i, at);
  save(DISCOUNT + i, discount);
  save(GROWTH + i, discount);
}

@inline
function saveInverse(i: usize, at: usize): void {
  save(INVERSE + i, f64x2.div(constant(ONE), mul(lanes(DEVIATION + i), lanes(at))));
}

/** MONEYNESS, NEAR, FAR, four rows at a time: the logarithms hide each other's latency. */
export function moneynessStage(bytes: usize, input: usize, stride: usize, carried: bool): void {
  for (let i: usize = 0; i < bytes; i += 32) {
    const first = carriedMoneyness(input + i, stride, carried);
    const second = carriedMoneyness(input + i + 16, stride, carried);
    saveDistances(i, lanes(input + i), first);
    saveDistances(i + 16, lanes(input + i + 16), second);
  }
}

@inline
function carriedMoneyness(at: usize, stride: usize, carried: bool): v128 {
  const x = logRatio(lanes(at), lanes(at + stride));
  if (!carried) return x;
  return add(x, mul(sub(lanes(at + stride * 3), lanes(at + stride * 4)), lanes(at + stride * 2)));
}

@inline
function saveDistances(i: usize, spot: v128, x: v128): void {
  const half = mul(lanes(DEVIATION + i), constant(HALF));
  const h = mul(f64x2.abs(x), mul(lanes(INVERSE + i), spot));
  save(MONEYNESS + i, x);
  save(NEAR + i, sub(half, h));
  save(FAR + i, f64x2.pmin(constant(FARTHEST), add(half, h)));
}

/** e^(−z²/2), zero below e^−708. */
@inline
export function gaussian(z: v128): v128 {
  const exponent = mul(mul(z, z), constant(MINUS_HALF));
  return v128.and(exp(f64x2.pmax(constant(FLUSH), exponent)), f64x2.ge(exponent, constant(FLUSH)));
}

@inline
function scaledUpper(spot: usize, strike: usize, i: usize): v128 {
  const spotNow = mul(lanes(spot + i), lanes(GROWTH + i));
  const strikeNow = mul(lanes(strike + i), lanes(DISCOUNT + i));
  const below = f64x2.lt(lanes(MONEYNESS + i), zero());
  return mul(v128.bitselect(spotNow, strikeNow, below), constant(INVERSE_SQRT_TWO_PI));
}

/** DENSITY, four rows at a time. */
export function densityStage(bytes: usize, spot: usize, strike: usize): void {
  for (let i: usize = 0; i < bytes; i += 32) {
    const first = gaussian(lanes(NEAR + i));
    const second = gaussian(lanes(NEAR + i + 16));
    save(DENSITY + i, first);
    save(DENSITY + i + 16, mul(second, scaledUpper(spot, strike, i + 16)));
    save(DENSITY + i, mul(first, scaledUpper(spot, strike, i)));
  }
}

/**
 * NEAR_TAIL and FAR_TAIL: two values of Mills' ratio for one division. Constants held in locals are reloaded where they
 * are used; loaded in the loop, all of them come first and push each other out of the registers.
 */
export function tailStage(bytes: usize): void {
  const p0 = constant(MILLS_NUMERATOR + 0);
  const p1 = constant(MILLS_NUMERATOR + 1);
  const p2 = constant(MILLS_NUMERATOR + 2);
  const p3 = constant(MILLS_NUMERATOR + 3);
  const p4 = constant(MILLS_NUMERATOR + 4);
  const p5 = constant(MILLS_NUMERATOR + 5);
  const p6 = constant(MILLS_NUMERATOR + 6);
  const p7 = constant(MILLS_NUMERATOR + 7);
  const p8 = constant(MILLS_NUMERATOR + 8);
  const p9 = constant(MILLS_NUMERATOR + 9);
  const q0 = constant(MILLS_DENOMINATOR + 0);
  const q1 = constant(MILLS_DENOMINATOR + 1);
  const q2 = constant(MILLS_DENOMINATOR + 2);
  const q3 = constant(MILLS_DENOMINATOR + 3);
  const q4 = constant(MILLS_DENOMINATOR + 4);
  const q5 = constant(MILLS_DENOMINATOR + 5);
  const q6 = constant(MILLS_DENOMINATOR + 6);
  const q7 = constant(MILLS_DENOMINATOR + 7);
  const q8 = constant(MILLS_DENOMINATOR + 8);
  const q9 = constant(MILLS_DENOMINATOR + 9);
  const q10 = constant(MILLS_DENOMINATOR + 10);
  for (let i: usize = 0; i < bytes; i += 16) {
    const near = f64x2.pmin(constant(FARTHEST), f64x2.abs(lanes(NEAR + i)));
    const far = lanes(FAR + i);
    const near2 = mul(near, near);
    const far2 = mul(far, far);
    const nearQ = millsDenominator(near, near2, q0, q1, q2, q3, q4, q5, q6, q7, q8, q9, q10);
    const farQ = millsDenominator(far, far2, q0, q1, q2, q3, q4, q5, q6, q7, q8, q9, q10);
    const quotient = f64x2.div(lanes(DENSITY + i), mul(nearQ, farQ));
    const nearP = millsNumerator(near, near2, p0, p1, p2, p3, p4, p5, p6, p7, p8, p9);
    const farP = millsNumerator(far, far2, p0, p1, p2, p3, p4, p5, p6, p7, p8, p9);
    save(NEAR_TAIL + i, mul(nearP, mul(farQ, quotient)));
    save(FAR_TAIL + i, mul(farP, mul(nearQ, quotient)));
  }
}

/** The price: the out-of-the-money side, and parity for the other; never below its bound. */
@inline
export function combine(b: v128, upper: v128, nearTail: v128, farTail: v128, carried: v128): v128 {
  const outside = sub(nearTail, farTail);
  const inside = sub(upper, add(nearTail, farTail));
  const outOfTheMoney = v128.bitselect(outside, inside, f64x2.lt(b, zero()));
  return add(f64x2.pmax(zero(), outOfTheMoney), f64x2.pmax(zero(), carried));
}

/** Prices alone. */
export function priceStage(bytes: usize, input: usize, stride: usize, price: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) {
    const at = input + i;
    const spotNow = mul(lanes(at), lanes(GROWTH + i));
    const strikeNow = mul(lanes(at + stride), lanes(DISCOUNT + i));
    const upper = v128.bitselect(spotNow, strikeNow, f64x2.lt(lanes(MONEYNESS + i), zero()));
    const carried = mul(lanes(at + stride * 6), sub(spotNow, strikeNow));
    save(price + i, combine(lanes(NEAR + i), upper, lanes(NEAR_TAIL + i), lanes(FAR_TAIL + i), carried));
  }
}

/**
 * Price, delta, gamma, vega, theta and rho. |d1| is |b| below the forward and a above it, |d2| the other one; a probability
 * is its tail on the far side of zero and the complement of its tail on the near side.
 */
export function sensitivityStage(bytes: usize, input: usize, output: usize, stride: usize, carried: bool): void {
  for (let i: usize = 0; i < bytes; i += 16) {
    const at = input + i;
    const to = output + i;
    const b = lanes(NEAR + i);
    const nearTail = lanes(NEAR_TAIL + i);
    const farTail = lanes(FAR_TAIL + i);
    const growth = lanes(GROWTH + i);
    const spot = lanes(at);
    const spotNow = mul(spot, growth);
    const strikeNow = mul(lanes(at + stride), lanes(DISCOUNT + i));
    const sign = lanes(at + stride * 6);
    const below = f64x2.lt(lanes(MONEYNESS + i), zero());
    const upper = v128.bitselect(spotNow, strikeNow, below);
    const price = combine(b, upper, nearTail, farTail, mul(sign, sub(spotNow, strikeNow)));
    save(to, price);

    const spotTail = v128.bitselect(nearTail, farTail, below);
    const put = f64x2.lt(sign, zero());
    const spotSide = v128.xor(v128.and(below, f64x2.lt(b, zero())), put);
    const inverse = lanes(INVERSE + i);
    const inverseSpot = mul(inverse, lanes(DEVIATION + i));
    const deltaTail = mul(spotTail, inverseSpot);
    save(to + stride, mul(sign, v128.bitselect(deltaTail, sub(growth, deltaTail), spotSide)));
    const g = lanes(DENSITY + i);
    save(to + stride * 2, mul(mul(g, inverse), inverseSpot));
    save(to + stride * 3, mul(g, lanes(ROOT + i)));
    const volatility = lanes(at + stride * 5);
    const years = lanes(at + stride * 2);
    const rate = lanes(at + stride * 3);
    const decay = mul(mul(g, constant(HALF)), mul(mul(volatility, volatility), mul(inverse, spot)));
    if (carried) {
      const strikeTail = v128.bitselect(farTail, nearTail, below);
      const strikeSide = v128.xor(v128.or(below, f64x2.gt(b, zero())), put);
      const strikePart = v128.bitselect(strikeTail, sub(strikeNow, strikeTail), strikeSide);
      const spotPart = v128.bitselect(spotTail, sub(spotNow, spotTail), spotSide);
      const carry = sub(mul(lanes(at + stride * 4), spotPart), mul(rate, strikePart));
      save(to + stride * 4, sub(mul(sign, carry), decay));
      save(to + stride * 5, mul(sign, mul(years, strikePart)));
    } else {
      save(to + stride * 4, sub(mul(rate, price), decay));
      save(to + stride * 5, f64x2.neg(mul(years, price)));
    }
  }
}
