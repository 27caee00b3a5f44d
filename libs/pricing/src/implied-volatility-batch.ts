/**
 * Implied volatility in batches: columns in, caller-owned columns out, no allocation per row.
 */
import {
  ABOVE_MAXIMUM,
  BELOW_INTRINSIC,
  impliedLognormalVolatility,
  impliedNormalVolatility,
  type ImpliedVolatilityModel,
} from './implied-volatility';
import { PricingInputError } from './pricing-input-error';

/** Quotes in columns of one length, one option per row. */
export interface ImpliedVolatilityColumns {
  /** Forward price at expiry [currency/unit]; ≥ 0 under 'black76'. */
  readonly forward: Float64Array;
  /** Strike [currency/unit]; ≥ 0 under 'black76'. */
  readonly strike: Float64Array;
  /** Time to expiry, ACT/365F [year] ≥ 0. */
  readonly yearsToExpiry: Float64Array;
  /** Discount factor to the payment date, > 0. */
  readonly discountFactor: Float64Array;
  /** Price of the option today [currency/unit]. */
  readonly price: Float64Array;
  /** Call 1, put −1. */
  readonly right: Float64Array;
}

/** Where the answers go; every row is overwritten. */
export interface ImpliedVolatilityAnswers {
  /** The volatility of an 'ok' row, NaN of any other. */
  readonly volatility: Float64Array;
  /** A value of IMPLIED_VOLATILITY_STATUS. */
  readonly status: Uint8Array;
}

/** What a batch could not read: rows with an inadmissible input, ascending. */
export interface ImpliedVolatilityReport {
  readonly badCount: number;
  readonly badRows: readonly number[];
}

/** The codes of the status column. */
export const IMPLIED_VOLATILITY_STATUS = { ok: 0, belowIntrinsic: 1, aboveMaximum: 2, badInput: 3 } as const;

/**
 * Computes the implied volatility of every row, bit for bit as `impliedVolatility` does.
 *
 * @param model    'black76' or 'bachelier'
 * @param columns  quotes [see ImpliedVolatilityColumns]
 * @param answers  columns of the same length; a bad row gets NaN and status 3
 * @throws PricingInputError when the columns differ in length or the model is unknown
 */
export function impliedVolatilityBatch(
  model: ImpliedVolatilityModel,
  columns: ImpliedVolatilityColumns,
  answers: ImpliedVolatilityAnswers,
): ImpliedVolatilityReport {
  const { forward, strike, yearsToExpiry, discountFactor, price, right } = columns;
  if (model !== 'black76' && model !== 'bachelier') {
    throw new PricingInputError('model', model, "must be 'black76' or 'bachelier'");
  }
  requireLength({ strike, yearsToExpiry, discountFactor, price, right, ...answers }, forward.length);
  const isNormal = model === 'bachelier';
  const badRows: number[] = [];
  for (let row = 0; row < forward.length; row++) {
    const f = forward[row]!;
    const k = strike[row]!;
    const t = yearsToExpiry[row]!;
    const d = discountFactor[row]!;
    const p = price[row]!;
    const w = right[row]!;
    if (!isAdmissible(f, k, t, d, p, w) || (!isNormal && (f < 0 || k < 0))) {
      answers.volatility[row] = NaN;
      answers.status[row] = IMPLIED_VOLATILITY_STATUS.badInput;
      badRows.push(row);
      continue;
    }
    const answer = isNormal
      ? impliedNormalVolatility(w === 1, f, k, t, d, p)
      : impliedLognormalVolatility(w === 1, f, k, t, d, p);
    answers.volatility[row] = answer >= 0 ? answer : NaN;
    answers.status[row] = statusOf(answer);
  }
  return { badCount: badRows.length, badRows };
}

function isAdmissible(f: number, k: number, t: number, d: number, p: number, w: number): boolean {
  // A sum of finite numbers minus itself is 0; NaN and the infinities give NaN.
  const isFinite = f - f + (k - k) + (t - t) + (d - d) + (p - p) === 0;
  return isFinite && t >= 0 && d > 0 && (w === 1 || w === -1);
}

function statusOf(answer: number): number {
  if (answer === BELOW_INTRINSIC) return IMPLIED_VOLATILITY_STATUS.belowIntrinsic;
  return answer === ABOVE_MAXIMUM ? IMPLIED_VOLATILITY_STATUS.aboveMaximum : IMPLIED_VOLATILITY_STATUS.ok;
}

function requireLength(columns: Readonly<Record<string, Float64Array | Uint8Array>>, length: number): void {
  for (const [name, column] of Object.entries(columns)) {
    if (column.length !== length) {
      throw new PricingInputError(`${name}.length`, column.length, `must be ${length} as in forward`);
    }
  }
}
