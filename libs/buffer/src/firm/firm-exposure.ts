import { Decimal, DomainError, fxRateBetween, type MarketSnapshot, moneyFromModelValue } from '@ballast/domain';
import type { UnderlyingGreeks } from '@ballast/margin';
import { type Concentration, sumConcentration } from './concentration';

/** Exposure of a firm's accounts to one underlying. */
export interface UnderlyingExposure {
  readonly underlyingId: string;
  /** Σ over accounts of delta × price: > 0 = the accounts together gain when it rises. */
  readonly net: Decimal;
  /** Σ over accounts of |delta × price|: one account's long position offsets no other's short one. */
  readonly gross: Decimal;
  /** gross / Σ gross, 0…1. */
  readonly share: number;
}

/** Gross exposure of a firm by underlying. */
export interface FirmExposure extends Concentration {
  /** Currency of the amounts. */
  readonly currency: string;
  /** The largest gross exposures first. */
  readonly underlyings: readonly UnderlyingExposure[];
  /** Underlyings that take no part because no rate leads from their currency to that of the answer. */
  readonly unconverted: readonly string[];
}

/**
 * Begins the exposure of a firm by underlying: net cash delta of each account per underlying, absolute values added. In
 * the quote currency of the underlyings where they share one, else in the currency of the answer at the snapshot's rates.
 */
export function sumExposure(
  { underlyings, fx }: MarketSnapshot,
  { currency: wanted, top }: { readonly currency: string; readonly top: number },
): { readonly add: (greeks: readonly UnderlyingGreeks[]) => void; readonly conclude: () => FirmExposure } {
  const sums = new Map<string, { net: Decimal; gross: Decimal }>();
  return {
    add: (greeks) => {
      for (const { underlying: id, delta } of greeks) {
        const quote = underlyings.get(id);
        if (quote?.price == null) continue;
        // Rounded to the cent, so that the sum does not depend on the order of the accounts.
        const { amount } = moneyFromModelValue(delta * quote.price.toNumber(), quote.currency, 'nearest');
        const { net, gross } = sums.get(id) ?? { net: zero, gross: zero };
        sums.set(id, { net: net.plus(amount), gross: gross.plus(amount.abs()) });
      }
    },
    conclude: () => {
      const ids = [...sums.keys()].sort();
      const currencies = new Set(ids.map((id) => underlyings.get(id)?.currency ?? wanted));
      const currency = currencies.size === 1 ? ([...currencies][0] ?? wanted) : wanted;
      const concentration = sumConcentration(top);
      const unconverted: string[] = [];
      const exposures = new Map<string, { readonly net: Decimal; readonly gross: Decimal }>();
      for (const id of ids) {
        const rate = rateOf(fx, { from: underlyings.get(id)?.currency ?? wanted, to: currency });
        const { net, gross } = sums.get(id) ?? { net: zero, gross: zero };
        if (rate === null) unconverted.push(id);
        else exposures.set(id, { net: net.times(rate), gross: gross.times(rate) });
      }
      for (const [id, { gross }] of exposures) concentration.add(id, gross);
      const concluded = concentration.conclude();
      return {
        ...concluded,
        currency,
        unconverted,
        underlyings: concluded.largest.map(({ name, amount, share }) => ({
          underlyingId: name,
          net: exposures.get(name)?.net ?? zero,
          gross: amount,
          share,
        })),
      };
    },
  };
}

const zero = new Decimal(0);

function rateOf(fx: MarketSnapshot['fx'], pair: { readonly from: string; readonly to: string }): Decimal | null {
  try {
    return fxRateBetween(fx, pair);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return null;
  }
}
