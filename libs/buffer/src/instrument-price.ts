import { Decimal, type Instrument, type MarketSnapshot } from '@ballast/domain';
import { type Portfolio, valueInstrument } from '@ballast/margin';

/** A price or an amount in the instrument's currency, or null when it cannot be known; `why` is the reason or a warning. */
export interface FoundPrice {
  readonly amount: Decimal | null;
  readonly why: string;
}

/** Price per unit [instrument currency]: quoted, else derived from the underlying as the margin library does. */
export function findPrice(
  instrument: Instrument,
  { portfolio, snapshot }: { readonly portfolio: Portfolio; readonly snapshot: MarketSnapshot },
): FoundPrice {
  const quoted = snapshot.instruments.get(instrument.id)?.mark;
  if (quoted != null) return { amount: quoted, why: '' };
  if (instrument.type === 'underlying') {
    const price = snapshot.underlyings.get(instrument.underlying)?.price ?? null;
    return { amount: price, why: price === null ? `${instrument.id}: no price` : '' };
  }
  const valuation = valueInstrument({
    instrument,
    snapshot,
    asOf: portfolio.asOf,
    baseCurrency: portfolio.baseCurrency,
    chooseModel: ({ exercise }) => ({ model: exercise === 'american' ? 'american-baw' : 'black-scholes' }),
  });
  if (valuation.status === 'indeterminate') return { amount: null, why: valuation.reason };
  return { amount: new Decimal(valuation.contract.mark), why: '' };
}
