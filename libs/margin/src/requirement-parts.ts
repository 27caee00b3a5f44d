/** What one underlying contributes to a requirement. */
export interface RequirementPart {
  readonly underlying: string;
  /**
   * Numbers at the quantities held that depend on the price of this underlying, on time and on exchange rates alone; their
   * meaning and count are the methodology's, the same for the same contracts in every market.
   */
  readonly figures: Float64Array;
}

/**
 * A maintenance requirement taken apart: what each underlying contributes, and how a methodology nets the contributions.
 * Contributions may come from different markets, so that a requirement at many joint price moves costs one valuation per
 * price of each underlying.
 */
export interface RequirementParts {
  /** One per underlying, in the order of identifiers. */
  readonly parts: readonly RequirementPart[];
  /**
   * Maintenance requirement before house rules [base currency], ≥ 0, unrounded; at the figures of `parts` that of
   * figuresOf of the book, up to the order of summation.
   *
   * @param figures  one array per part, in their order and of their lengths
   */
  readonly maintenanceOf: (figures: readonly Float64Array[]) => number;
}
