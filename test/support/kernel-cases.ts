/**
 * Deterministic option rows for the kernel's agreement and hash tests: markets, the money, tails, scales and limits.
 */
import type { BlackScholesColumns, SensitivityColumns } from '@ballast/pricing';

/** 64-bit linear congruential generator (Knuth's MMIX constants), upper 53 bits: the same numbers on every engine. */
export function createGenerator(seed: number): () => number {
  let state = BigInt(seed);
  return () => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    return Number(state >> 11n) / 9007199254740992;
  };
}

/** Columns of `count` rows, zero. */
export function createColumns(count: number): BlackScholesColumns {
  const column = () => new Float64Array(count);
  return {
    ...{ spot: column(), strike: column(), yearsToExpiry: column(), rate: column() },
    ...{ dividendYield: column(), volatility: column(), right: column() },
  };
}

/** Result columns of `count` rows, zero. */
export function createResults(count: number): SensitivityColumns {
  const column = () => new Float64Array(count);
  return { price: column(), delta: column(), gamma: column(), vega: column(), theta: column(), rho: column() };
}

/** One row: spot, strike, years, rate, yield, volatility. */
type Row = readonly [number, number, number, number, number, number];
type Generator = () => number;

/**
 * Fills rows: in every hundred 50 of ordinary markets, 20 at the money, 20 in the tails, 8 at unusual scales and
 * 2 limit cases in turn.
 */
export function buildKernelCases(count: number, seed: number): BlackScholesColumns {
  const columns = createColumns(count);
  const random = createGenerator(seed);
  for (let row = 0; row < count; row++) {
    const place = row % 100;
    const values = rowOf(place, row, random);
    columns.spot[row] = values[0];
    columns.strike[row] = values[1];
    columns.yearsToExpiry[row] = values[2];
    columns.rate[row] = values[3];
    columns.dividendYield[row] = values[4];
    columns.volatility[row] = values[5];
    columns.right[row] = random() < 0.5 ? 1 : -1;
  }
  return columns;
}

function rowOf(place: number, row: number, random: Generator): Row {
  if (place < 50) return marketRow(random);
  if (place < 70) return moneyRow(random);
  if (place < 90) return tailRow(random);
  if (place < 98) return scaleRow(random);
  const limits = limitRows(random);
  return limits[Math.floor(row / 100) % limits.length] as Row;
}

function marketRow(random: Generator): Row {
  const spot = exp(uniform(random, 0, 9));
  const volatility = uniform(random, 0.05, 1.2);
  const years = exp(uniform(random, -6, 2));
  const strike = spot * exp(uniform(random, -3, 3) * volatility * Math.sqrt(years));
  return [spot, strike, years, uniform(random, -0.02, 0.12), uniform(random, 0, 0.08), volatility];
}

/** Spot and strike apart by anything from nothing to a percent. */
function moneyRow(random: Generator): Row {
  const spot = uniform(random, 50, 150);
  const strike = spot * (1 + uniform(random, -1, 1) * exp(uniform(random, -36, -4)));
  const years = exp(uniform(random, -9, 1));
  return [spot, strike, years, uniform(random, -0.02, 0.12), uniform(random, 0, 0.08), exp(uniform(random, -6, 1))];
}

/** d1 and d2 up to ±45: beyond the smallest double. */
function tailRow(random: Generator): Row {
  const spot = uniform(random, 10, 1000);
  const deviation = exp(uniform(random, -7, 1));
  const years = exp(uniform(random, -5, 1));
  const strike = spot * exp(Math.max(-18, Math.min(18, uniform(random, -45, 45) * deviation)));
  return [spot, strike, years, uniform(random, -0.02, 0.12), uniform(random, 0, 0.08), deviation / Math.sqrt(years)];
}

/** Prices from 1e-8 to 1e12, rates of a hyperinflation, times of decades, volatilities from nothing to 1000 %. */
function scaleRow(random: Generator): Row {
  const spot = exp(uniform(random, -18, 27));
  const years = exp(uniform(random, -12, 4));
  const volatility = exp(uniform(random, -9, 2.3));
  const strike = spot * exp(uniform(random, -2, 2));
  return [spot, strike, years, uniform(random, -0.3, 0.6), uniform(random, -0.2, 0.4), volatility];
}

/** The valid limits, and inputs that are not admissible. */
function limitRows(random: Generator): readonly Row[] {
  const spot = uniform(random, 50, 150);
  const strike = uniform(random, 50, 150);
  return [
    [spot, strike, 0, 0.05, 0.02, 0.2],
    [spot, spot, 0, 0.05, 0.02, 0.2],
    [spot, strike, 0.5, 0.05, 0.02, 0],
    [spot, spot, 0.5, 0.05, 0.05, 0],
    [spot, 0, 0.5, 0.05, 0.02, 0.2],
    [0, strike, 0.5, 0.05, 0.02, 0.2],
    [0, 0, 0.5, 0.05, 0.02, 0.2],
    [spot, strike, 0.5, 0.05, 0.02, Infinity],
    [spot, strike, 0, 0.05, 0.02, Infinity],
    [spot, strike, 5e-324, 0.05, 0.02, 0.2],
    [spot, strike, 0.5, 0.05, 0.02, 1e-300],
    [1e-300, strike, 0.5, 0.05, 0.02, 0.2],
    [spot, 1e300, 0.5, 0.05, 0.02, 0.2],
    [NaN, strike, 0.5, 0.05, 0.02, 0.2],
    [spot, NaN, 0.5, 0.05, 0.02, 0.2],
    [spot, strike, NaN, 0.05, 0.02, 0.2],
    [spot, strike, 0.5, NaN, 0.02, 0.2],
    [spot, strike, 0.5, 0.05, NaN, 0.2],
    [spot, strike, 0.5, 0.05, 0.02, NaN],
    [-spot, strike, 0.5, 0.05, 0.02, 0.2],
    [spot, -strike, 0.5, 0.05, 0.02, 0.2],
    [spot, strike, -0.5, 0.05, 0.02, 0.2],
    [spot, strike, 0.5, 0.05, 0.02, -0.2],
    [spot, Infinity, 0.5, 0.05, 0.02, 0.2],
    [spot, strike, Infinity, 0.05, 0.02, 0.2],
    [spot, strike, 0.5, Infinity, 0.02, 0.2],
    [spot, strike, 0.5, 0.05, -Infinity, 0.2],
  ];
}

/**
 * e^x to within six percent, by additions and multiplications alone: 2^k·(1 + f) for x/ln 2 = k + f. The rows stay the
 * same when the library's own exponential changes its last bit.
 */
function exp(x: number): number {
  const power = x * 1.4426950408889634;
  const whole = Math.floor(power);
  let scale = 1;
  for (let step = 0; step < Math.abs(whole); step++) scale *= whole > 0 ? 2 : 0.5;
  return scale * (1 + (power - whole));
}

function uniform(random: Generator, low: number, high: number): number {
  return low + (high - low) * random();
}
