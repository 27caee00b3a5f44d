/**
 * The binomial tree of Cox, Ross and Rubinstein (1979): the model behind TIMS theoretical values, kept for parity.
 */
import { americanLimit, isAmericanLimit } from './american-limits';
import { requireAmericanOption, type AmericanOption, type AmericanResult } from './american-option';
import { blackScholes } from './black-scholes';
import { exp } from './exponential';
import { PricingInputError } from './pricing-input-error';

/** An option and the tree to price it on. */
export interface BinomialCrrInput extends AmericanOption {
  /** Number of time steps, integer 2 … 20000; 801 if absent. */
  readonly steps?: number;
  /** `american` if absent. */
  readonly exercise?: 'american' | 'european';
}

/**
 * Computes price and sensitivities on a Cox-Ross-Rubinstein tree: up factor e^(σ√Δ), its inverse down, probability
 * (e^((r−q)Δ) − d)/(u − d).
 *
 * Delta comes from the two nodes of the first step, gamma from the three of the second, theta from the middle one of
 * them; vega and rho are central differences of two more trees each (σ ± 0.01, r ± 0.001). Where the probability would
 * leave [0, 1], |r − q|√Δ ≥ σ, the tree follows the forward instead: factors e^((r−q)Δ ± σ√Δ).
 *
 * @returns price [currency/unit]; delta [1]; gamma [unit/currency]; vega and rho per 1.00; theta per year; where exercise
 *          now is optimal delta ±1 and the other sensitivities 0
 * @throws PricingInputError when an input is not finite or out of range (volatility may be Infinity)
 *
 * @example
 * binomialCrr({ right: 'put', spot: 50, strike: 50, yearsToExpiry: 5 / 12, rate: 0.1, dividendYield: 0, volatility: 0.4, steps: 5 })
 *   .price // 4.4885 (Hull, Options, Futures and Other Derivatives, ch. 21)
 */
export function binomialCrr(input: BinomialCrrInput): AmericanResult {
  const { spot, strike, rate, dividendYield, volatility } = input;
  const { steps, american } = checkedTree(input);
  if (isAmericanLimit(input)) return american ? americanLimit(input) : europeanLimit(input);
  const sign = input.right === 'call' ? 1 : -1;
  const tree = rolledTree(input, steps, american);
  if (american && tree.exercised) {
    return { price: sign * (spot - strike), delta: sign, gamma: 0, vega: 0, theta: 0, rho: 0, exerciseNow: true };
  }
  const value = (change: Partial<AmericanOption>) => rolledTree({ ...input, ...change }, steps, american).price;
  const volatilityStep = Math.min(VOLATILITY_STEP, 0.5 * volatility);
  const higher = value({ volatility: volatility + volatilityStep });
  const lower = value({ volatility: volatility - volatilityStep });
  const { price, delta, gamma } = tree;
  const carried = (rate - dividendYield) * spot * delta + 0.5 * volatility * volatility * spot * spot * gamma;
  return {
    price,
    delta,
    gamma,
    vega: (higher - lower) / (2 * volatilityStep),
    theta: tree.recombines ? (tree.middle - price) / ((2 * input.yearsToExpiry) / steps) : rate * price - carried,
    rho: (value({ rate: rate + RATE_STEP }) - value({ rate: rate - RATE_STEP })) / (2 * RATE_STEP),
    exerciseNow: false,
  };
}

/**
 * Computes the price alone.
 *
 * @throws PricingInputError as `binomialCrr`
 */
export function binomialCrrPrice(input: BinomialCrrInput): number {
  const { steps, american } = checkedTree(input);
  if (isAmericanLimit(input)) return (american ? americanLimit(input) : europeanLimit(input)).price;
  return rolledTree(input, steps, american).price;
}

function checkedTree(input: BinomialCrrInput) {
  requireAmericanOption(input);
  const { steps = DEFAULT_STEPS, exercise = 'american' } = input;
  if (!(Number.isInteger(steps) && steps >= 2 && steps <= LARGEST_STEPS)) {
    throw new PricingInputError('steps', steps, `must be an integer from 2 to ${LARGEST_STEPS}`);
  }
  if (exercise !== 'american' && exercise !== 'european') {
    throw new PricingInputError('exercise', exercise, "must be 'american' or 'european'");
  }
  return { steps, american: exercise === 'american' };
}

function europeanLimit(input: AmericanOption): AmericanResult {
  const { price, delta, gamma, vega, theta, rho } = blackScholes(input);
  return { price, delta, gamma, vega, theta, rho, exerciseNow: false };
}

/** Values at the root and the sensitivities of the first two steps. */
interface RolledTree {
  readonly price: number;
  readonly delta: number;
  readonly gamma: number;
  /** Value of the middle node after two steps. */
  readonly middle: number;
  /** The middle node lies at the spot. */
  readonly recombines: boolean;
  readonly exercised: boolean;
}

function rolledTree(option: AmericanOption, steps: number, american: boolean): RolledTree {
  const { spot, strike, yearsToExpiry, rate, volatility } = option;
  const sign = option.right === 'call' ? 1 : -1;
  const years = yearsToExpiry / steps;
  const drift = (rate - option.dividendYield) * years;
  const move = volatility * Math.sqrt(years);
  const recombines = Math.abs(drift) < move;
  const shift = recombines ? 0 : drift;
  const up = exp(shift + move);
  const down = exp(shift - move);
  const probability = (exp(drift) - down) / (up - down);
  const discount = exp(-rate * years);
  const values = new Float64Array(steps + 1);
  const payoffs = new Float64Array(2 * steps + 1);
  for (let k = 0; k <= 2 * steps; k++) payoffs[k] = sign * (spot * exp((k - steps) * move) - strike);
  for (let j = 0; j <= steps; j++) {
    const payoff = shift === 0 ? payoffs[2 * j]! : sign * (spot * exp(steps * shift + (2 * j - steps) * move) - strike);
    values[j] = Math.max(0, payoff);
  }
  const roll = (from: number, to: number) => {
    for (let step = from - 1; step >= to; step--) {
      if (american && shift !== 0) {
        const level = sign * spot * exp(step * shift);
        for (let j = 0; j <= step; j++)
          payoffs[steps - step + 2 * j] = level * exp((2 * j - step) * move) - sign * strike;
      }
      stepBack(values, payoffs, step, steps - step, discount * probability, discount * (1 - probability), american);
    }
  };
  roll(steps, 2);
  const [low, middle, high] = [values[0]!, values[1]!, values[2]!];
  roll(2, 1);
  const slope = (values[1]! - values[0]!) / (spot * (up - down));
  const price = discount * (probability * values[1]! + (1 - probability) * values[0]!);
  const intrinsic = sign * (spot - strike);
  const spacing = spot * (up * up - up * down);
  const lowerSpacing = spot * (up * down - down * down);
  const curvature = ((high - middle) / spacing - (middle - low) / lowerSpacing) / (0.5 * (spacing + lowerSpacing));
  const exercised = american && intrinsic > 0 && intrinsic >= price;
  return { price: exercised ? intrinsic : price, delta: slope, gamma: curvature, middle, recombines, exercised };
}

/** One step towards the root; the payoff of node j lies at first + 2j. */
function stepBack(
  values: Float64Array,
  payoffs: Float64Array,
  step: number,
  first: number,
  upWeight: number,
  downWeight: number,
  american: boolean,
): void {
  if (!american) {
    for (let j = 0; j <= step; j++) values[j] = upWeight * values[j + 1]! + downWeight * values[j]!;
    return;
  }
  for (let j = 0; j <= step; j++) {
    const held = upWeight * values[j + 1]! + downWeight * values[j]!;
    const exercised = payoffs[first + 2 * j]!;
    values[j] = held > exercised ? held : exercised;
  }
}

const DEFAULT_STEPS = 801;
const LARGEST_STEPS = 20000;
const VOLATILITY_STEP = 0.01;
const RATE_STEP = 0.001;
