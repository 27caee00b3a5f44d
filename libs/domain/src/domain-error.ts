/**
 * The closed list of reasons for which the core refuses an input or cannot give an answer.
 *
 * Outer layers map a code to a transport (GraphQL `extensions.code`, CLI exit code); the list grows only here.
 */
export const domainErrorCodes = [
  'INVALID_DECIMAL',
  'INVALID_INSTANT',
  'INVALID_CURRENCY',
  'INVALID_INSTRUMENT',
  'INVALID_POSITION',
  'INVALID_MARKET_DATA',
  'INVALID_PARAMETER',
  'INVALID_PORTFOLIO',
  'INVALID_PRICING_INPUT',
  'CURRENCY_MISMATCH',
  'FX_MISSING',
  'INSTRUMENT_UNKNOWN',
  'INSTRUMENT_EXPIRED',
  'PARAMETERS_MISSING',
  'PRICE_MISSING',
  'PRICE_STALE',
  'VOLATILITY_MISSING',
  'NOT_FINITE',
  'CALENDAR_RANGE',
  'CALENDAR_NO_SESSION',
  'CALENDAR_UNKNOWN',
  'INVALID_LIFECYCLE_EVENT',
  'CONFLICT',
  'SECOND_PERSON_REQUIRED',
] as const;

export type DomainErrorCode = (typeof domainErrorCodes)[number];

/** A refusal by the core: the code says which rule, the message names the field and the value. */
export class DomainError extends Error {
  readonly code: DomainErrorCode;
  /** Path of the refused field in the caller's input, for example `positions[3].quantity`. */
  readonly field: string | undefined;

  constructor(code: DomainErrorCode, message: string, field?: string) {
    super(message);
    this.name = 'DomainError';
    this.code = code;
    this.field = field;
  }
}
