/**
 * European and American options on an underlying that pays known cash dividends.
 */
import { americanAlo } from './american-alo';
import { requireAmericanOption, type AmericanOption, type AmericanResult } from './american-option';
import { blackScholes } from './black-scholes';
import type { CashDividend, CashDividendConvention } from './cash-dividend';
import { certainOption, isCertain } from './cash-dividend-limit';
import { rollCashDividends, type DividendSchedule } from './cash-dividend-roll';
import { exp } from './exponential';
import { PricingInputError, requireFinite, requireNonNegative } from './pricing-input-error';

/** An option on an underlying with cash dividends. */
export interface CashDividendInput extends AmericanOption {
  readonly exercise: 'american' | 'european';
  readonly convention: CashDividendConvention;
  /** In any order; those after expiry are ignored, one at expiry itself is paid before it. */
  readonly dividends: readonly CashDividend[];
}

/**
 * Computes price and sensitivities with discrete cash dividends (a continuous yield may come on top).
 *
 * From expiry back to the last payment the option is priced in closed form (European) or by `americanAlo`; before that
 * by finite differences on two grids and Richardson's extrapolation, within about 2e-4 per 100 of strike, 6e-4 where a
 * dividend is a third of the price or more. A European option under the escrowed convention is Black-Scholes on the price
 * less the dividends' present value. Under the spot convention a price below a dividend pays what it has and stays at
 * zero. Delta and gamma come from the grid, theta from the pricing
 * equation, vega and rho from central differences (σ ± 1 %, r ± 1e-4, relative and absolute).
 *
 * @returns price [currency/unit]; delta [1]; gamma [unit/currency]; vega and rho per 1.00; theta per year; where exercise
 *          now is optimal delta ±1 and the other sensitivities 0
 * @throws PricingInputError when an input is not finite or out of range, and under the escrowed convention when the
 *         dividends are worth more than the spot; volatility must be finite where a grid is needed
 *
 * @example
 * cashDividendOption({ right: 'call', exercise: 'european', convention: 'escrowed', spot: 100, strike: 100, yearsToExpiry: 1,
 *   rate: 0.06, dividendYield: 0, volatility: 0.3, dividends: [{ yearsToPayment: 0.5, amount: 7 }] }).price // 10.6932
 */
export function cashDividendOption(input: CashDividendInput): AmericanResult {
  const schedule = checkedSchedule(input);
  if (schedule.dates.length === 0) return withoutDividends(input);
  if (isCertain(input)) return certainOption({ option: input, ...schedule });
  const plain = asPlainEuropean(input, schedule);
  if (plain !== null) return escrowedEuropean(input, plain, schedule);
  const { spot, rate, dividendYield, volatility } = input;
  const sign = input.right === 'call' ? 1 : -1;
  const { price, delta, gamma, exerciseNow } = rollCashDividends(input, schedule, 'extrapolated');
  if (exerciseNow) return { price, delta: sign, gamma: 0, vega: 0, theta: 0, rho: 0, exerciseNow };
  const value = (change: Partial<CashDividendInput>) => {
    const changed = { ...input, ...change };
    return rollCashDividends(changed, checkedSchedule(changed), 'extrapolated').price;
  };
  const volatilityStep = VOLATILITY_STEP * volatility;
  const vega = value({ volatility: volatility + volatilityStep }) - value({ volatility: volatility - volatilityStep });
  const rho = value({ rate: rate + RATE_STEP }) - value({ rate: rate - RATE_STEP });
  const moving = spot - schedule.escrowed;
  return {
    price,
    delta,
    gamma,
    vega: vega / (2 * volatilityStep),
    theta:
      rate * price -
      ((rate - dividendYield) * moving + rate * schedule.escrowed) * delta -
      0.5 * volatility * volatility * moving * moving * gamma,
    rho: rho / (2 * RATE_STEP),
    exerciseNow,
  };
}

/**
 * Computes the price alone.
 *
 * @throws PricingInputError as `cashDividendOption`
 */
export function cashDividendPrice(input: CashDividendInput): number {
  const schedule = checkedSchedule(input);
  if (schedule.dates.length === 0) return withoutDividends(input).price;
  if (isCertain(input)) return certainOption({ option: input, ...schedule }).price;
  const plain = asPlainEuropean(input, schedule);
  return plain === null ? rollCashDividends(input, schedule, 'extrapolated').price : blackScholes(plain).price;
}

function checkedSchedule(input: CashDividendInput): DividendSchedule {
  requireAmericanOption(input);
  const { exercise, convention, dividends, yearsToExpiry, rate, spot } = input;
  if (exercise !== 'american' && exercise !== 'european') {
    throw new PricingInputError('exercise', exercise, "must be 'american' or 'european'");
  }
  if (convention !== 'spot' && convention !== 'escrowed') {
    throw new PricingInputError('convention', convention, "must be 'spot' or 'escrowed'");
  }
  for (const { yearsToPayment, amount } of dividends) {
    requireFinite('dividends.yearsToPayment', yearsToPayment);
    if (!(yearsToPayment > 0)) throw new PricingInputError('dividends.yearsToPayment', yearsToPayment, 'must be > 0');
    requireNonNegative('dividends.amount', amount);
  }
  const dates = dividends
    .filter(({ yearsToPayment, amount }) => yearsToPayment <= yearsToExpiry && amount > 0)
    .sort((a, b) => a.yearsToPayment - b.yearsToPayment);
  const worth = dates.reduce((sum, { yearsToPayment, amount }) => sum + amount * exp(-rate * yearsToPayment), 0);
  if (convention === 'escrowed' && worth >= spot && dates.length > 0) {
    throw new PricingInputError('dividends', worth, `must be worth less than the spot ${spot} today`);
  }
  if (dates.length > 0 && !(input.volatility < Infinity)) {
    throw new PricingInputError('volatility', input.volatility, 'must be finite with cash dividends');
  }
  return { dates, escrowed: convention === 'escrowed' ? worth : 0 };
}

function withoutDividends(input: CashDividendInput): AmericanResult {
  if (input.exercise === 'american') return americanAlo(input);
  const { price, delta, gamma, vega, theta, rho } = blackScholes(input);
  return { price, delta, gamma, vega, theta, rho, exerciseNow: false };
}

/** The Black-Scholes option an escrowed European one is; null for the others. */
function asPlainEuropean(input: CashDividendInput, schedule: DividendSchedule) {
  if (input.exercise === 'american' || input.convention === 'spot') return null;
  const { right, strike, yearsToExpiry, rate, dividendYield, volatility } = input;
  return { right, strike, yearsToExpiry, rate, dividendYield, volatility, spot: input.spot - schedule.escrowed };
}

function escrowedEuropean(
  input: CashDividendInput,
  plain: NonNullable<ReturnType<typeof asPlainEuropean>>,
  schedule: DividendSchedule,
): AmericanResult {
  const { price, delta, gamma, vega, theta, rho } = blackScholes(plain);
  const duration = schedule.dates.reduce(
    (sum, { yearsToPayment, amount }) => sum + yearsToPayment * amount * exp(-input.rate * yearsToPayment),
    0,
  );
  return {
    price,
    delta,
    gamma,
    vega,
    theta: theta - input.rate * schedule.escrowed * delta,
    rho: rho + duration * delta,
    exerciseNow: false,
  };
}

const VOLATILITY_STEP = 0.01;
const RATE_STEP = 1e-4;
