// Contracts × scenarios: what depends on the contract alone is computed once, ln(shocked spot) = ln S + ln(1 + shock),
// and per volatility level σ√T and its reciprocal; a scenario then costs one exponential and one division. Lanes hold
// two contracts in the same scenario.
import {
  ACCEPTED, BLOCK, DENSITY, DISCOUNT, FAR, FAR_TAIL, GROWTH, MONEYNESS, NEAR, NEAR_TAIL, ROOT, SPOT_NOW, STRIKE_NOW,
} from './block';
import { carryAccepted, deviationAccepted, flagRejected, pricesAccepted, signAccepted } from './check-stage';
import { FARTHEST, HALF, INVERSE_SQRT_TWO_PI, ONE, constant } from './constants';
import { add, lanes, logRatio, mul, save, sub, zero } from './lanes';
import { combine, discountStage, gaussian, tailStage } from './stages';

/** One scenario in the caller's table: ln(1 + shock), 1 + shock, volatility level, byte offset in a contract's results. */
const SCENARIO_BYTES: usize = 24;

/** SPOT_NOW, STRIKE_NOW, MONEYNESS, ROOT and ACCEPTED of a block of contracts. */
function contractStage(bytes: usize, input: usize, stride: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) {
    const at = input + i;
    const spot = lanes(at);
    const strike = lanes(at + stride);
    const years = lanes(at + stride * 2);
    const rate = lanes(at + stride * 3);
    const dividendYield = lanes(at + stride * 4);
    const prices = pricesAccepted(spot, strike);
    const accepted = v128.and(prices, carryAccepted(mul(rate, years), mul(dividendYield, years)));
    save(SPOT_NOW + i, mul(spot, lanes(GROWTH + i)));
    save(STRIKE_NOW + i, mul(strike, lanes(DISCOUNT + i)));
    save(MONEYNESS + i, add(logRatio(spot, strike), mul(sub(rate, dividendYield), years)));
    save(ROOT + i, f64x2.sqrt(years));
    save(ACCEPTED + i, v128.and(accepted, signAccepted(lanes(at + stride * 5))));
  }
}

/** 1/(σ√T) and ½·σ√T of a block under one volatility level, and what it does to ACCEPTED. */
function levelStage(bytes: usize, volatility: usize, level: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) {
    const s = mul(lanes(volatility + i), lanes(ROOT + i));
    save(level + i, f64x2.div(constant(ONE), s));
    save(level + BLOCK + i, mul(s, constant(HALF)));
    save(ACCEPTED + i, v128.and(lanes(ACCEPTED + i), deviationAccepted(s)));
  }
}

@inline
function shockedMoneyness(i: usize, logShock: v128): v128 {
  return add(lanes(MONEYNESS + i), logShock);
}

@inline
function shockedUpper(i: usize, logShock: v128, shock: v128): v128 {
  const below = f64x2.lt(shockedMoneyness(i, logShock), zero());
  return v128.bitselect(mul(lanes(SPOT_NOW + i), shock), lanes(STRIKE_NOW + i), below);
}

@inline
function near(i: usize, logShock: v128, level: usize): v128 {
  return sub(lanes(level + BLOCK + i), mul(f64x2.abs(shockedMoneyness(i, logShock)), lanes(level + i)));
}

/** NEAR, FAR and DENSITY of a block in one scenario, four contracts at a time. */
function shockStage(bytes: usize, scenario: usize, level: usize): void {
  const logShock = v128.load_splat<f64>(scenario);
  const shock = v128.load_splat<f64>(scenario, 8);
  for (let i: usize = 0; i < bytes; i += 32) {
    const first = near(i, logShock, level);
    const second = near(i + 16, logShock, level);
    const firstGaussian = gaussian(first);
    const secondGaussian = gaussian(second);
    save(NEAR + i, first);
    save(NEAR + i + 16, second);
    save(DENSITY + i, mul(firstGaussian, mul(shockedUpper(i, logShock, shock), constant(INVERSE_SQRT_TWO_PI))));
    save(
      DENSITY + i + 16,
      mul(secondGaussian, mul(shockedUpper(i + 16, logShock, shock), constant(INVERSE_SQRT_TWO_PI))),
    );
    // a = s/2 + h = s − b.
    save(FAR + i, f64x2.pmin(constant(FARTHEST), sub(twice(level, i), first)));
    save(FAR + i + 16, f64x2.pmin(constant(FARTHEST), sub(twice(level, i + 16), second)));
  }
}

@inline
function twice(level: usize, i: usize): v128 {
  const half = lanes(level + BLOCK + i);
  return add(half, half);
}

/** base ± price of a block in one scenario, scattered into the contracts' result rows. */
function resultStage(bytes: usize, scenario: usize, input: usize, stride: usize, output: usize, rowBytes: usize): void {
  const logShock = v128.load_splat<f64>(scenario);
  const shock = v128.load_splat<f64>(scenario, 8);
  let to = output + <usize>load<u32>(scenario, 20);
  for (let i: usize = 0; i < bytes; i += 16) {
    const upper = shockedUpper(i, logShock, shock);
    const sign = lanes(input + stride * 5 + i);
    const carried = mul(sign, sub(mul(lanes(SPOT_NOW + i), shock), lanes(STRIKE_NOW + i)));
    const price = combine(lanes(NEAR + i), upper, lanes(NEAR_TAIL + i), lanes(FAR_TAIL + i), carried);
    const result = add(lanes(input + stride * 6 + i), mul(lanes(input + stride * 7 + i), price));
    v128.store_lane<f64>(to, result, 0);
    v128.store_lane<f64>(to + rowBytes, result, 1);
    to += rowBytes << 1;
  }
}

function flagContracts(bytes: usize, row: i32, flagged: usize): usize {
  for (let i: usize = 0; i < bytes; i += 16) {
    flagged = flagRejected(lanes(ACCEPTED + i), row + <i32>(i >> 3), flagged);
  }
  return flagged;
}

/**
 * Values `contracts` (a multiple of four) in every scenario of the table.
 *
 * Input columns, `stride` bytes apart: spot, strike, years, rate, yield, sign (call 1, put −1), base, orientation; the
 * result is base + orientation·price. Volatilities: one column per level, `stride` bytes apart. `levels` needs
 * 2 × 1024 bytes per level of scratch. Returns the number of flagged contracts, whose rows hold nothing of use.
 */
export function scenarioGrid(
  contracts: i32, input: usize, stride: usize, levels: i32, volatilities: usize, scenarios: i32, table: usize,
  output: usize, rowBytes: usize, scratch: usize, flagged: usize,
): i32 {
  let end = flagged;
  const all = <usize>contracts << 3;
  for (let start: usize = 0; start < all; start += BLOCK) {
    const bytes = min(BLOCK, all - start);
    const from = input + start;
    discountStage(bytes, from, stride);
    contractStage(bytes, from, stride);
    for (let level: i32 = 0; level < levels; level++) {
      levelStage(bytes, volatilities + stride * level + start, scratch + BLOCK * 2 * level);
    }
    end = flagContracts(bytes, <i32>(start >> 3), end);
    const to = output + (start >> 3) * rowBytes;
    for (let j: i32 = 0; j < scenarios; j++) {
      const scenario = table + SCENARIO_BYTES * j;
      shockStage(bytes, scenario, scratch + BLOCK * 2 * load<u32>(scenario, 16));
      tailStage(bytes);
      resultStage(bytes, scenario, from, stride, to, rowBytes);
    }
  }
  return <i32>((end - flagged) >> 2);
}
