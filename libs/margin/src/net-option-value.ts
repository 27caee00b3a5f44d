import type { ValuedPosition } from './instrument-valuation';

/**
 * Sums the net option value: Σ quantity × mark × multiplier over premium-style options, in the base currency.
 * Long > 0, short < 0; futures-style options and everything else count 0 (methodology §0).
 */
export function computeNetOptionValue(positions: readonly ValuedPosition[]): number {
  let total = 0;
  for (const { contract, quantity } of positions) {
    if (isPremiumStyleOption(contract.instrument)) {
      total += quantity * contract.mark * contract.multiplier * contract.fxToBase;
    }
  }
  return total;
}

/** Tells whether an instrument's value is an asset of its holder that was paid for up front as premium. */
export function isPremiumStyleOption(instrument: ValuedPosition['contract']['instrument']): boolean {
  return instrument.type === 'option' && instrument.premiumStyle === 'equity';
}
