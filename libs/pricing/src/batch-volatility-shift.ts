/**
 * How a scenario moves a volatility. The convention is always explicit: methodologies mean different things by "+28 %".
 */
import { exp } from './exponential';
import { log } from './logarithm';
import { PricingInputError } from './pricing-input-error';

/** A shift of volatility; a result below zero counts as zero. */
export type VolatilityShift =
  /** σ′ = σ·(1 + amount): relative, 0.25 = a quarter up. */
  | { readonly convention: 'multiplicative'; readonly amount: number }
  /** σ′ = σ + amount: points, 0.04 = four volatility points. */
  | { readonly convention: 'additive'; readonly amount: number }
  /** σ′ = amount, whatever the volatility was. */
  | { readonly convention: 'absolute'; readonly amount: number }
  /** σ′ = σ·(1 + amount·(30/days)^power), days to expiry not below `daysMinimum`: relative, more for short options. */
  | {
      readonly convention: 'term-scaled';
      readonly amount: number;
      readonly power: number;
      /** [day] > 0 */
      readonly daysMinimum: number;
    };

/**
 * Computes the shifted volatility.
 *
 * @param option.volatility     before the shift [1/√year]
 * @param option.yearsToExpiry  before any look-ahead, ACT/365F [year]; only the term-scaled convention reads it
 * @returns σ′ ≥ 0 [1/√year]; NaN when the volatility is negative or NaN
 *
 * @example
 * shiftVolatility({ convention: 'additive', amount: -0.3 }, { volatility: 0.2, yearsToExpiry: 1 }) // 0
 */
export function shiftVolatility(
  shift: VolatilityShift,
  option: { readonly volatility: number; readonly yearsToExpiry: number },
): number {
  if (!(option.volatility >= 0)) return NaN;
  const shifted = unflooredVolatility(shift, option.volatility, option.yearsToExpiry);
  return shifted < 0 ? 0 : shifted;
}

/** Throws PricingInputError unless every number of the shift is finite and in range. */
export function requireVolatilityShift(shift: VolatilityShift): void {
  if (!Number.isFinite(shift.amount)) throw new PricingInputError('amount', shift.amount, 'must be finite');
  switch (shift.convention) {
    case 'multiplicative':
    case 'additive':
      return;
    case 'absolute':
      if (shift.amount < 0) throw new PricingInputError('amount', shift.amount, 'must be ≥ 0');
      return;
    case 'term-scaled':
      if (!Number.isFinite(shift.power)) throw new PricingInputError('power', shift.power, 'must be finite');
      if (!(shift.daysMinimum > 0)) throw new PricingInputError('daysMinimum', shift.daysMinimum, 'must be > 0');
      return;
    default:
      throw new PricingInputError('convention', (shift as { convention: unknown }).convention, 'must be known');
  }
}

function unflooredVolatility(shift: VolatilityShift, volatility: number, yearsToExpiry: number): number {
  switch (shift.convention) {
    case 'multiplicative':
      return volatility * (1 + shift.amount);
    case 'additive':
      return volatility + shift.amount;
    case 'absolute':
      return shift.amount;
    case 'term-scaled': {
      const days = Math.max(yearsToExpiry * DAYS_PER_YEAR, shift.daysMinimum);
      return volatility * (1 + shift.amount * exp(shift.power * log(REFERENCE_DAYS / days)));
    }
  }
}

const DAYS_PER_YEAR = 365;
const REFERENCE_DAYS = 30;
