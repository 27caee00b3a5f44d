/**
 * Independent option values for golden portfolios: textbook formulas on the engine's own Math functions. Shares no code
 * with libs/.
 */

/** Φ(x): power series inside ±6, continued fraction outside. */
export function oracleNormalCdf(x: number): number {
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  if (Math.abs(x) < 6) {
    let term = x;
    let sum = x;
    for (let k = 1; Math.abs(term) > 1e-18 * Math.abs(sum) && k < 400; k += 1) {
      term *= (x * x) / (2 * k + 1);
      sum += term;
    }
    return 0.5 + density * sum;
  }
  let fraction = 0;
  for (let k = 60; k >= 1; k -= 1) fraction = k / (Math.abs(x) + fraction);
  const tail = density / (Math.abs(x) + fraction);
  return x > 0 ? 1 - tail : tail;
}

/** Φ⁻¹(p) by bisection. */
export function oracleInverseNormal(probability: number): number {
  let low = -40;
  let high = 40;
  for (let step = 0; step < 200; step += 1) {
    const middle = (low + high) / 2;
    if (oracleNormalCdf(middle) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

export interface OracleOption {
  readonly right: 'call' | 'put';
  readonly forward: number;
  readonly strike: number;
  readonly years: number;
  readonly volatility: number;
}

/** Undiscounted Black-76 value and its sensitivities to forward and volatility. */
export function oracleBlack({ right, forward, strike, years, volatility }: OracleOption) {
  const sign = right === 'call' ? 1 : -1;
  const deviation = volatility * Math.sqrt(years);
  if (deviation === 0) {
    const intrinsic = Math.max(0, sign * (forward - strike));
    return { value: intrinsic, delta: intrinsic > 0 ? sign : 0, gamma: 0, vega: 0 };
  }
  const d1 = Math.log(forward / strike) / deviation + deviation / 2;
  const d2 = d1 - deviation;
  const density = Math.exp((-d1 * d1) / 2) / Math.sqrt(2 * Math.PI);
  return {
    value: sign * (forward * oracleNormalCdf(sign * d1) - strike * oracleNormalCdf(sign * d2)),
    delta: sign * oracleNormalCdf(sign * d1),
    gamma: density / (forward * deviation),
    vega: forward * density * Math.sqrt(years),
  };
}

export interface OracleSpotOption {
  readonly right: 'call' | 'put';
  readonly spot: number;
  readonly strike: number;
  readonly years: number;
  readonly rate: number;
  readonly dividendYield: number;
  readonly volatility: number;
}

/** Black-Scholes-Merton value. */
export function oracleBlackScholes(option: OracleSpotOption): number {
  const forward = option.spot * Math.exp((option.rate - option.dividendYield) * option.years);
  return Math.exp(-option.rate * option.years) * oracleBlack({ ...option, forward }).value;
}

/** American value on a Cox-Ross-Rubinstein tree rolled back in place; all node prices are powers of one up factor. */
export function oracleBinomialTree(option: OracleSpotOption, steps: number): number {
  const { right, spot, strike, years, rate, dividendYield, volatility } = option;
  const dt = years / steps;
  const up = Math.exp(volatility * Math.sqrt(dt));
  const probability = (Math.exp((rate - dividendYield) * dt) - 1 / up) / (up - 1 / up);
  const rise = Math.exp(-rate * dt) * probability;
  const fall = Math.exp(-rate * dt) * (1 - probability);
  const sign = right === 'call' ? 1 : -1;
  const payoffs = Float64Array.from({ length: 2 * steps + 1 }, (_, index) =>
    Math.max(0, sign * (spot * Math.exp((index - steps) * Math.log(up)) - strike)),
  );
  const values = Float64Array.from({ length: steps + 1 }, (_, ups) => payoffs[2 * ups] as number);
  for (let level = steps - 1; level >= 0; level -= 1) {
    for (let ups = 0; ups <= level; ups += 1) {
      const held = rise * (values[ups + 1] as number) + fall * (values[ups] as number);
      const exercised = payoffs[2 * ups - level + steps] as number;
      values[ups] = held > exercised ? held : exercised;
    }
  }
  return values[0] as number;
}

/** Root of a growing function on [low, high] by bisection. */
export function oracleRoot(valueAt: (x: number) => number, target: number, low: number, high: number): number {
  let [a, b] = [low, high];
  for (let step = 0; step < 60; step += 1) {
    const middle = (a + b) / 2;
    if (valueAt(middle) < target) a = middle;
    else b = middle;
  }
  return (a + b) / 2;
}

/** Years of 365 days between two RFC 3339 instants. */
export function oracleYears(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / (365 * 86_400_000);
}
