/** A volatility, or why a price has none. */
export type ContractVolatility =
  | { readonly status: 'ok'; readonly volatility: number }
  | { readonly status: 'below-intrinsic' }
  | { readonly status: 'above-maximum' };
