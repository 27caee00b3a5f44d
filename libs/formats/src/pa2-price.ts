// Prices of positional files: decimals, fractions of the grain and bond pits, and "no price".
import { plainNumber } from './risk-parameter-file';

/** How a product writes its prices. */
export interface PriceFormat {
  /** Decimals implied at the right end; negative: zeros to append. */
  readonly decimals: number;
  /** Alignment code: 0 or blank for decimals, a letter where the last digits are a fraction. */
  readonly alignment: string;
}

/** Fractions: how many last digits, and their value from those digits. */
const fractions: Readonly<Record<string, readonly [digits: number, value: (text: string) => number | null]>> = {
  E: [1, (text) => below(Number(text), 8) / 8],
  T: [2, (text) => below(Number(text), 32) / 32],
  X: [2, (text) => below(Number(text), 64) / 64],
  U: [3, (text) => (below(Number(text.slice(0, 2)), 32) + Number(text.slice(2)) / 10) / 32],
  V: [3, (text) => quarter(text.slice(2), (part) => (below(Number(text.slice(0, 2)), 32) + part) / 32)],
  Y: [3, (text) => (below(Number(text.slice(0, 2)), 64) + Number(text.slice(2)) / 10) / 64],
};

/** Last digits that stand for a cut fraction: 2 is 25, 7 is 75 (quarters); 1, 3, 6, 8 are 125, 375, 625, 875 (eighths). */
const completions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  K: { '2': '25', '7': '75' },
  L: { '2': '25', '7': '75' },
  W: { '2': '25', '7': '75' },
  C: { '1': '125', '2': '25', '3': '375', '6': '625', '7': '75', '8': '875' },
};

/**
 * Reads the digits of a price.
 *
 * Decimal formats imply `decimals` places. Fractional formats (T 32nds, X 64ths, U and V half and quarter 32nds, Y half
 * 64ths, E eighths) hold the fraction in the last digits and no implied places. Cut formats (K, L, W quarters, C eighths)
 * complete the last digit, which then counts as one place.
 *
 * @returns the price in plain digits; null when the digits are blank or all nines, which means no price
 * @throws RangeError for an alignment code that is not known, or a fraction that is none
 */
export function readPrice(digits: string, sign: 1 | -1, format: PriceFormat): string | null {
  if (digits === '' || /^9+$/.test(digits)) return null;
  if (!/^\d+$/.test(digits)) throw new RangeError(`expected digits, got ${JSON.stringify(digits)}`);
  const text = unsignedPrice(digits, format);
  return plainNumber(sign < 0 ? `-${text}` : text);
}

function unsignedPrice(digits: string, { decimals, alignment }: PriceFormat): string {
  if (/^[0 ]?$/.test(alignment)) return shifted(digits, decimals);
  const fraction = fractions[alignment];
  if (fraction !== undefined) {
    const [count, valueOf] = fraction;
    const value = valueOf(digits.slice(-count));
    if (value === null || !(value < 1)) throw new RangeError(`${digits} is no price in format ${alignment}`);
    return String(Number(digits.slice(0, -count)) + value);
  }
  const completion = completions[alignment];
  if (completion === undefined) throw new RangeError(`the price alignment ${JSON.stringify(alignment)} is not known`);
  const last = digits.slice(-1);
  const completed = completion[last] ?? last;
  return shifted(digits.slice(0, -1) + completed, decimals + completed.length - 1);
}

function shifted(digits: string, decimals: number): string {
  if (decimals <= 0) return digits + '0'.repeat(-decimals);
  const padded = digits.padStart(decimals + 1, '0');
  return `${padded.slice(0, -decimals)}.${padded.slice(-decimals)}`;
}

function below(value: number, bound: number): number {
  return value < bound ? value : NaN;
}

/** Quarter of a 32nd by its digit: 0, 2, 5, 7. */
function quarter(digit: string, use: (part: number) => number): number | null {
  const part = { '0': 0, '2': 0.25, '5': 0.5, '7': 0.75 }[digit];
  return part === undefined ? null : use(part);
}
