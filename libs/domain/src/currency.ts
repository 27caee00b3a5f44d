import { DomainError } from './domain-error';
import { describeValue } from './decimal';

/** Minor-unit digits that differ from 2: ISO 4217 exponents, and 8 for coins (the satoshi convention). */
const exponentByCurrency: Readonly<Record<string, number>> = {
  BHD: 3, CLP: 0, ISK: 0, JOD: 3, JPY: 0, KRW: 0, KWD: 3, OMR: 3, TND: 3, UGX: 0, VND: 0, XAF: 0, XOF: 0,
  AVAX: 8, BCH: 8, BNB: 8, BTC: 8, DOGE: 8, DOT: 8, ETH: 8, LTC: 8, SOL: 8, TRX: 8, XRP: 8,
}; // prettier-ignore

const codePattern = /^[A-Z][A-Z0-9]{2,9}$/;

/**
 * Returns how many decimals an amount of a currency is stated in: 2 for USD, 0 for JPY, 8 for BTC.
 * Stablecoins and unlisted codes state 2.
 */
export function currencyScale(currency: string): number {
  return exponentByCurrency[currency] ?? 2;
}

/**
 * Checks a currency or coin code: 3 to 10 capitals or digits, starting with a capital.
 *
 * @throws DomainError 'INVALID_CURRENCY'
 */
export function parseCurrency(text: unknown, field: string): string {
  if (typeof text !== 'string' || !codePattern.test(text)) {
    throw new DomainError(
      'INVALID_CURRENCY',
      `${field}: expected a currency code such as "USD", got ${describeValue(text)}`,
      field,
    );
  }
  return text;
}
