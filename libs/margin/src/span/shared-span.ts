import type { ValuedContract } from '../instrument-valuation';
import type { SpanCommodity, SpanContract } from './span-book';

/** Sizes of the contracts of one underlying: of its future (1 when none is listed), and what a unit of delta stands for. */
export interface CommoditySizes {
  readonly future: number;
  readonly delta: number;
}

/** The part of a SPAN-style book that portfolios share, each entry with the sizes it was made for. */
export interface SharedSpan {
  /** Risk array, delta and notional of a contract. */
  readonly contracts: Map<ValuedContract, { readonly sizes: CommoditySizes; readonly contract: SpanContract }>;
  /** A commodity without its contracts, by base currency and identifier. */
  readonly commodities: Map<
    string,
    { readonly sizes: CommoditySizes; readonly commodity: Omit<SpanCommodity, 'contracts'> }
  >;
}

/** Whether an entry was made for the sizes of the portfolio at hand; another portfolio may hold larger contracts. */
export function isOfSizes(entry: { readonly sizes: CommoditySizes }, sizes: CommoditySizes): boolean {
  return entry.sizes.future === sizes.future && entry.sizes.delta === sizes.delta;
}
