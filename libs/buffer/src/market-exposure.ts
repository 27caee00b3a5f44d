import { Decimal, type Instrument, type Money } from '@ballast/domain';
import type { Portfolio } from '@ballast/margin';
import { type BaseConversion, rateOf } from './collateral-value';
import { findPrice } from './instrument-price';

/**
 * Computes the gross market exposure of an account [base currency], ≥ 0: Σ over positions of
 * |quantity × multiplier × price| for shares, coins and options (their market value) and for linear futures and
 * perpetuals (their notional), |quantity × multiplier| coins for coin-settled futures and perpetuals; converted without
 * FX haircut. Longs and shorts do not offset. Brokers know it as gross position value, here with futures at notional.
 *
 * @returns null when a price is missing
 * @throws DomainError 'FX_MISSING'
 */
export function grossMarketExposure(input: {
  readonly portfolio: Portfolio;
  readonly conversion: BaseConversion;
}): Decimal | null {
  const { portfolio, conversion } = input;
  const market = { portfolio, snapshot: conversion.snapshot };
  let total = new Decimal(0);
  for (const { instrument, quantity } of portfolio.positions) {
    if (quantity.isZero()) continue;
    const size = quantity.times(instrument.multiplier).abs();
    const isCoinNotional = instrument.settlement === 'inverse' && instrument.type !== 'option';
    const price = isCoinNotional ? new Decimal(1) : findPrice(instrument, market).amount;
    if (price === null) return null;
    total = total.plus(size.times(price.abs()).times(rateOf(instrument.currency, conversion)));
  }
  return total;
}

/**
 * Gross market exposure of one contract held [base currency], ≥ 0: what grossMarketExposure counts per unit of quantity.
 *
 * @returns null when its price is missing
 * @throws DomainError 'FX_MISSING'
 */
export function unitMarketExposure(
  instrument: Instrument,
  { portfolio, conversion }: { readonly portfolio: Portfolio; readonly conversion: BaseConversion },
): Decimal | null {
  const positions = [{ instrument, quantity: new Decimal(1) }];
  return grossMarketExposure({ portfolio: { ...portfolio, positions }, conversion });
}

/** Gross market exposure / equity, rounded up to four decimals; null when equity ≤ 0 or the exposure is unknown. */
export function leverageOf(exposure: Decimal | null, equity: Money): Decimal | null {
  if (exposure === null || !equity.amount.greaterThan(0)) return null;
  return exposure.div(equity.amount).toDecimalPlaces(4, Decimal.ROUND_CEIL);
}

/** Tells whether an instrument's market value is net option value. */
export function isPremiumOption(instrument: Instrument): boolean {
  return instrument.type === 'option' && instrument.premiumStyle === 'equity';
}
