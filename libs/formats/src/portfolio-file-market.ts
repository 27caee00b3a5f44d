// The `market` object of a portfolio file: underlyings and listed contracts.
import {
  Decimal,
  type ForwardQuote,
  type Instant,
  type Instrument,
  type InstrumentQuote,
  mayPriceBeNegative,
  type PerpetualQuote,
  type Settlement,
  underlyingKinds,
  type UnderlyingQuote,
} from '@ballast/domain';
import {
  choiceAt,
  currencyAt,
  decimalAt,
  fractionAt,
  identifierAt,
  instantAt,
  itemsOf,
  type JsonObject,
  type JsonPlace,
  memberAt,
  numberAt,
  objectAt,
  optionalAt,
  optionalMember,
  refusePlace,
  requiredMember,
  textAt,
} from './json-member';

/** What the `market` object says. */
export interface PortfolioMarket {
  readonly underlyings: ReadonlyMap<string, UnderlyingQuote>;
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly quotes: ReadonlyMap<string, InstrumentQuote>;
}

/** What the market is read against. */
export interface MarketContext {
  readonly asOf: Instant;
  readonly baseCurrency: string;
}

/** Reads the market of a portfolio file; every identifier appears once, every instrument has its underlying. */
export function readPortfolioMarket(place: JsonPlace, context: MarketContext): PortfolioMarket {
  const object = objectAt(place, ['underlyings', 'instruments']);
  const underlyings = new Map<string, UnderlyingQuote>();
  for (const item of itemsOf(object, 'underlyings')) {
    const quote = readUnderlying(item, context);
    if (underlyings.has(quote.underlyingId)) refusePlace(item, `the underlying "${quote.underlyingId}" appears twice`);
    underlyings.set(quote.underlyingId, quote);
  }
  const instruments = new Map<string, Instrument>();
  const quotes = new Map<string, InstrumentQuote>();
  for (const item of itemsOf(object, 'instruments')) {
    const { instrument, quote } = readInstrument(item, underlyings, context);
    if (instruments.has(instrument.id)) refusePlace(item, `the instrument "${instrument.id}" appears twice`);
    instruments.set(instrument.id, instrument);
    quotes.set(instrument.id, quote);
  }
  return { underlyings, instruments, quotes };
}

const underlyingKeys = [
  'id', 'kind', 'currency', 'price', 'rate', 'dividendYield', 'forwards', 'historicalVolatility', 'qualifier',
  'sensitivityBucket', 'confidence', 'stablePrice', 'perpetual',
]; // prettier-ignore

function readUnderlying(place: JsonPlace, { asOf, baseCurrency }: MarketContext): UnderlyingQuote {
  const object = objectAt(place, underlyingKeys);
  const kind = optionalAt(object, 'kind', (at) => choiceAt(at, underlyingKinds)) ?? 'other';
  const price = optionalAt(object, 'price', (at) => {
    const value = decimalAt(at);
    return value.isNegative() && !mayPriceBeNegative(kind)
      ? refusePlace(at, `a price of kind ${kind} is not negative`)
      : value;
  });
  return {
    underlyingId: identifierAt(requiredMember(object, 'id')),
    kind,
    currency: optionalAt(object, 'currency', currencyAt) ?? baseCurrency,
    price: price ?? null,
    rate: optionalAt(object, 'rate', rateAt) ?? 0,
    dividendYield: optionalAt(object, 'dividendYield', rateAt) ?? 0,
    forwards: itemsOf(object, 'forwards').map(readForward),
    quotedAt: asOf,
    ...memberAt(object, 'historicalVolatility', nonNegativeAt),
    ...memberAt(object, 'qualifier', textAt),
    ...memberAt(object, 'sensitivityBucket', textAt),
    ...memberAt(object, 'confidence', fractionAt),
    ...memberAt(object, 'stablePrice', positiveAt),
    ...memberAt(object, 'perpetual', readPerpetual),
  };
}

function readForward(place: JsonPlace): ForwardQuote {
  const object = objectAt(place, ['expiry', 'price', 'rate', 'confidence', 'rateConfidence', 'volatilityConfidence']);
  return {
    expiry: instantAt(requiredMember(object, 'expiry')),
    price: decimalAt(requiredMember(object, 'price')),
    ...memberAt(object, 'rate', rateAt),
    ...memberAt(object, 'confidence', fractionAt),
    ...memberAt(object, 'rateConfidence', fractionAt),
    ...memberAt(object, 'volatilityConfidence', fractionAt),
  };
}

function readPerpetual(place: JsonPlace): PerpetualQuote {
  const object = objectAt(place, ['price', 'confidence', 'unrealisedPnl', 'unrealisedFunding']);
  return {
    price: decimalAt(requiredMember(object, 'price')),
    ...memberAt(object, 'confidence', fractionAt),
    ...memberAt(object, 'unrealisedPnl', decimalAt),
    ...memberAt(object, 'unrealisedFunding', decimalAt),
  };
}

const instrumentKeys = [
  'id', 'type', 'underlying', 'right', 'strike', 'expiry', 'exercise', 'multiplier', 'currency', 'settlement',
  'premiumStyle', 'price', 'volatility', 'bid', 'ask', 'openInterest', 'volume',
]; // prettier-ignore

function readInstrument(
  place: JsonPlace,
  underlyings: ReadonlyMap<string, UnderlyingQuote>,
  { asOf }: MarketContext,
): { readonly instrument: Instrument; readonly quote: InstrumentQuote } {
  const object = objectAt(place, instrumentKeys);
  const type = choiceAt(requiredMember(object, 'type'), ['option', 'future', 'perpetual', 'underlying']);
  const underlyingAt = requiredMember(object, 'underlying');
  const underlying = underlyings.get(identifierAt(underlyingAt));
  if (underlying === undefined) return refusePlace(underlyingAt, 'no such underlying in market.underlyings');
  const settlement = optionalAt(object, 'settlement', (at) => choiceAt(at, ['linear', 'inverse'])) ?? 'linear';
  const base = {
    id: identifierAt(requiredMember(object, 'id')),
    underlying: underlying.underlyingId,
    multiplier: optionalAt(object, 'multiplier', positiveAt) ?? new Decimal(1),
    currency: currencyOf(optionalAt(object, 'currency', currencyAt), underlying, settlement),
    settlement,
  };
  const instrument = readTerms(object, type, base, underlying);
  const price = optionalAt(object, 'price', (at) => priceAt(at, instrument, underlying));
  const volatility = optionalAt(object, 'volatility', nonNegativeAt);
  const quote: InstrumentQuote = {
    instrumentId: base.id,
    bid: optionalAt(object, 'bid', (at) => priceAt(at, instrument, underlying)) ?? null,
    ask: optionalAt(object, 'ask', (at) => priceAt(at, instrument, underlying)) ?? null,
    mark: price ?? null,
    impliedVolatility: volatility ?? null,
    ...memberAt(object, 'openInterest', countAt),
    ...memberAt(object, 'volume', countAt),
    quotedAt: asOf,
    flags: [],
  };
  return { instrument, quote };
}

type InstrumentBase = Pick<Instrument, 'id' | 'underlying' | 'multiplier' | 'currency' | 'settlement'>;

function readTerms(
  object: JsonObject,
  type: Instrument['type'],
  base: InstrumentBase,
  underlying: UnderlyingQuote,
): Instrument {
  if (type !== 'option') {
    for (const key of ['right', 'strike', 'volatility']) {
      const foreign = optionalMember(object, key);
      if (foreign !== undefined) return refusePlace(foreign, `an instrument of type ${type} has no ${key}`);
    }
  }
  switch (type) {
    case 'option':
      return {
        ...base,
        type,
        right: choiceAt(requiredMember(object, 'right'), ['call', 'put']),
        strike: strikeAt(requiredMember(object, 'strike'), underlying),
        expiry: instantAt(requiredMember(object, 'expiry')),
        exercise: optionalAt(object, 'exercise', (at) => choiceAt(at, ['european', 'american'])) ?? 'european',
        premiumStyle: optionalAt(object, 'premiumStyle', (at) => choiceAt(at, ['equity', 'futures'])) ?? 'equity',
      };
    case 'future':
      return { ...base, type, expiry: instantAt(requiredMember(object, 'expiry')) };
    case 'perpetual':
    case 'underlying':
      return { ...base, type };
  }
}

/**
 * linear: as stated, else the quote currency; inverse: as stated, else the coin, which is the underlying itself. An
 * inverse contract that states the quote currency names its quotation: its result is in coin all the same.
 */
function currencyOf(stated: string | undefined, underlying: UnderlyingQuote, settlement: Settlement): string {
  if (settlement === 'linear') return stated ?? underlying.currency;
  return stated === undefined || stated === underlying.currency ? underlying.underlyingId : stated;
}

/** A strike is above 0; only on a future, whose price may be negative, any strike is possible. */
function strikeAt(place: JsonPlace, underlying: UnderlyingQuote): Decimal {
  const strike = decimalAt(place);
  if (strike.lessThanOrEqualTo(0) && underlying.kind !== 'future')
    return refusePlace(place, 'a strike is greater than 0');
  return strike;
}

function priceAt(place: JsonPlace, instrument: Instrument, underlying: UnderlyingQuote): Decimal {
  const price = decimalAt(place);
  const mayBeNegative = instrument.type !== 'option' && (underlying.kind === 'future' || underlying.kind === 'other');
  return price.isNegative() && !mayBeNegative ? refusePlace(place, 'a price is not negative') : price;
}

function rateAt(place: JsonPlace): number {
  return numberAt(place, { minimum: -1, maximum: 10 });
}

function nonNegativeAt(place: JsonPlace): number {
  return numberAt(place, { minimum: 0 });
}

function countAt(place: JsonPlace): Decimal {
  const value = decimalAt(place);
  return value.isNegative() && !value.isZero() ? refusePlace(place, 'a count is not negative') : value.abs();
}

function positiveAt(place: JsonPlace): Decimal {
  const value = decimalAt(place);
  return value.greaterThan(0) ? value : refusePlace(place, 'must be greater than 0');
}
