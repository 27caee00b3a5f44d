import type { ValuedPosition } from './instrument-valuation';
import type { ModelFigures } from './margin-requirement';
import type { RequirementParts } from './requirement-parts';

/** What a book requires at some quantities [base currency], unrounded, ≥ 0. */
export type RiskFigures = Pick<ModelFigures, 'initialRequirement' | 'maintenanceRequirement'>;

/**
 * Contracts valued once under every scenario of a methodology: the requirement at any quantities of them costs a sum over
 * risk arrays, not a revaluation. House rules are not in it.
 */
export interface MarginBook {
  /** The contracts in the order of the book, with the quantities of the portfolio it was prepared from. */
  readonly positions: readonly ValuedPosition[];
  /**
   * Whether R(a + b) ≤ R(a) + R(b) for any quantities a and b, so that one contract more lowers a requirement by at most
   * the requirement of its opposite alone.
   */
  readonly subadditive: boolean;
  /** @param quantities  contracts in the order of `positions`, long > 0; 0 = not held */
  readonly figuresOf: (quantities: Float64Array) => RiskFigures;
  /** The maintenance requirement of the portfolio it was prepared from, taken apart by underlying. */
  readonly takeApart: () => RequirementParts;
}

/** A prepared book, or why the portfolio cannot be valued. */
export type BookPreparation =
  | { readonly status: 'valued'; readonly book: MarginBook }
  | { readonly status: 'indeterminate'; readonly reasons: readonly string[] };
