import { exp } from '@ballast/pricing';
import { measureState, type PreparedState } from '../analysis/account-state';
import { valueContracts } from '../analysis/contract-values';
import { requireKnownUnderlyings } from '../analysis/known-underlyings';
import type { Steps } from '../risk/steps';
import { requireWithin } from '../risk/tail/risk-question';
import { movingUnderlyings } from '../risk/valuation/account-parts';
import type { AssetClass } from '../stress/asset-class';
import { correlationRoot, type CorrelationRoot, type PairCorrelation } from './correlation-root';
import { factorVolatility } from './factor-volatility';
import { findNearestExhaustion } from './nearest-exhaustion';
import {
  prepareReverseMarket,
  type ReverseFactor,
  type ReverseMarket,
  type ReverseStressPoint,
} from './reverse-market';
import { refineRay } from './refine-ray';
import { searchRay } from './search-ray';
import { tabulateBuffer } from './tabled-buffer';

/** What a reverse stress test is asked. */
export interface ReverseStressQuestion {
  /** Trading days of the move, 252 to the year: moves are measured in σ·√(days/252). */
  readonly horizonDays: number;
  /** Annualised volatilities by underlying, in place of the market's. */
  readonly volatilities?: Readonly<Record<string, number>>;
  /** Correlations of pairs; one that is not stated takes `correlation`. */
  readonly correlations?: readonly PairCorrelation[];
  /** −1 … 1 */
  readonly correlation: number;
  /** Betas of the parallel move; 1 where one is not named. */
  readonly betas?: Readonly<Record<string, number>>;
  readonly classes?: Readonly<Record<string, AssetClass>>;
  /** Markets valued at most by each of the two searches over all directions. */
  readonly budget: number;
}

/** One day, a correlation of 0.5 between all underlyings (an assumption), 3,000 markets. */
export const defaultReverseStressQuestion: ReverseStressQuestion = { horizonDays: 1, correlation: 0.5, budget: 3_000 };

/** Result of a search over all directions. */
export interface ReverseStressSearch {
  /** null: no direction that was tried exhausts the buffer within 40 standard deviations. */
  readonly point: ReverseStressPoint | null;
  /** false: the budget ended the search; a nearer point may exist. */
  readonly settled: boolean;
  readonly evaluations: number;
}

export interface ReverseStress {
  /** BREACHED: the buffer is negative already, nothing is searched. INDETERMINATE: the account cannot be valued. */
  readonly state: 'SEARCHED' | 'BREACHED' | 'INDETERMINATE';
  readonly horizonDays: number;
  readonly factors: readonly ReverseFactor[];
  /** One underlying moving alone, down and up; null = none within 40 standard deviations. */
  readonly byUnderlying: readonly {
    readonly underlyingId: string;
    readonly down: ReverseStressPoint | null;
    readonly up: ReverseStressPoint | null;
  }[];
  /** All underlyings by their beta × one move. */
  readonly parallel: { readonly down: ReverseStressPoint | null; readonly up: ReverseStressPoint | null } | null;
  /** The move of the smallest norm. */
  readonly smallest: ReverseStressSearch | null;
  /** The move of the smallest Mahalanobis distance. */
  readonly mostLikely: ReverseStressSearch | null;
}

/**
 * Finds the moves of prices that exhaust the buffer of an account: per underlying, in parallel, the smallest and the most
 * likely of all (methodology §5.7). Volatilities and rates stay. The price of an underlying that cannot be negative moves
 * by e^(s·z), of any other by 1 + s·z, with s = σ·√(days/252) and z in standard deviations.
 *
 * @throws DomainError 'INVALID_PARAMETER' for a question out of range, numbers of underlyings that the account does not
 *         depend on, or correlations no distribution has
 */
export function* searchReverseStress(prepared: PreparedState, question: ReverseStressQuestion): Steps<ReverseStress> {
  requireWithin('horizonDays', question.horizonDays, [1, 250]);
  requireWithin('budget', question.budget, [1, 100_000], true);
  const moving = movingUnderlyings(prepared);
  for (const field of ['volatilities', 'betas'] as const)
    requireKnownUnderlyings({ field, byName: question[field] ?? {} }, moving);
  const empty = {
    horizonDays: question.horizonDays,
    byUnderlying: [],
    parallel: null,
    smallest: null,
    mostLikely: null,
  };
  const now = measureState(prepared);
  if (now.status === 'indeterminate') return { state: 'INDETERMINATE', factors: [], ...empty };
  const factors = factorsOf(prepared, question);
  const ids = factors.map(({ underlyingId }) => underlyingId);
  const { correlations: pairs = [], correlation: otherwise } = question;
  const correlation = correlationRoot({ ids, pairs, otherwise });
  if (now.figures.equity < now.figures.maintenance) return { state: 'BREACHED', factors, ...empty };
  if (factors.length === 0) return { state: 'SEARCHED', factors, ...empty };
  const market = prepareReverseMarket(prepared, { factors, correlation, horizonDays: question.horizonDays });
  const searched = { market, quick: yield* tabulateBuffer(prepared, market) };
  const byUnderlying = [];
  for (const [index, underlyingId] of ids.entries()) {
    const alone = (deviation: number) => ids.map((_, place) => (place === index ? deviation : 0));
    byUnderlying.push({
      underlyingId,
      down: yield* alongRay(searched, (distance) => market.movesOf(alone(-distance))),
      up: yield* alongRay(searched, (distance) => market.movesOf(alone(distance))),
    });
  }
  const { betas = {}, budget } = question;
  const unit = Math.max(...market.scales);
  const parallel = {
    down: yield* alongRay(searched, (distance) => market.betaMoves(exp(-unit * distance) - 1, betas)),
    up: yield* alongRay(searched, (distance) => market.betaMoves(exp(unit * distance) - 1, betas)),
  };
  const known = [...byUnderlying, parallel]
    .flatMap(({ down, up }) => [down, up])
    .flatMap((point) => (point === null ? [] : [point.moves.map(({ deviations }) => deviations)]));
  const plain = correlationRoot({ ids, pairs: [], otherwise: 0 });
  const smallest = yield* inAllDirections(searched, plain, { known, budget });
  const mostLikely = yield* inAllDirections(searched, correlation, { known, budget });
  return { ...empty, state: 'SEARCHED', factors, byUnderlying, parallel, smallest, mostLikely };
}

function factorsOf(prepared: PreparedState, question: ReverseStressQuestion): readonly ReverseFactor[] {
  const { portfolio, snapshot } = prepared;
  const contracts = [
    ...valueContracts(
      prepared,
      portfolio.positions.map(({ instrument }) => instrument),
    ).values(),
  ];
  const { volatilities = {}, classes } = question;
  return movingUnderlyings(prepared).flatMap((underlyingId) => {
    const quote = snapshot.underlyings.get(underlyingId);
    if (quote === undefined || quote.price === null || quote.price.isZero()) return [];
    const stated = Object.hasOwn(volatilities, underlyingId) ? volatilities[underlyingId] : undefined;
    const volatility = factorVolatility({
      quote,
      contracts,
      ...(stated === undefined ? {} : { stated }),
      ...(classes === undefined ? {} : { classes }),
    });
    return [{ underlyingId, price: quote.price, ...volatility }];
  });
}

/** The account by full revaluation, and by tables where they are to be had. */
interface SearchedMarket {
  readonly market: ReverseMarket;
  readonly quick: ReverseMarket['bufferAt'] | null;
}

function* alongRay(
  { market, quick }: SearchedMarket,
  movesAt: (distance: number) => readonly number[],
): Steps<ReverseStressPoint | null> {
  const bufferAt = (distance: number) => market.bufferAt(movesAt(distance));
  const guess = quick === null ? NaN : yield* searchRay((at) => quick(movesAt(at)));
  if (guess === null) return null;
  const refined = Number.isNaN(guess) ? null : yield* refineRay(bufferAt, guess);
  const distance = refined ?? (yield* searchRay(bufferAt));
  return distance === null ? null : market.pointAt(movesAt(distance));
}

/**
 * Searches the nearest exhausted point in the space of independent factors u, where deviations are A·u: the length of u is
 * the norm for A = 1 and the Mahalanobis distance for A·Aᵀ = R. The rows of A are the likeliest directions in which one
 * underlying moves; points that are known already are where it starts, so that none of them is nearer.
 */
function* inAllDirections(
  { market, quick }: SearchedMarket,
  correlation: CorrelationRoot,
  asked: { readonly known: readonly (readonly number[])[]; readonly budget: number },
): Steps<ReverseStressSearch> {
  const { root, size, factorsOf } = correlation;
  const movesOf = (factors: ArrayLike<number>) =>
    market.movesOf(
      market.factors.map((_, row) => {
        let sum = 0;
        for (let column = 0; column < size; column += 1)
          sum += (root[row * size + column] as number) * (factors[column] as number);
        return sum;
      }),
    );
  const rows = market.factors.flatMap((_, row) => {
    const own = root.slice(row * size, (row + 1) * size);
    return [own, own.map((value) => -value)];
  });
  const known = asked.known.map(factorsOf);
  const bufferAt = quick ?? market.bufferAt;
  const question = { size, starts: [...known, ...rows], budget: asked.budget };
  const found = yield* findNearestExhaustion((point) => bufferAt(movesOf(point)), question);
  const { nearest, settled, evaluations } = found;
  if (nearest === null) return { point: null, settled, evaluations };
  const at = (distance: number) => nearest.direction.map((value) => value * distance);
  if (quick === null) return { point: market.pointAt(movesOf(at(nearest.distance))), settled, evaluations };
  const refined = yield* refineRay((distance) => market.bufferAt(movesOf(at(distance))), nearest.distance);
  if (refined === null) return yield* inAllDirections({ market, quick: null }, correlation, asked);
  const nearer = known.filter((factors) => lengthOf(factors) < refined && isGone(market.bufferAt(movesOf(factors))));
  const [factors] = [at(refined), ...nearer].sort((left, right) => lengthOf(left) - lengthOf(right));
  return { point: market.pointAt(movesOf(factors as Float64Array)), settled, evaluations };
}

function lengthOf(factors: Float64Array): number {
  return Math.sqrt(factors.reduce((sum, value) => sum + value * value, 0));
}

/** A refined root lies on either side of 0 by its last digits. */
function isGone(buffer: number | null): boolean {
  return buffer !== null && buffer < 1e-6;
}
