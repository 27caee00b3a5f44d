import type { UnderlyingKind } from '@ballast/domain';
import type { ScenarioValuationMode } from '../greeks-approximation';

/** Models for American options; European ones always take Black-Scholes. */
export const timsModels = ['binomial-crr', 'american-alo', 'black-scholes'] as const;
export type TimsModel = (typeof timsModels)[number];

/** Classes or groups whose gains count against each other's losses in part. */
export interface TimsGroup {
  readonly id: string;
  /** Underlyings of a product group; product groups or underlyings of a portfolio group. */
  readonly members: readonly string[];
  /** Fraction of gains that counts, 0…1. */
  readonly offset: number;
}

/** Parameter set of TIMS (methodology §2). */
export interface TimsParameters {
  /** Lower and upper end of the moves by kind of underlying, −1 < lower < 0 < upper. */
  readonly ranges: Readonly<Record<UnderlyingKind, readonly [number, number]>>;
  /** Even number of points, half of them on each side; zero is none of them. */
  readonly valuationPoints: number;
  /** Minimum per option and futures contract and unit of its multiplier [quote currency]. */
  readonly minimumPerContract: number;
  readonly model: TimsModel;
  readonly steps: number;
  readonly productGroups: readonly TimsGroup[];
  readonly portfolioGroups: readonly TimsGroup[];
  /** Largest names moved by `move`, the others by `otherMove`; information beside the requirement. */
  readonly concentrationTest: { readonly names: number; readonly move: number; readonly otherMove: number };
  /** All names moved together by this fraction either way; information beside the requirement. */
  readonly extremeMove: number;
  readonly valuation: ScenarioValuationMode;
}
