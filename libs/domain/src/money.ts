import type DecimalJs from 'decimal.js';
import { centsOfModelValue, digitsOfUnits } from './cents';
import { currencyScale } from './currency';
import { Decimal } from './decimal';
import { DomainError } from './domain-error';

/** An exact amount of one currency; negative means owed. */
export interface Money {
  readonly amount: Decimal;
  readonly currency: string;
  /** The amount in plain notation where it comes from the record: it can be shown without a Decimal. */
  readonly digits?: string;
}

/**
 * Named rounding of the ledger: requirements go `up` (towards +∞), credits, collateral and equity `down` (towards −∞).
 * `nearest` (half-even) only where a figure is information and no obligation hangs on it.
 */
export type MoneyRounding = 'up' | 'down' | 'nearest';

const modeByRounding: Readonly<Record<MoneyRounding, DecimalJs.Rounding>> = {
  up: Decimal.ROUND_CEIL,
  down: Decimal.ROUND_FLOOR,
  nearest: Decimal.ROUND_HALF_EVEN,
};

/** Decimals to which a model value is snapped before it is rounded, so that 100.00000000000001 does not become 100.01. */
const snapDecimals = 8;
/** Coins are stated in 8 decimals, so their model noise lies lower: snap at 12. */
const snapDecimalsOfCoins = 12;

/**
 * Carries a model value (float64) into the ledger: the only door between the two.
 *
 * The value is snapped half-even to 1e-8 (1e-12 for coins of 8 decimals), then rounded in the named direction to the
 * currency's minor unit.
 *
 * @param value     model value                        [currency], any sign
 * @param currency  code deciding the scale, for example `USD`
 * @param rounding  direction: `up` for requirements, `down` for credits
 * @throws DomainError 'NOT_FINITE' for NaN and ±Infinity
 *
 * @example
 * moneyFromModelValue(100.001, 'USD', 'up').amount.toFixed(2) // '100.01'
 */
export function moneyFromModelValue(value: number, currency: string, rounding: MoneyRounding): Money {
  if (!Number.isFinite(value)) {
    throw new DomainError('NOT_FINITE', `a model value of ${value} ${currency} cannot become money`);
  }
  const scale = currencyScale(currency);
  const cents = scale === 2 ? centsOfModelValue(value, rounding) : null;
  if (cents !== null) return { amount: new Decimal(digitsOfUnits(cents, 2)), currency };
  const snapped = new Decimal(value).toDecimalPlaces(
    scale < 8 ? snapDecimals : snapDecimalsOfCoins,
    Decimal.ROUND_HALF_EVEN,
  );
  return roundMoney({ amount: snapped, currency }, rounding);
}

/** Rounds an exact amount to its currency's minor unit in the named direction; never returns −0. */
export function roundMoney(money: Money, rounding: MoneyRounding): Money {
  return freeOfNegativeZero(
    money.amount.toDecimalPlaces(currencyScale(money.currency), modeByRounding[rounding]),
    money.currency,
  );
}

/** Makes an amount of money from a Decimal or plain digits. */
export function toMoney(amount: Decimal | string | number, currency: string): Money {
  const value = new Decimal(amount);
  if (!value.isFinite())
    throw new DomainError('NOT_FINITE', `an amount of ${value.toString()} ${currency} is not money`);
  return freeOfNegativeZero(value, currency);
}

export function addMoney(left: Money, right: Money): Money {
  requireSameCurrency(left, right);
  return freeOfNegativeZero(left.amount.plus(right.amount), left.currency);
}

export function subtractMoney(left: Money, right: Money): Money {
  requireSameCurrency(left, right);
  return freeOfNegativeZero(left.amount.minus(right.amount), left.currency);
}

/** The smallest step of amounts of a currency: 0.01 USD, 1 JPY, 0.00000001 BTC. */
export function currencyUnit(currency: string): Decimal {
  return new Decimal(10).pow(-currencyScale(currency));
}

/** Formats an amount in plain notation at its currency's scale, for example `-1234.50`. */
export function formatMoney(money: Money): string {
  if (money.digits !== undefined) return formatDigits(money.digits, money.currency);
  return money.amount.toFixed(currencyScale(money.currency));
}

/** Pads plain digits to the scale; digits beyond it are not expected of an amount and go the long way. */
function formatDigits(digits: string, currency: string): string {
  const scale = currencyScale(currency);
  const point = digits.indexOf('.');
  const decimals = point < 0 ? 0 : digits.length - point - 1;
  if (decimals > scale) return toMoney(digits, currency).amount.toFixed(scale);
  if (decimals === scale) return digits;
  return `${point < 0 ? `${digits}.` : digits}${'0'.repeat(scale - decimals)}`;
}

function requireSameCurrency(left: Money, right: Money): void {
  if (left.currency !== right.currency) {
    throw new DomainError('CURRENCY_MISMATCH', `${left.currency} and ${right.currency} do not add without a rate`);
  }
}

function freeOfNegativeZero(amount: Decimal, currency: string): Money {
  return { amount: amount.isZero() ? new Decimal(0) : amount, currency };
}
