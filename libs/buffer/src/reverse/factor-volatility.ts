import { DomainError, type UnderlyingQuote } from '@ballast/domain';
import type { ValuedContract } from '@ballast/margin';
import { type AssetClass, classifyUnderlying } from '../stress/asset-class';

/** Where a volatility comes from. */
export type VolatilitySource = 'GIVEN' | 'HISTORICAL' | 'IMPLIED' | 'ASSET_CLASS';

export interface FactorVolatility {
  /** Annualised, relative to the price [1/√year], > 0. */
  readonly volatility: number;
  readonly source: VolatilitySource;
}

/** What holds where the account's market says nothing: round figures, assumptions of this service. */
const volatilityByClass: Readonly<Record<AssetClass, number>> = {
  'equity-index': 0.2,
  equity: 0.35,
  'volatility-index': 1,
  fx: 0.1,
  crypto: 0.7,
  'crude-oil': 0.4,
  energy: 0.45,
  metal: 0.2,
  agriculture: 0.25,
  'interest-rate': 0.06,
  other: 0.35,
};

/**
 * Finds the volatility that moves of an underlying are measured by: the stated one, else the historical one of the market,
 * else the implied one of the held option whose strike is nearest to the price (the earlier identifier of two), else an
 * assumption by asset class.
 *
 * @throws DomainError 'INVALID_PARAMETER' for a stated volatility that is not above 0 and at most 10
 */
export function factorVolatility(input: {
  readonly quote: UnderlyingQuote;
  readonly contracts: Iterable<ValuedContract>;
  readonly stated?: number;
  readonly classes?: Readonly<Record<string, AssetClass>>;
}): FactorVolatility {
  const { quote, stated } = input;
  if (stated !== undefined) {
    if (stated > 0 && stated <= 10) return { volatility: stated, source: 'GIVEN' };
    const field = `volatilities.${quote.underlyingId}`;
    throw new DomainError('INVALID_PARAMETER', `${field}: expected a number above 0 up to 10, got ${stated}`, field);
  }
  const { historicalVolatility: historical } = quote;
  if (historical !== undefined && historical > 0) return { volatility: historical, source: 'HISTORICAL' };
  const implied = nearestImplied(input);
  if (implied !== null) return { volatility: implied, source: 'IMPLIED' };
  return { volatility: volatilityByClass[classifyUnderlying(quote, input.classes)], source: 'ASSET_CLASS' };
}

function nearestImplied({ quote, contracts }: Parameters<typeof factorVolatility>[0]): number | null {
  let nearest: { readonly distance: number; readonly id: string; readonly volatility: number } | null = null;
  for (const { instrument, option, spot } of contracts) {
    if (option === undefined || instrument.underlying !== quote.underlyingId) continue;
    const { strike, model } = option.terms;
    const volatility = model === 'bachelier' ? option.volatility / Math.abs(spot) : option.volatility;
    if (!(volatility > 0 && volatility <= 10)) continue;
    const distance = Math.abs(strike - spot);
    const { id } = instrument;
    if (nearest === null || distance < nearest.distance || (distance === nearest.distance && id < nearest.id))
      nearest = { distance, id, volatility };
  }
  return nearest?.volatility ?? null;
}
