import {
  type CollateralHolding,
  type CollateralKind,
  Decimal,
  type MarketSnapshot,
  type Money,
  movedBy,
  roundMoney,
  type ScheduleLimits,
} from '@ballast/domain';
import { currencyRate } from '@ballast/margin';
import { applyConcentrationLimits } from './concentration-limits';

/** How foreign amounts become base currency. */
export interface BaseConversion {
  readonly snapshot: MarketSnapshot;
  readonly baseCurrency: string;
  /** Fraction by which amounts of a foreign currency are valued worse: assets lower, debts higher. */
  readonly fxHaircuts: Readonly<Record<string, number>>;
}

/** How one holding came to its value. Every amount is rounded down; each step takes from the one before. */
export interface CollateralLine {
  readonly asset: string;
  readonly kind: CollateralKind | null;
  readonly assetClass: string | null;
  readonly rating: string | null;
  readonly maturity: string | null;
  readonly schedule: string | null;
  readonly quantity: Decimal;
  /** Per unit [currency]. */
  readonly price: Decimal;
  readonly currency: string;
  /** quantity × price [currency]. */
  readonly grossValue: Money;
  /** Fraction not counted, 0…1. */
  readonly haircut: number;
  /** [currency] */
  readonly valueAfterHaircut: Money;
  /** Base currency per unit of `currency`; 1 for the base currency, null where nothing counts that had to be converted. */
  readonly fxRate: number | null;
  /** Fraction by which the currency is valued worse, 0…1; 0 for the base currency. */
  readonly fxHaircut: number;
  /** After both haircuts [base currency]. */
  readonly valueAfterFx: Money;
  /** What a concentration limit does not count [base currency], rounded up; ≥ 0. */
  readonly concentrationExcess: Money;
  /** The limit that took it, for example `class limit of T-Notes`; null = none did. */
  readonly limitedBy: string | null;
  /** What counts in equity [base currency]. */
  readonly netValue: Money;
  /** Why the holding is not accepted; null = it is. */
  readonly ineligible: string | null;
}

/** Collateral of an account: the exact total, to be rounded down once, and how each holding came to its share. */
export interface CollateralValuation {
  readonly total: Decimal;
  readonly lines: readonly CollateralLine[];
}

/**
 * Values collateral: Σ quantity × price × (1 − haircut), foreign currencies converted after their FX haircut, less what
 * concentration limits do not count. A holding that is owed (quantity < 0) counts in full and more, never less; one that
 * is not accepted counts nothing.
 *
 * The total is exact; lines are rounded down one by one, so they add up to the rounded total or less.
 *
 * @throws DomainError 'FX_MISSING' unless the holding counts nothing anyway
 */
export function valueCollateral(
  holdings: readonly CollateralHolding[],
  conversion: BaseConversion,
  limits: readonly ScheduleLimits[] = [],
): CollateralValuation {
  const { baseCurrency } = conversion;
  const counted = holdings.map((holding) => {
    const currency = holding.currency ?? baseCurrency;
    // A price divided by a split has endless digits.
    const gross = holding.quantity.times(holding.price).toDecimalPlaces(10, Decimal.ROUND_HALF_EVEN);
    const isDebt = gross.isNegative();
    const haircut = holding.ineligible === undefined ? (holding.haircut ?? 0) : isDebt ? 0 : 1;
    const afterHaircut = gross.times(isDebt ? new Decimal(1).plus(haircut) : new Decimal(1).minus(haircut));
    const value = convertToBase(afterHaircut, currency, conversion);
    return { holding, currency, gross, haircut, afterHaircut, value };
  });
  const excess = applyConcentrationLimits(
    counted.map(({ holding, value }) => {
      const { asset, assetClass, schedule } = holding;
      return { asset, issuer: movedBy(holding), assetClass, schedule, value };
    }),
    limits,
    ({ amount, currency }) => amount.times(rateOf(currency, conversion)),
  );
  const base = (amount: Decimal): Money => roundMoney({ amount, currency: baseCurrency }, 'down');
  const lines = counted.map(({ holding, currency, gross, haircut, afterHaircut, value }, index): CollateralLine => {
    const share = excess.shares[index];
    const valueAfterFx = base(value);
    const netValue = base(value.minus(share?.excess ?? 0));
    return {
      asset: holding.asset,
      kind: holding.kind ?? null,
      assetClass: holding.assetClass ?? null,
      rating: holding.rating ?? null,
      maturity: holding.maturity ?? null,
      schedule: holding.schedule ?? null,
      quantity: holding.quantity,
      price: holding.price,
      currency,
      grossValue: roundMoney({ amount: gross, currency }, 'down'),
      haircut,
      valueAfterHaircut: roundMoney({ amount: afterHaircut, currency }, 'down'),
      fxRate: afterHaircut.isZero() && currency !== baseCurrency ? null : rateOf(currency, conversion),
      fxHaircut: fxHaircutOf(currency, conversion),
      valueAfterFx,
      concentrationExcess: { amount: valueAfterFx.amount.minus(netValue.amount), currency: baseCurrency },
      limitedBy: share?.limitedBy ?? null,
      netValue,
      ineligible: holding.ineligible ?? null,
    };
  });
  return { total: counted.reduce((sum, { value }) => sum.plus(value), new Decimal(0)).minus(excess.total), lines };
}

/** Converts an amount to the base currency: assets × (1 − FX haircut), debts × (1 + FX haircut). @throws DomainError 'FX_MISSING' */
export function convertToBase(amount: Decimal, currency: string, conversion: BaseConversion): Decimal {
  if (currency === conversion.baseCurrency || amount.isZero()) return amount;
  const converted = amount.times(rateOf(currency, conversion));
  const haircut = new Decimal(fxHaircutOf(currency, conversion));
  return converted.times(amount.isNegative() ? haircut.plus(1) : new Decimal(1).minus(haircut));
}

/** Base currency per unit of a currency. @throws DomainError 'FX_MISSING' */
export function rateOf(currency: string, { snapshot, baseCurrency }: BaseConversion): number {
  return currency === baseCurrency ? 1 : currencyRate(snapshot, { from: currency, to: baseCurrency });
}

/** Fraction by which amounts of a currency are valued worse; 0 for the base currency and those that are not named. */
export function fxHaircutOf(currency: string, { baseCurrency, fxHaircuts }: BaseConversion): number {
  return currency === baseCurrency ? 0 : (fxHaircuts[currency] ?? 0);
}
