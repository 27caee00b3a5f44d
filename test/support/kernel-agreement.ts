/**
 * Measures how far two sets of batch results lie apart, in units of what is allowed.
 */
import { exp, log, type BlackScholesColumns, type SensitivityColumns } from '@ballast/pricing';

export type Quantity = keyof SensitivityColumns;
export const quantities: readonly Quantity[] = ['price', 'delta', 'gamma', 'vega', 'theta', 'rho'];

/** The worst row of one quantity. */
export interface Disagreement {
  /** |difference| / allowed difference, worst row; at most 1 when the two agree. */
  readonly ratio: number;
  readonly row: number;
}

export interface AgreementOptions {
  /** Options on a forward held fixed: dividend yield = rate, rho = −T·V. */
  readonly futures?: boolean;
}

/** Compares results row by row; NaN agrees with NaN alone. */
export function measureAgreement(
  rows: BlackScholesColumns,
  results: SensitivityColumns,
  reference: SensitivityColumns,
  options: AgreementOptions = {},
): Readonly<Record<Quantity, Disagreement>> {
  const worst = Object.fromEntries(quantities.map((quantity) => [quantity, { ratio: 0, row: -1 }])) as Record<
    Quantity,
    Disagreement
  >;
  for (let row = 0; row < rows.spot.length; row++) {
    const scale = rowScale(rows, row, options.futures === true);
    for (const quantity of quantities) {
      const value = results[quantity][row] as number;
      const expected = reference[quantity][row] as number;
      const ratio = disagreement(quantity, value, expected, scale);
      if (!(ratio <= worst[quantity].ratio)) worst[quantity] = { ratio, row };
    }
  }
  return worst;
}

/** What the allowed differences of a row are built from; see numerics: accuracy bars. */
interface RowScale {
  /** max(S, K, S·e^(−qT), K·e^(−rT)). */
  readonly prices: number;
  /** 1 + d1² + |(r−q)T|/s + |d1|·(|ln S/K| + |r−q|T)/s. */
  readonly condition: number;
  readonly d1Square: number;
  /** Sums of the magnitudes of the terms of theta and rho, without the decay. */
  readonly carry: number;
  readonly rho: number;
}

function rowScale(rows: BlackScholesColumns, row: number, futures: boolean): RowScale {
  const at = (column: Float64Array) => column[row] as number;
  const [spot, strike, years, rate, volatility] = [
    at(rows.spot),
    at(rows.strike),
    at(rows.yearsToExpiry),
    at(rows.rate),
    at(rows.volatility),
  ];
  const dividendYield = futures ? rate : at(rows.dividendYield);
  const deviation = volatility * Math.sqrt(years);
  const spotNow = spot * exp(-dividendYield * years);
  const strikeNow = strike * exp(-rate * years);
  const drift = (rate - dividendYield) * years;
  const ln = log(spot / strike);
  const d1 = (ln + drift) / deviation + deviation / 2;
  const bend = (Math.abs(d1) * (Math.abs(ln) + Math.abs(drift))) / deviation;
  return {
    prices: Math.max(spot, strike, spotNow, strikeNow),
    condition: 1 + d1 * d1 + Math.abs(drift) / deviation + bend,
    d1Square: d1 * d1,
    carry: Math.abs(dividendYield) * spotNow + Math.abs(rate) * strikeNow,
    rho: years * (futures ? Math.max(spotNow, strikeNow) : strikeNow),
  };
}

function disagreement(quantity: Quantity, value: number, expected: number, scale: RowScale): number {
  if (Object.is(value, expected) || value === expected) return 0;
  if (value !== value || expected !== expected) return Infinity;
  const difference = Math.abs(value - expected);
  const allowed = allowance(quantity, Math.abs(expected), scale);
  return difference / Math.max(allowed, SMALLEST_JUDGED);
}

function allowance(quantity: Quantity, magnitude: number, scale: RowScale): number {
  switch (quantity) {
    case 'price':
      return 1e-15 * scale.prices;
    case 'delta':
    case 'gamma':
    case 'vega':
      return 2 * 30 * EPSILON * scale.condition * magnitude;
    case 'theta':
      return Math.max(2e-12 * (1 + scale.d1Square) * magnitude, 2e-13 * (scale.carry + magnitude));
    case 'rho':
      return Math.max(2e-12 * (1 + scale.d1Square) * magnitude, 2e-13 * scale.rho);
  }
}

const EPSILON = 2.220446049250313e-16;
/** The bars apply while the true value exceeds this. */
const SMALLEST_JUDGED = 1e-290;
