import type {
  ReverseStress as DomainReverse,
  ReverseStressPoint as DomainPoint,
  ReverseStressSearch as DomainSearch,
  StressAnswer,
  StressOutcome as DomainOutcome,
} from '@ballast/use-cases';
import { toFigures } from '../analysis/to-analysis';
import { toMoneyOrNull } from '../money/money.model';
import type {
  ReverseStress,
  ReverseStressPoint,
  ReverseStressSearch,
  StressOutcome,
  StressResult,
} from './stress.model';

/** Shows an account under stress as the API does. */
export function toStressResult({ report, reverse }: StressAnswer): StressResult {
  const { libraryVersion, before, outcomes, largestLoss, smallestBuffer } = report;
  return {
    libraryVersion,
    before: toFigures(before),
    scenarios: outcomes.map(toOutcome),
    largestLoss: largestLoss === null ? null : toOutcome(largestLoss),
    smallestBuffer: smallestBuffer === null ? null : toOutcome(smallestBuffer),
    reverse: reverse === null ? null : toReverse(reverse),
  };
}

function toOutcome(outcome: DomainOutcome): StressOutcome {
  const { scenario, state, reasons, figures, moves, unmoved, unmatched, normalModel } = outcome;
  const { name, title, origin, sources, figures: known = [] } = scenario;
  return {
    name,
    title,
    origin,
    sources,
    figures: known,
    state,
    reasons,
    profit: toMoneyOrNull(outcome.profit),
    bufferChange: toMoneyOrNull(outcome.bufferChange),
    uncoveredLoss: toMoneyOrNull(outcome.uncoveredLoss),
    after: figures === null ? null : toFigures(figures),
    moves: moves.map(({ underlyingId, assetClass, price, stressedPrice, move }) => ({
      underlying: underlyingId,
      assetClass,
      price,
      stressedPrice,
      ...move,
    })),
    unmoved,
    unmatched,
    normalModel,
  };
}

function toReverse(reverse: DomainReverse): ReverseStress {
  const { state, horizonDays, factors, byUnderlying, parallel, smallest, mostLikely } = reverse;
  return {
    state,
    horizonDays,
    factors: factors.map(({ underlyingId, price, volatility, source }) => ({
      underlying: underlyingId,
      price,
      volatility,
      source,
    })),
    byUnderlying: byUnderlying.map((sides) => toSides(sides.underlyingId, sides)),
    parallel: parallel === null ? null : toSides(null, parallel),
    smallest: toSearch(smallest),
    mostLikely: toSearch(mostLikely),
  };
}

function toSides(
  underlying: string | null,
  { down, up }: { readonly down: DomainPoint | null; readonly up: DomainPoint | null },
) {
  return { underlying, down: toPoint(down), up: toPoint(up) };
}

function toSearch(search: DomainSearch | null): ReverseStressSearch | null {
  return search === null ? null : { ...search, point: toPoint(search.point) };
}

function toPoint(point: DomainPoint | null): ReverseStressPoint | null {
  if (point === null) return null;
  const { norm, mahalanobis, status, buffer, moves } = point;
  return {
    norm,
    mahalanobis,
    status,
    buffer: toMoneyOrNull(buffer),
    moves: moves.map(({ underlyingId, ...move }) => ({
      underlying: underlyingId,
      ...move,
      price: move.price.toDecimalPlaces(10),
    })),
  };
}
