/** One kind of trade that may be done: contracts of one instrument in one direction. */
export interface TradeMove {
  /** Contracts at most, > 0; whole steps of 1, the last one shorter where this is no whole number. */
  readonly maximum: number;
  /** Cost of one contract [base currency], ≥ 0. */
  readonly cost: number;
  /** Largest possible rise of the slack by one contract, ≥ 0; absent where nothing bounds it. */
  readonly reliefBound?: number;
}

/** What a search for the cheapest set of trades needs to know. A set is given as steps per move. */
export interface TradeSearch {
  readonly moves: readonly TradeMove[];
  /** Equity above the target after trades [base currency]; < 0 = missing. */
  readonly slackOf: (counts: readonly number[]) => number;
  /** Whether a set that has slack ≥ 0 reaches the target when it is evaluated in full. */
  readonly isCompliant: (counts: readonly number[]) => boolean;
  /** Sets of trades that are looked at before the search settles for the best one found. */
  readonly budget: number;
}

/** Cost of a set [base currency]. */
export function costOf(moves: readonly TradeMove[], counts: readonly number[]): number {
  return moves.reduce((sum, move, index) => sum + move.cost * contractsOf(move, counts[index] as number), 0);
}

/** Contracts of a number of steps. */
export function contractsOf({ maximum }: Pick<TradeMove, 'maximum'>, count: number): number {
  return Math.min(count, maximum);
}

/** Steps of a move at most. */
export function stepsOf({ maximum }: Pick<TradeMove, 'maximum'>): number {
  return Math.ceil(maximum);
}
