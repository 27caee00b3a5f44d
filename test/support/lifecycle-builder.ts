import {
  type AccountChange,
  Decimal,
  type FutureInstrument,
  type Holding,
  type Instrument,
  intrinsicValue,
  isMarkedToMarket,
  type OptionInstrument,
  parseInstant,
  type SettlementTerms,
  type UnderlyingInstrument,
  variationOf,
} from '@ballast/domain';

export const expiry = parseInstant('2026-06-18T20:00:00Z', 'expiry');

/** A US option on 100 shares of ALTA, with the members given in the place of those. */
export function buildOption(terms: Partial<OptionInstrument> = {}): OptionInstrument {
  return {
    id: 'ALTA-C100',
    type: 'option',
    underlying: 'ALTA',
    right: 'call',
    strike: new Decimal(100),
    expiry,
    exercise: 'american',
    multiplier: new Decimal(100),
    currency: 'USD',
    settlement: 'linear',
    premiumStyle: 'equity',
    ...terms,
  };
}

export function buildShare(underlying = 'ALTA'): UnderlyingInstrument {
  const multiplier = new Decimal(1);
  return { id: underlying, type: 'underlying', underlying, multiplier, currency: 'USD', settlement: 'linear' };
}

export function buildFuture(terms: Partial<FutureInstrument> = {}): FutureInstrument {
  return {
    id: 'ALTA-JUN26',
    type: 'future',
    underlying: 'ALTA',
    expiry,
    multiplier: new Decimal(50),
    currency: 'USD',
    settlement: 'linear',
    ...terms,
  };
}

export function holdingOf(instrument: Instrument, quantity: string, averagePrice?: string): Holding {
  const held = { instrument, quantity: new Decimal(quantity) };
  return averagePrice === undefined ? held : { ...held, averagePrice: new Decimal(averagePrice) };
}

/** Terms of a settlement whose deliveries are shares of the named components. */
export function termsAt(price: string, kind: SettlementTerms['kind'] = 'equity'): SettlementTerms {
  return {
    price: new Decimal(price),
    kind,
    deliveredInstrument: (instrument, componentId) => buildShare(componentId ?? instrument.underlying),
  };
}

/**
 * Value of holdings when every underlying has its price and every option is worth its intrinsic value: what holdings are
 * worth at expiry, and a price of options that corporate actions must conserve.
 */
export function valueOf(holdings: readonly Holding[], priceOf: (underlying: string) => Decimal): Decimal {
  return holdings.reduce((sum, { instrument, quantity, averagePrice }) => {
    const spot = priceOf(instrument.underlying);
    const price = instrument.type === 'option' ? intrinsicValue(instrument, spot) : spot;
    if (!isMarkedToMarket(instrument)) return sum.plus(price.times(quantity).times(instrument.multiplier));
    if (averagePrice === undefined) return sum;
    return sum.plus(variationOf(instrument, { quantity, from: averagePrice, to: price }));
  }, new Decimal(0));
}

/** The holdings of an account after a change. */
export function holdingsAfter(holdings: readonly Holding[], { positions }: AccountChange): Holding[] {
  const byId = new Map(holdings.map((holding) => [holding.instrument.id, holding]));
  for (const { instrument, after, averagePriceAfter } of positions) {
    byId.set(instrument.id, {
      instrument,
      quantity: after,
      ...(averagePriceAfter === undefined ? {} : { averagePrice: averagePriceAfter }),
    });
  }
  return [...byId.values()];
}

/** Cash of a change in US dollars. */
export function cashOf({ cash }: AccountChange): Decimal {
  return cash.reduce((sum, { amount }) => sum.plus(amount), new Decimal(0));
}
