import { currencyScale, Decimal } from '@ballast/domain';
import { type ModelBuffer, type PreparedState, stateCover } from './account-state';
import { type AccountTrade, applyTrades } from './account-trade';
import { prepareTradeSpace } from './trade-space';

/** Which requirement a new trade must leave covered. */
export type CoveredRequirement = 'INITIAL' | 'MAINTENANCE';

/** Largest quantity of a trade that the account can carry. */
export type AffordableQuantity =
  /** Contracts in the direction of the trade, signed as the trade; 0 = not one. */
  | { readonly status: 'found'; readonly quantity: Decimal }
  /** No quantity up to the largest that is looked at exhausts the account. */
  | { readonly status: 'unlimited' }
  | { readonly status: 'indeterminate' };

/**
 * Finds the largest quantity of a trade after which equity still covers the requirement (methodology §5.3).
 *
 * Several trades are one package: the answer is the quantity of the first one with the others in proportion, in whole
 * steps of the smallest package of whole contracts. Affordability need not be monotone (a hedge first frees, then binds),
 * so quantities 1, 2, 4 … 2^40 packages are probed, the largest affordable probe is bracketed and bisected; where no probe
 * fits, the best one is searched around. Probing ends sooner once the package is 64 times all that is held together, its
 * slack is negative and falls with each doubling: nothing held can make up for it any more. The answer is evaluated in
 * full, with the packages beside it up to 64 away, until one that fits is followed by one that does not; where equity is
 * linear in the quantity and the slack exceeds what rounding can take, the sum decides.
 *
 * @param covered  requirement that must stay covered; a new trade must leave the initial one covered
 * @throws DomainError as applyTrades
 */
export function findAffordableQuantity(
  prepared: PreparedState,
  trades: readonly AccountTrade[],
  covered: CoveredRequirement = 'INITIAL',
): AffordableQuantity {
  const steps = packageSteps(trades);
  if (steps.length === 0) return { status: 'indeterminate' };
  const space = prepareTradeSpace(
    prepared,
    trades.map(({ quantity, ...terms }) => ({ ...terms, sign: quantity.isNegative() ? -1 : 1 })),
  );
  if (space === null) return { status: 'indeterminate' };
  const slackOf = (count: number): number => {
    const figures = space.measure(steps.map((step) => step.toNumber() * count));
    if (figures === null) return -Infinity;
    return figures.equity - (covered === 'INITIAL' ? figures.initial : figures.maintenance);
  };
  const isExact = isLinear(prepared, trades);
  const now = space.measure(steps.map(() => 0));
  const rounding = now === null ? Infinity : roundingOf(now, prepared.portfolio.baseCurrency);
  const fits = (count: number): boolean => {
    const slack = isExact ? slackOf(count) : 0;
    // A trade's cash is rounded to 8 decimals, each package by itself.
    if (Math.abs(slack) > rounding + 1e-7 * count) return slack > 0;
    return isCovered(prepared, scaled(trades, steps, count), covered);
  };
  const estimate = largestCount(slackOf, dominanceOf(prepared));
  const first = steps[0] as Decimal;
  if (estimate >= countMaximum) return { status: 'unlimited' };
  const count = verifiedCount(estimate, fits);
  return { status: 'found', quantity: count === 0 ? new Decimal(0) : first.times(count) };
}

const countMaximum = 2 ** 40;
const lookBeyond = 64;

/** Whether equity is linear in the quantities: no currency haircut bends it, and no trade pays in another currency. */
function isLinear({ portfolio }: PreparedState, trades: readonly AccountTrade[]): boolean {
  const { baseCurrency, positions, cash } = portfolio;
  const instruments = [...positions, ...trades].map(({ instrument }) => instrument.currency);
  return [...instruments, ...cash.map(({ currency }) => currency)].every((currency) => currency === baseCurrency);
}

/** What rounding can take from a slack: a minor unit of equity, one of the requirement, and the noise of their sums. */
function roundingOf({ equity, initial }: ModelBuffer, currency: string): number {
  return 4 / 10 ** currencyScale(currency) + 1e-9 * (Math.abs(equity) + initial);
}

/** Packages of this size are 64 times everything that is held together. */
function dominanceOf({ portfolio }: PreparedState): number {
  const held = portfolio.positions.reduce((sum, { quantity }) => sum + Math.abs(quantity.toNumber()), 0);
  return 64 * Math.max(1, held);
}

/** Largest whole count with slack ≥ 0, 0 when none is found. */
function largestCount(slackOf: (count: number) => number, dominance: number): number {
  let fitting = -1;
  let best = 0;
  let bestSlack = slackOf(0);
  if (bestSlack >= 0) fitting = 0;
  let [before, wasFalling, isFalling] = [bestSlack, false, false];
  for (let count = 1; count <= countMaximum; count *= 2) {
    const slack = slackOf(count);
    if (slack >= 0) fitting = count;
    if (slack > bestSlack) [best, bestSlack] = [count, slack];
    isFalling = slack < 0 && slack < before;
    if (count > dominance && isFalling && wasFalling) break;
    [before, wasFalling] = [slack, isFalling];
  }
  const isProbe = fitting >= 0;
  if (!isProbe) fitting = searchPeak(slackOf, Math.floor(best / 2), Math.max(2, best * 2));
  if (fitting < 0) return 0;
  if (fitting >= countMaximum) return countMaximum;
  let low = fitting;
  let high = isProbe ? Math.max(1, 2 * fitting) : nextFailing(slackOf, fitting);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (slackOf(middle) >= 0) low = middle;
    else high = middle;
  }
  return low;
}

function nextFailing(slackOf: (count: number) => number, from: number): number {
  let step = 1;
  while (from + step <= countMaximum && slackOf(from + step) >= 0) step *= 2;
  return from + step;
}

/** Count of the largest slack between two counts by ternary search, exact where slack is concave; −1 when it is below 0. */
function searchPeak(slackOf: (count: number) => number, from: number, to: number): number {
  let [low, high] = [from, to];
  while (high - low > 2) {
    const third = Math.floor((high - low) / 3);
    const [left, right] = [low + third, high - third];
    if (slackOf(left) < slackOf(right)) low = left + 1;
    else high = right - (right > left ? 1 : 0);
  }
  for (let count = high; count >= low; count -= 1) if (slackOf(count) >= 0) return count;
  return -1;
}

/** The estimate by sums, put right by full evaluations on both sides. */
function verifiedCount(estimate: number, fits: (count: number) => boolean): number {
  let count = estimate;
  let isFitting = count === 0 || fits(count);
  for (let tries = 0; count > 0 && tries < lookBeyond && !isFitting; tries += 1) {
    count -= 1;
    isFitting = count === 0 || fits(count);
  }
  if (!isFitting) return 0;
  if (count < estimate) return count;
  while (count < estimate + lookBeyond && fits(count + 1)) count += 1;
  return count;
}

function isCovered(prepared: PreparedState, trades: readonly AccountTrade[], covered: CoveredRequirement): boolean {
  const cover = stateCover(prepared, applyTrades(prepared, trades).portfolio);
  if (cover === null) return false;
  return !(covered === 'INITIAL' ? cover.excess : cover.buffer).amount.isNegative();
}

function scaled(trades: readonly AccountTrade[], steps: readonly Decimal[], count: number): readonly AccountTrade[] {
  if (count === 0) return [];
  return trades.map((trade, index) => ({ ...trade, quantity: (steps[index] as Decimal).times(count) }));
}

/** Quantities of the smallest package of whole contracts in the same proportion; the quantities where one is no integer. */
function packageSteps(trades: readonly AccountTrade[]): readonly Decimal[] {
  if (trades.length === 1) return trades.map(({ quantity }) => new Decimal(quantity.isNegative() ? -1 : 1));
  if (!trades.every(({ quantity }) => quantity.isInteger())) return trades.map(({ quantity }) => quantity);
  const divisor = trades.reduce(
    (common, { quantity }) => greatestCommonDivisor(common, quantity.abs()),
    new Decimal(0),
  );
  return trades.map(({ quantity }) => quantity.div(divisor));
}

function greatestCommonDivisor(left: Decimal, right: Decimal): Decimal {
  return right.isZero() ? left : greatestCommonDivisor(right, left.mod(right));
}
