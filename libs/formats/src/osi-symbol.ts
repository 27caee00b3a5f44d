// The option symbol of the US markets: root, yymmdd, C or P, strike in thousandths.
import { Decimal, type OptionRight } from '@ballast/domain';
import { CellRefusal } from './cell';

/** The parts of an OSI symbol. */
export interface OsiSymbol {
  /** Root of the class, for example `AAPL`; 1 to 6 characters. */
  readonly root: string;
  /** Last trading day `2025-02-21`. */
  readonly expiryDate: string;
  readonly right: OptionRight;
  /** Strike [currency/unit], at most 99 999.999. */
  readonly strike: Decimal;
}

const pattern = /^([A-Z][A-Z0-9.]{0,5}) *(\d{2})(\d{2})(\d{2})([CP])(\d{8})$/;

/**
 * Parses an OSI symbol, padded to 21 characters (`AAPL  250221C00180000`) or not (`AAPL250221C00180000`).
 * Years are 2000 to 2099.
 *
 * @throws CellRefusal
 */
export function parseOsiSymbol(text: string): OsiSymbol {
  const match = pattern.exec(text);
  const [, root, year, month, day, flag, thousandths] = match ?? [];
  const expiryDate = `20${year}-${month}-${day}`;
  const instant = Date.parse(`${expiryDate}T00:00:00Z`);
  if (root === undefined || Number.isNaN(instant) || new Date(instant).toISOString().slice(0, 10) !== expiryDate) {
    throw new CellRefusal('expected an OSI option symbol such as AAPL  250221C00180000');
  }
  return { root, expiryDate, right: flag === 'C' ? 'call' : 'put', strike: new Decimal(thousandths ?? '').div(1000) };
}

/**
 * Writes an OSI symbol without padding, the form used as instrument id.
 *
 * @throws CellRefusal when the strike has more than 3 decimals or more than 5 digits before the point
 *
 * @example
 * formatOsiSymbol({ root: 'GOOG', expiryDate: '2015-12-31', right: 'call', strike: new Decimal(450) }) // 'GOOG151231C00450000'
 */
export function formatOsiSymbol(symbol: OsiSymbol): string {
  const thousandths = symbol.strike.times(1000);
  if (!thousandths.isInteger() || thousandths.lessThan(0) || thousandths.greaterThan(99_999_999)) {
    throw new CellRefusal(`a strike of ${symbol.strike.toFixed()} does not fit an OSI symbol`);
  }
  const date = symbol.expiryDate.slice(2).replaceAll('-', '');
  return `${symbol.root}${date}${symbol.right === 'call' ? 'C' : 'P'}${thousandths.toFixed(0).padStart(8, '0')}`;
}
