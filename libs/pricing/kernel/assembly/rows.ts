// Struct-of-arrays rows: one option per lane. Results lie `stride` bytes apart: price, delta, gamma, vega, theta, rho.
// `count` is rounded up to a multiple of four rows by the caller's columns; rows outside the box go to `flagged`.
import { BLOCK } from './block';
import { checkStage, isCarrySmall } from './check-stage';
import {
  carryStage, densityStage, futuresCarryStage, moneynessStage, priceStage, sensitivityStage, tailStage,
} from './stages';

/** Black-Scholes-Merton price and first-order sensitivities. Returns the number of flagged rows. */
export function blackScholesRows(count: i32, input: usize, output: usize, stride: usize, flagged: usize): i32 {
  let end = flagged;
  const all = <usize>count << 3;
  for (let start: usize = 0; start < all; start += BLOCK) {
    const bytes = min(BLOCK, all - start);
    const from = input + start;
    const to = output + start;
    end = checkStage(bytes, from, stride, true, <i32>(start >> 3), end);
    carryStage(bytes, from, stride, isCarrySmall());
    moneynessStage(bytes, from, stride, true);
    densityStage(bytes, from, from + stride);
    tailStage(bytes);
    sensitivityStage(bytes, from, to, stride, true);
  }
  return <i32>((end - flagged) >> 2);
}

/** Black-76 price and first-order sensitivities at a fixed forward; the yield column is not read. */
export function black76Rows(count: i32, input: usize, output: usize, stride: usize, flagged: usize): i32 {
  let end = flagged;
  const all = <usize>count << 3;
  for (let start: usize = 0; start < all; start += BLOCK) {
    const bytes = min(BLOCK, all - start);
    const from = input + start;
    const to = output + start;
    end = checkStage(bytes, from, stride, false, <i32>(start >> 3), end);
    futuresCarryStage(bytes, from, stride, isCarrySmall());
    moneynessStage(bytes, from, stride, false);
    densityStage(bytes, from, from + stride);
    tailStage(bytes);
    sensitivityStage(bytes, from, to, stride, false);
  }
  return <i32>((end - flagged) >> 2);
}

/** Black-Scholes-Merton prices alone. */
export function blackScholesPrices(count: i32, input: usize, output: usize, stride: usize, flagged: usize): i32 {
  let end = flagged;
  const all = <usize>count << 3;
  for (let start: usize = 0; start < all; start += BLOCK) {
    const bytes = min(BLOCK, all - start);
    const from = input + start;
    end = checkStage(bytes, from, stride, true, <i32>(start >> 3), end);
    carryStage(bytes, from, stride, isCarrySmall());
    moneynessStage(bytes, from, stride, true);
    densityStage(bytes, from, from + stride);
    tailStage(bytes);
    priceStage(bytes, from, stride, output + start);
  }
  return <i32>((end - flagged) >> 2);
}
