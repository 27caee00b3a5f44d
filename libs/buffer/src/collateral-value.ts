import { type CollateralHolding, Decimal, type MarketSnapshot } from '@ballast/domain';
import { currencyRate } from '@ballast/margin';

/** How foreign amounts become base currency. */
export interface BaseConversion {
  readonly snapshot: MarketSnapshot;
  readonly baseCurrency: string;
  /** Fraction by which amounts of a foreign currency are valued worse: assets lower, debts higher. */
  readonly fxHaircuts: Readonly<Record<string, number>>;
}

/**
 * Values collateral: Σ quantity × price × (1 − haircut), foreign currencies converted after their FX haircut. A holding
 * that is owed (quantity < 0) counts in full and more, never less.
 *
 * @throws DomainError 'FX_MISSING'
 */
export function computeCollateralValue(holdings: readonly CollateralHolding[], conversion: BaseConversion): Decimal {
  let total = new Decimal(0);
  for (const holding of holdings) {
    const value = holding.quantity.times(holding.price);
    const haircut = holding.haircut ?? 0;
    const counted = value.isNegative() ? value.times(1 + haircut) : value.times(new Decimal(1).minus(haircut));
    total = total.plus(convertToBase(counted, holding.currency ?? conversion.baseCurrency, conversion));
  }
  return total;
}

/** Converts an amount to the base currency: assets × (1 − FX haircut), debts × (1 + FX haircut). */
export function convertToBase(amount: Decimal, currency: string, conversion: BaseConversion): Decimal {
  const { snapshot, baseCurrency, fxHaircuts } = conversion;
  if (currency === baseCurrency || amount.isZero()) return amount;
  const converted = amount.times(currencyRate(snapshot, { from: currency, to: baseCurrency }));
  const haircut = new Decimal(fxHaircuts[currency] ?? 0);
  return converted.times(amount.isNegative() ? haircut.plus(1) : new Decimal(1).minus(haircut));
}
