import type { Decimal } from './decimal';
import type { UnderlyingKind } from './instrument';
import type { Instant } from './instant';

/** Closed list of findings on a quote (reliability rules: quote checks). */
export const quoteFlags = [
  'Q_STALE', 'Q_FUTURE', 'Q_OUT_OF_ORDER', 'Q_DUP', 'Q_CROSSED', 'Q_LOCKED', 'Q_ZERO_BID', 'Q_ONE_SIDED', 'Q_WIDE', 'Q_SPIKE',
  'Q_NONPOS', 'Q_NO_IV', 'Q_NO_QUOTE', 'IV_RANGE', 'IV_ARB_BUTTERFLY', 'IV_ARB_CALENDAR', 'IV_PARITY', 'PRICE_BELOW_INTRINSIC',
  'RATE_MISSING', 'DIV_MISSING', 'FX_MISSING', 'FX_TRIANGLE', 'CAL_ORPHAN', 'SYNTHETIC_FORWARD',
  'FALLBACK_ONE_SIDED', 'FALLBACK_SECOND_SOURCE', 'FALLBACK_SURFACE', 'FALLBACK_LAST_GOOD', 'FALLBACK_CONSERVATIVE',
] as const; // prettier-ignore
export type QuoteFlag = (typeof quoteFlags)[number];

/** Forward price of an underlying for one expiry. */
export interface ForwardQuote {
  readonly expiry: Instant;
  /** Forward price [quote currency per unit]. */
  readonly price: Decimal;
  /** Continuously compounded rate for this expiry [1/year]; the underlying's rate when absent. */
  readonly rate?: number;
  /** Confidence in the forward, the rate and the volatilities of this expiry, each 0…1 (CRYPTO_PMRM). */
  readonly confidence?: number;
  readonly rateConfidence?: number;
  readonly volatilityConfidence?: number;
}

/** State of the perpetual contract of an underlying (CRYPTO_PMRM). */
export interface PerpetualQuote {
  readonly price: Decimal;
  readonly confidence?: number;
  readonly unrealisedPnl?: Decimal;
  readonly unrealisedFunding?: Decimal;
}

export interface UnderlyingQuote {
  readonly underlyingId: string;
  readonly kind: UnderlyingKind;
  /** Currency in which price and strikes are stated. */
  readonly currency: string;
  /** Spot or index price; null when the feed had none, which is an error for whoever needs it, never zero. */
  readonly price: Decimal | null;
  /** Continuously compounded financing rate [1/year]. */
  readonly rate: number;
  /** Continuously compounded dividend yield [1/year]. */
  readonly dividendYield: number;
  readonly forwards: readonly ForwardQuote[];
  readonly quotedAt: Instant;
  /** Annualised historical volatility [1/√year]. */
  readonly historicalVolatility?: number;
  /** Name and bucket under which the sensitivity methodology aggregates. */
  readonly qualifier?: string;
  readonly sensitivityBucket?: string;
  /** Confidence in the spot price 0…1, price of the stablecoin in USD, and the perpetual (CRYPTO_PMRM). */
  readonly confidence?: number;
  readonly stablePrice?: Decimal;
  readonly perpetual?: PerpetualQuote;
  /** Findings on the price, rate or yield; absent when there are none. */
  readonly flags?: readonly QuoteFlag[];
}

export interface InstrumentQuote {
  readonly instrumentId: string;
  /** Prices per unit of underlying in the instrument's currency (the coin for inverse contracts); null = not quoted. */
  readonly bid: Decimal | null;
  readonly ask: Decimal | null;
  readonly mark: Decimal | null;
  /** Quoted implied volatility [1/√year], 0.20 = 20 %; null = not quoted. */
  readonly impliedVolatility: number | null;
  /** Contracts open at the exchange, ≥ 0; absent = not known, which is never 0. */
  readonly openInterest?: Decimal;
  /** Contracts (units of a holding) that trade on an average day, ≥ 0; absent = not known, which is never 0. */
  readonly volume?: Decimal;
  readonly quotedAt: Instant;
  readonly flags: readonly QuoteFlag[];
}

/** Exchange rate: 1 unit of `from` is worth `rate` units of `to`. */
export interface FxRate {
  readonly from: string;
  readonly to: string;
  readonly rate: Decimal;
}

/** Everything a valuation may know about the market at one instant. Immutable; identified by the hash of its content. */
export interface MarketSnapshot {
  readonly asOf: Instant;
  readonly underlyings: ReadonlyMap<string, UnderlyingQuote>;
  readonly instruments: ReadonlyMap<string, InstrumentQuote>;
  readonly fx: readonly FxRate[];
}
