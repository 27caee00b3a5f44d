import type { CommodityParameters, PriceScanRange } from './span-parameters';

/** The full scan of one contract in market units. */
export interface ContractScanRange {
  /** Price move of the underlying for a full scan [quote currency per unit]. */
  readonly priceMove: number;
  /** Volatility scan range, meaning as the commodity's `volatilityShift`. */
  readonly volatilityRange: number;
}

/** What turns a price scan range into a price move. */
export interface ScanBasis {
  /** Price of the underlying [quote currency per unit]. */
  readonly spot: number;
  /** Units of underlying in the underlying's future; 1 when no future is listed. */
  readonly futureMultiplier: number;
}

/**
 * Finds the full scan for a contract month: the scan tier that holds the month, else the commodity's own ranges.
 * An amount per future becomes a price move by the future's multiplier, a fraction by the underlying price.
 */
export function contractScanRange(parameters: CommodityParameters, month: string, basis: ScanBasis): ContractScanRange {
  const tier = parameters.scanTiers.find(({ from, to }) => from <= month && month <= to);
  return {
    priceMove: priceMoveOf(tier?.priceScanRange ?? parameters.priceScanRange, basis),
    volatilityRange: tier?.volatilityScanRange ?? parameters.volatilityScanRange,
  };
}

/** Price move of a full scan [quote currency per unit of underlying]. */
export function priceMoveOf(range: PriceScanRange, { spot, futureMultiplier }: ScanBasis): number {
  if ('amount' in range) return range.amount / futureMultiplier;
  return range.fraction * Math.abs(spot);
}
