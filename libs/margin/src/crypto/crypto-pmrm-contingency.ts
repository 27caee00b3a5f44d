import { netCoins, type PmrmBook, type PmrmCollateral, type PmrmExpiry, type Quantities } from './crypto-pmrm-book';
import type { PmrmParameters } from './crypto-pmrm-parameters';

/** Charges of one underlying beside its scenarios, each ≥ 0 [USD]. */
export interface PmrmContingencies {
  readonly maintenancePerpetual: number;
  readonly maintenanceOption: number;
  readonly initialPerpetual: number;
  readonly initialOption: number;
  /** Σ (1 − confidence) · confidenceMargin · notional of everything below the confidence threshold; initial only. */
  readonly confidence: number;
}

/**
 * Computes the contingencies of a book (methodology §3.2): open interest of perpetuals and naked short options at spot,
 * and the confidence terms: the perpetual with min(spot, perpetual), an expiry with min(spot, perpetual if held, forward,
 * rate, volatility).
 */
export function computePmrmContingencies(
  book: PmrmBook,
  quantities: Quantities,
  parameters: PmrmParameters['otherContingency'],
): PmrmContingencies {
  const perpetual = Math.abs(netCoins(book.perpetuals, quantities)) * book.spot;
  const naked = book.expiries.reduce((sum, expiry) => sum + nakedShorts(expiry, quantities), 0) * book.spot;
  const market = perpetual > 0 ? Math.min(book.spotConfidence, book.perpetualConfidence) : book.spotConfidence;
  let confidence = confidenceTerm(market, perpetual, parameters);
  for (const expiry of book.expiries) {
    const coins = expiry.options.reduce((sum, o) => sum + Math.abs(quantities[o.place] as number) * o.multiplier, 0);
    confidence += confidenceTerm(Math.min(market, expiry.confidence), coins * book.spot, parameters);
  }
  return {
    maintenancePerpetual: perpetual * parameters.mmPerpPercent,
    maintenanceOption: naked * parameters.mmOptionPercent,
    initialPerpetual: perpetual * parameters.imPerpPercent,
    initialOption: naked * parameters.imOptionPercent,
    confidence,
  };
}

/** Haircuts and confidence terms of pledged holdings, each ≥ 0 [USD]. */
export function computePmrmCollateralCharges(
  collateral: readonly PmrmCollateral[],
  parameters: PmrmParameters['otherContingency'],
): { readonly maintenance: number; readonly initial: number; readonly confidence: number } {
  return {
    maintenance: collateral.reduce((sum, { value, mmHaircut }) => sum + value * mmHaircut, 0),
    initial: collateral.reduce((sum, { value, imHaircut }) => sum + value * imHaircut, 0),
    confidence: collateral.reduce((sum, item) => sum + confidenceTerm(item.confidence, item.value, parameters), 0),
  };
}

/**
 * Counts the naked short options of an expiry [coins]: per strike call and put quantities are netted, so two shorts add
 * up and a long covers a short of the other right.
 */
export function nakedShorts(expiry: PmrmExpiry, quantities: Quantities): number {
  const netByStrike = new Map<number, number>();
  for (const { strike, place, multiplier } of expiry.options) {
    netByStrike.set(strike, (netByStrike.get(strike) ?? 0) + (quantities[place] as number) * multiplier);
  }
  let naked = 0;
  for (const net of netByStrike.values()) naked += Math.max(0, -net);
  return naked;
}

function confidenceTerm(
  confidence: number,
  notional: number,
  { confidenceThreshold, confidenceMargin }: PmrmParameters['otherContingency'],
): number {
  return confidence < confidenceThreshold ? (1 - confidence) * confidenceMargin * notional : 0;
}
