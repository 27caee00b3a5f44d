// Elementary functions on two lanes: IEEE additions, multiplications, divisions and integer bit operations only, no
// branch, no relaxed instruction, so every engine returns the same bits and a lane never sees its neighbour.
import {
  ARTANH, EXPONENT_FIELD, EXPONENT_MAGIC, EXPONENT_OF_2_52, EXPONENT_OFFSET, EXPONENTIAL, HALF_EXPONENT, LN2_HIGH,
  LN2_LOW, LOG2_E, ONE, ROUNDING_MAGIC, bits, constant,
} from './constants';

@inline export function add(a: v128, b: v128): v128 { return f64x2.add(a, b); }
@inline export function sub(a: v128, b: v128): v128 { return f64x2.sub(a, b); }
@inline export function mul(a: v128, b: v128): v128 { return f64x2.mul(a, b); }
@inline export function lanes(at: usize): v128 { return v128.load(at); }
@inline export function save(at: usize, x: v128): void { v128.store(at, x); }
@inline export function zero(): v128 { return f64x2.splat(0); }
@inline function linear(index: i32, x: v128): v128 { return add(constant(index), mul(constant(index + 1), x)); }

/** e^x for −708 ≤ x ≤ 709, within 0.8 ulp. */
@inline
export function exp(x: v128): v128 {
  const rounded = add(mul(x, constant(LOG2_E)), constant(ROUNDING_MAGIC));
  const k = sub(rounded, constant(ROUNDING_MAGIC));
  const r = sub(sub(x, mul(k, constant(LN2_HIGH))), mul(k, constant(LN2_LOW)));
  return i64x2.add(expNearZero(r), i64x2.shl(rounded, 52));
}

/** e^r for |r| < ½ ln 2, the bits of `exp`: it takes no power of two out of such an argument. */
@inline
export function expNearZero(r: v128): v128 {
  const r2 = mul(r, r);
  const r4 = mul(r2, r2);
  const low = add(linear(EXPONENTIAL, r), mul(r2, linear(EXPONENTIAL + 2, r)));
  const high = add(
    add(linear(EXPONENTIAL + 4, r), mul(r2, linear(EXPONENTIAL + 6, r))),
    mul(r4, linear(EXPONENTIAL + 8, r)),
  );
  return add(constant(ONE), add(r, mul(r2, add(low, mul(r4, high)))));
}

/** ln(a/b) of positive normal numbers, relative error 4e-16 also as a → b: the difference is exact. */
@inline
export function logRatio(a: v128, b: v128): v128 {
  const steps = i64x2.add(i64x2.sub(a, b), bits(HALF_EXPONENT));
  const near = i64x2.add(b, v128.and(steps, bits(EXPONENT_FIELD)));
  const biased = i64x2.shr_u(i64x2.add(steps, bits(EXPONENT_OFFSET)), 52);
  const k = sub(v128.or(biased, bits(EXPONENT_OF_2_52)), constant(EXPONENT_MAGIC));
  const s = f64x2.div(sub(a, near), add(a, near));
  const w = mul(s, s);
  const w2 = mul(w, w);
  const series = add(
    add(linear(ARTANH, w), mul(w2, linear(ARTANH + 2, w))),
    mul(mul(w2, w2), add(linear(ARTANH + 4, w), mul(w2, linear(ARTANH + 6, w)))),
  );
  const twice = add(s, s);
  return add(mul(k, constant(LN2_HIGH)), add(twice, add(mul(mul(s, w), series), mul(k, constant(LN2_LOW)))));
}

/** Numerator of Mills' ratio Φ(−z)/φ(z), 0 ≤ z ≤ 64; all coefficients are positive, so nothing cancels. */
@inline
export function millsNumerator(
  z: v128, z2: v128, p0: v128, p1: v128, p2: v128, p3: v128, p4: v128, p5: v128,
  p6: v128, p7: v128, p8: v128, p9: v128,
): v128 {
  let even = add(p6, mul(p8, z2));
  even = add(p4, mul(even, z2));
  even = add(p2, mul(even, z2));
  even = add(p0, mul(even, z2));
  let odd = add(p7, mul(p9, z2));
  odd = add(p5, mul(odd, z2));
  odd = add(p3, mul(odd, z2));
  odd = add(p1, mul(odd, z2));
  return add(even, mul(odd, z));
}

/** Denominator of Mills' ratio. */
@inline
export function millsDenominator(
  z: v128, z2: v128, q0: v128, q1: v128, q2: v128, q3: v128, q4: v128, q5: v128,
  q6: v128, q7: v128, q8: v128, q9: v128, q10: v128,
): v128 {
  let even = add(q8, mul(q10, z2));
  even = add(q6, mul(even, z2));
  even = add(q4, mul(even, z2));
  even = add(q2, mul(even, z2));
  even = add(q0, mul(even, z2));
  let odd = add(q7, mul(q9, z2));
  odd = add(q5, mul(odd, z2));
  odd = add(q3, mul(odd, z2));
  odd = add(q1, mul(odd, z2));
  return add(even, mul(odd, z));
}
