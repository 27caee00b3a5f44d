/**
 * Independent American value: the tree of Leisen and Reimer (1996) with Richardson's extrapolation. Shares no code with
 * libs/.
 */

/** An American option. */
export interface OracleAmericanOption {
  readonly right: 'call' | 'put';
  readonly spot: number;
  readonly strike: number;
  readonly yearsToExpiry: number;
  readonly rate: number;
  readonly dividendYield: number;
  readonly volatility: number;
}

/** Extrapolated value of trees with `steps` (odd) and 2·steps + 1 steps. */
export function oracleAmericanPrice(option: OracleAmericanOption, steps: number): number {
  const finer = 2 * steps + 1;
  const rough = treeValue(option, steps);
  const fine = treeValue(option, finer);
  return fine + ((fine - rough) * steps) / (finer - steps);
}

function treeValue(option: OracleAmericanOption, steps: number): number {
  const { spot, strike, yearsToExpiry, rate, dividendYield, volatility } = option;
  const sign = option.right === 'call' ? 1 : -1;
  const deviation = volatility * Math.sqrt(yearsToExpiry);
  const d1 = (Math.log(spot / strike) + (rate - dividendYield + volatility ** 2 / 2) * yearsToExpiry) / deviation;
  const years = yearsToExpiry / steps;
  const growth = Math.exp((rate - dividendYield) * years);
  const probability = peizerPratt(d1 - deviation, steps);
  const up = (growth * peizerPratt(d1, steps)) / probability;
  const down = (growth - probability * up) / (1 - probability);
  const discount = Math.exp(-rate * years);
  const level = (i: number, j: number) => spot * Math.exp(j * Math.log(up) + (i - j) * Math.log(down));
  const values = Array.from({ length: steps + 1 }, (_, j) => Math.max(0, sign * (level(steps, j) - strike)));
  const levels = Array.from({ length: steps + 1 }, (_, j) => level(steps, j));
  for (let i = steps - 1; i >= 0; i--) {
    for (let j = 0; j <= i; j++) {
      levels[j] = levels[j]! / down;
      const held = discount * (probability * values[j + 1]! + (1 - probability) * values[j]!);
      values[j] = Math.max(held, sign * (levels[j]! - strike));
    }
  }
  return values[0]!;
}

/** Peizer and Pratt's second inversion of the binomial distribution. */
function peizerPratt(z: number, steps: number): number {
  const scaled = z / (steps + 1 / 3 + 0.1 / (steps + 1));
  const half = Math.sqrt(0.25 - 0.25 * Math.exp(-scaled * scaled * (steps + 1 / 6)));
  return z > 0 ? 0.5 + half : 0.5 - half;
}
