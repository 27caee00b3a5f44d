// Elementary functions on two lanes: IEEE additions, multiplications, divisions and integer bit operations only, no
// branch, no relaxed instruction, so every engine returns the same bits and a lane never sees its neighbour.
import {
  ARTANH, EXPONENTIAL, EXPONENT_MAGIC, LN2_HIGH, LN2_LOW, LOG2_E, MILLS_DENOMINATOR, MILLS_NUMERATOR, ONE,
  ROUNDING_MAGIC, constant,
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
  const r2 = mul(r, r);
  const r4 = mul(r2, r2);
  const low = add(linear(EXPONENTIAL, r), mul(r2, linear(EXPONENTIAL + 2, r)));
  const high = add(
    add(linear(EXPONENTIAL + 4, r), mul(r2, linear(EXPONENTIAL + 6, r))),
    mul(r4, linear(EXPONENTIAL + 8, r)),
  );
  const y = add(constant(ONE), add(r, mul(r2, add(low, mul(r4, high)))));
  return i64x2.add(y, i64x2.shl(rounded, 52));
}

/** ln(a/b) of positive normal numbers, relative error 4e-16 also as a → b: the difference is exact. */
@inline
export function logRatio(a: v128, b: v128): v128 {
  const steps = i64x2.add(i64x2.sub(a, b), i64x2.splat(0x0008000000000000));
  const near = i64x2.add(b, v128.and(steps, i64x2.splat(0xfff0000000000000)));
  const biased = i64x2.shr_u(i64x2.add(steps, i64x2.splat(0x4000000000000000)), 52);
  const k = sub(v128.or(biased, i64x2.splat(0x4330000000000000)), constant(EXPONENT_MAGIC));
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
export function millsNumerator(z: v128, z2: v128): v128 {
  const c = MILLS_NUMERATOR;
  let even = add(constant(c + 6), mul(constant(c + 8), z2));
  let odd = add(constant(c + 7), mul(constant(c + 9), z2));
  even = add(constant(c + 4), mul(even, z2));
  odd = add(constant(c + 5), mul(odd, z2));
  even = add(constant(c + 2), mul(even, z2));
  odd = add(constant(c + 3), mul(odd, z2));
  even = add(constant(c), mul(even, z2));
  odd = add(constant(c + 1), mul(odd, z2));
  return add(even, mul(odd, z));
}

/** Denominator of Mills' ratio. */
@inline
export function millsDenominator(z: v128, z2: v128): v128 {
  const c = MILLS_DENOMINATOR;
  let even = add(constant(c + 8), mul(constant(c + 10), z2));
  let odd = add(constant(c + 7), mul(constant(c + 9), z2));
  even = add(constant(c + 6), mul(even, z2));
  odd = add(constant(c + 5), mul(odd, z2));
  even = add(constant(c + 4), mul(even, z2));
  odd = add(constant(c + 3), mul(odd, z2));
  even = add(constant(c + 2), mul(even, z2));
  odd = add(constant(c + 1), mul(odd, z2));
  even = add(constant(c), mul(even, z2));
  return add(even, mul(odd, z));
}
