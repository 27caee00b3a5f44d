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
