import type { Decimal } from './decimal';
import type { Instant } from './instant';

/** What an underlying is; selects shock ranges and the pricing model. */
export const underlyingKinds = [
  'equity',
  'narrow-index',
  'broad-index',
  'high-cap-index',
  'fx',
  'future',
  'crypto',
  'other',
] as const;
export type UnderlyingKind = (typeof underlyingKinds)[number];

export type OptionRight = 'call' | 'put';
export type ExerciseStyle = 'european' | 'american';
/** linear: price and result in the quote currency; inverse: price, premium and result in the coin. */
export type Settlement = 'linear' | 'inverse';
/** equity: premium paid up front, the value is an asset; futures: marked to market daily, no option value in equity. */
export type PremiumStyle = 'equity' | 'futures';
/** How a contract ends: in cash against the settlement price, or in delivery of what it is written on. */
export type Delivery = 'cash' | 'physical';

/** Which price settles a contract: am is a special opening quotation of the expiry day, pm the price at the expiry. */
export type SettlementSession = 'am' | 'pm';

/** What one contract delivers on exercise, where that is not `multiplier` units of the underlying. */
export interface Deliverable {
  /** Holdings handed over per contract, by instrument identifier; quantities > 0. */
  readonly components: readonly { readonly instrumentId: string; readonly quantity: Decimal }[];
  /**
   * Cash handed over beside the components per contract [contract currency], ≥ 0. The strike is stated net of it, so that
   * strike × multiplier is what the exercising holder of a call pays in all.
   */
  readonly cash: Decimal;
}

interface InstrumentBase {
  /** The identifier used in positions and quotes, for example `BTC-16JAN26-82000-C`; unique within a firm. */
  readonly id: string;
  /** Identifier of the underlying, for example `BTC`. */
  readonly underlying: string;
  /** Units of underlying per contract, > 0. */
  readonly multiplier: Decimal;
  /** Currency of price and result: the quote currency when linear, the coin when inverse. */
  readonly currency: string;
  readonly settlement: Settlement;
  /** Identifier of the exchange calendar that its expiry must lie on, for example `US-EQUITY-OPTIONS`. */
  readonly calendar?: string;
  /** How it ends; absent: options on shares deliver, everything else settles in cash. */
  readonly delivery?: Delivery;
  /** Settled to a special opening quotation, never to a price of the market or the close; absent: pm. */
  readonly settlementSession?: 'am';
  /** Present after a corporate action that changed what is delivered. */
  readonly deliverable?: Deliverable;
  /** Identifier of the contract that a corporate action turned into this one. */
  readonly adjustedFrom?: string;
}

export interface OptionInstrument extends InstrumentBase {
  readonly type: 'option';
  readonly right: OptionRight;
  /** Price of the underlying at which the option exercises, in the underlying's quote currency. */
  readonly strike: Decimal;
  readonly expiry: Instant;
  readonly exercise: ExerciseStyle;
  readonly premiumStyle: PremiumStyle;
}

export interface FutureInstrument extends InstrumentBase {
  readonly type: 'future';
  readonly expiry: Instant;
}

export interface PerpetualInstrument extends InstrumentBase {
  readonly type: 'perpetual';
}

/** The underlying itself held as a position: a share, a coin, a unit of an index. */
export interface UnderlyingInstrument extends InstrumentBase {
  readonly type: 'underlying';
}

export type Instrument = OptionInstrument | FutureInstrument | PerpetualInstrument | UnderlyingInstrument;
export type InstrumentType = Instrument['type'];
