import { DomainError, type Decimal, type Money } from '@ballast/domain';
import { exp, log, PricingInputError } from '@ballast/pricing';
import { evaluateState, measureState, type PreparedState, prepareState } from '../analysis/account-state';
import { type MarketShift, mayBeNegative, movedPrice } from '../analysis/market-shift';
import { shiftState } from '../analysis/shift-state';
import type { BufferStatus } from '../buffer-status';
import type { CorrelationRoot } from './correlation-root';
import type { FactorVolatility } from './factor-volatility';

/** An underlying as a factor of a reverse stress test. */
export interface ReverseFactor extends FactorVolatility {
  readonly underlyingId: string;
  /** Price now [quote currency per unit]. */
  readonly price: Decimal;
}

/** A move of prices, and what the account looks like there. */
export interface ReverseStressPoint {
  /** √Σz²: length in standard deviations of each underlying, correlation left out. */
  readonly norm: number;
  /** √(zᵀR⁻¹z): the smaller, the likelier; null where the correlations exclude the move. */
  readonly mahalanobis: number | null;
  readonly moves: readonly {
    readonly underlyingId: string;
    /** In standard deviations over the horizon. */
    readonly deviations: number;
    /** Relative move, as a what-if takes it. */
    readonly move: number;
    readonly price: Decimal;
  }[];
  /** Buffer there by a what-if: 0 but for rounding, and for a requirement that jumps. */
  readonly buffer: Money | null;
  readonly status: BufferStatus;
}

/** An account as a function of the relative moves of its underlyings. */
export interface ReverseMarket {
  readonly factors: readonly ReverseFactor[];
  /** Standard deviation of each underlying over the horizon, relative to its price. */
  readonly scales: readonly number[];
  /** Relative moves of moves in standard deviations: e^(s·z) − 1, or s·z where a price may be negative. */
  readonly movesOf: (deviations: ArrayLike<number>) => readonly number[];
  /** Moves in standard deviations of relative moves: the inverse of movesOf. */
  readonly deviationsOf: (moves: readonly number[]) => readonly number[];
  /** Equity − maintenance after relative moves, unrounded [base currency]; null where a model has no value. */
  readonly bufferAt: (moves: readonly number[]) => number | null;
  /** The account after relative moves, in full. */
  readonly pointAt: (moves: readonly number[]) => ReverseStressPoint;
  /** Relative moves of a parallel move by betas; a price that cannot be negative keeps a ten-thousandth at least. */
  readonly betaMoves: (move: number, betas: Readonly<Record<string, number>>) => readonly number[];
}

/** Trading days of a year, for σ·√(days/252). */
const yearDays = 252;
const leastMove = -0.9999;

/** Puts an account, its factors and their correlations together for the searches. */
export function prepareReverseMarket(
  prepared: PreparedState,
  input: {
    readonly factors: readonly ReverseFactor[];
    readonly correlation: CorrelationRoot;
    readonly horizonDays: number;
  },
): ReverseMarket {
  const { factors } = input;
  const scales = factors.map(({ volatility }) => volatility * Math.sqrt(input.horizonDays / yearDays));
  const signed = factors.map(({ underlyingId }) => {
    const quote = prepared.snapshot.underlyings.get(underlyingId);
    return quote !== undefined && mayBeNegative(quote);
  });
  const moveOf = (deviation: number, index: number) => {
    const scaled = deviation * (scales[index] as number);
    return signed[index] === true ? scaled : exp(scaled) - 1;
  };
  const deviationOf = (move: number, index: number) =>
    (signed[index] === true ? move : log(1 + move)) / (scales[index] as number);
  const shiftOf = (moves: readonly number[]): MarketShift => ({
    byUnderlying: Object.fromEntries(
      factors.map(({ underlyingId }, index) => [underlyingId, { spot: moves[index] ?? 0 }]),
    ),
  });
  return {
    factors,
    scales,
    movesOf: (deviations) => Array.from(deviations, moveOf),
    deviationsOf: (moves) => moves.map(deviationOf),
    bufferAt: (moves) => measuredBuffer(prepared, shiftOf(moves)),
    pointAt: (moves) => {
      const deviations = moves.map(deviationOf);
      const distance = input.correlation.distanceOf(deviations);
      const { state } = shiftState(prepared, shiftOf(moves));
      const { buffer, status } = evaluateState(prepareState(state, prepared.rules)).assessment;
      return {
        norm: Math.sqrt(deviations.reduce((sum, value) => sum + value * value, 0)),
        mahalanobis: Number.isFinite(distance) ? distance : null,
        moves: factors.map(({ underlyingId, price }, index) => {
          const move = moves[index] as number;
          return { underlyingId, deviations: deviations[index] as number, move, price: movedPrice(price, move) };
        }),
        buffer,
        status,
      };
    },
    betaMoves: (move, betas) =>
      factors.map(({ underlyingId }, index) => {
        const own = (Object.hasOwn(betas, underlyingId) ? (betas[underlyingId] as number) : 1) * move;
        return signed[index] === true ? own : Math.max(leastMove, own);
      }),
  };
}

function measuredBuffer(prepared: PreparedState, shift: MarketShift): number | null {
  try {
    const measure = measureState(prepareState(shiftState(prepared, shift).state, prepared.rules));
    if (measure.status === 'indeterminate') return null;
    const buffer = measure.figures.equity - measure.figures.maintenance;
    return Number.isFinite(buffer) ? buffer : null;
  } catch (error) {
    if (error instanceof DomainError || error instanceof PricingInputError) return null;
    throw error;
  }
}
