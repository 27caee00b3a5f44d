// Which rows the lanes answer for, and which of their blocks discount so little that no power of two is taken out.
import { DEVIATION, GREATEST_CARRY, ROOT } from './block';
import {
  CARRY_GREATEST, DEVIATION_GREATEST, DEVIATION_LEAST, ONE, PRICE_GREATEST, PRICE_LEAST, constant,
} from './constants';
import { add, lanes, mul, save, zero } from './lanes';

/** Whether spot and strike lie in the box; NaN and the infinities do not. */
@inline
export function pricesAccepted(spot: v128, strike: v128): v128 {
  const least = v128.and(f64x2.ge(spot, constant(PRICE_LEAST)), f64x2.ge(strike, constant(PRICE_LEAST)));
  return v128.and(least, f64x2.le(add(spot, strike), constant(PRICE_GREATEST)));
}

@inline
export function deviationAccepted(s: v128): v128 {
  return v128.and(f64x2.ge(s, constant(DEVIATION_LEAST)), f64x2.le(s, constant(DEVIATION_GREATEST)));
}

@inline
export function carryAccepted(rateTime: v128, yieldTime: v128): v128 {
  return f64x2.le(add(f64x2.abs(rateTime), f64x2.abs(yieldTime)), constant(CARRY_GREATEST));
}

@inline
export function signAccepted(sign: v128): v128 {
  return f64x2.eq(f64x2.abs(sign), constant(ONE));
}

/** Appends the rows whose lane is not accepted to the list at `flagged`; returns its new end. */
@inline
export function flagRejected(accepted: v128, row: i32, flagged: usize): usize {
  const bits = i64x2.bitmask(accepted);
  if (bits === 3) return flagged;
  store<i32>(flagged, row);
  flagged += <usize>(((bits & 1) ^ 1) << 2);
  store<i32>(flagged, row + 1);
  return flagged + <usize>(((bits >> 1) ^ 1) << 2);
}

/** ROOT, DEVIATION and GREATEST_CARRY; lists the rows outside the box, for the host to value with the scalar functions. */
export function checkStage(bytes: usize, input: usize, stride: usize, carried: bool, row: i32, flagged: usize): usize {
  let greatest = zero();
  for (let i: usize = 0; i < bytes; i += 16) {
    const at = input + i;
    const years = lanes(at + stride * 2);
    const root = f64x2.sqrt(years);
    const s = mul(lanes(at + stride * 5), root);
    const rateTime = f64x2.abs(mul(lanes(at + stride * 3), years));
    const carry = carried ? add(rateTime, f64x2.abs(mul(lanes(at + stride * 4), years))) : rateTime;
    save(ROOT + i, root);
    save(DEVIATION + i, s);
    greatest = f64x2.pmax(greatest, carry);
    let accepted = pricesAccepted(lanes(at), lanes(at + stride));
    accepted = v128.and(accepted, deviationAccepted(s));
    accepted = v128.and(accepted, f64x2.le(carry, constant(CARRY_GREATEST)));
    accepted = v128.and(accepted, signAccepted(lanes(at + stride * 6)));
    flagged = flagRejected(accepted, row + <i32>(i >> 3), flagged);
  }
  save(GREATEST_CARRY, greatest);
  return flagged;
}

/** Whether every discount exponent of the block checked last is below ½ ln 2 = 0.3466; a NaN is in a flagged row. */
export function isCarrySmall(): bool {
  return max(load<f64>(GREATEST_CARRY), load<f64>(GREATEST_CARRY + 8)) < 0.346;
}
