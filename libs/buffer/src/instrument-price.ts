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
  return derivedPrice(instrument, { portfolio, snapshot });
}

/** Derived once per snapshot object, instant and base currency: the first two decide the price, the last whether it is refused. */
const derivedBySnapshot = new WeakMap<MarketSnapshot, WeakMap<Instrument, Map<string, FoundPrice>>>();

function derivedPrice(
  instrument: Instrument,
  { portfolio, snapshot }: { readonly portfolio: Portfolio; readonly snapshot: MarketSnapshot },
): FoundPrice {
  const { asOf, baseCurrency } = portfolio;
  const derived = derivedBySnapshot.get(snapshot) ?? new WeakMap<Instrument, Map<string, FoundPrice>>();
  derivedBySnapshot.set(snapshot, derived);
  const ofInstrument = derived.get(instrument) ?? new Map<string, FoundPrice>();
  derived.set(instrument, ofInstrument);
  const key = `${asOf} ${baseCurrency}`;
  const known = ofInstrument.get(key);
  if (known !== undefined) return known;
  const valuation = valueInstrument({
    instrument,
    snapshot,
    asOf,
    baseCurrency,
    chooseModel: ({ exercise, strike }, underlying) => ({
      model: isNormal(strike, underlying.price, snapshot.instruments.get(instrument.id)?.impliedVolatility)
        ? 'bachelier'
        : exercise === 'american'
          ? 'american-baw'
          : 'black-scholes',
    }),
  });
  const found =
    valuation.status === 'indeterminate'
      ? { amount: null, why: valuation.reason }
      : { amount: new Decimal(valuation.contract.mark), why: '' };
  ofInstrument.set(key, found);
  return found;
}

/** Largest volatility that a lognormal model is quoted at: 1,000 % a year. */
const lognormalMaximum = 10;

/** Whether only the normal model can be meant: a strike or a price below 0, or a volatility in price units. */
function isNormal(strike: Decimal, price: Decimal | null, volatility: number | null | undefined): boolean {
  return strike.isNegative() || price?.isNegative() === true || (volatility ?? 0) > lognormalMaximum;
}
