// One cell of a table to one value: strict readers that say what is wrong.
import { Decimal, DomainError, type Instant, parseCurrency, parseDecimal, parseInstant } from '@ballast/domain';

/** Reads the text of a cell; throws CellRefusal with the reason alone, the table adds the place. */
export type CellReader<Value> = (text: string) => Value;

/** A refused cell. */
export class CellRefusal extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'CellRefusal';
  }
}

/** Identifiers of accounts, instruments and underlyings: ASCII, no twin that looks the same, nothing a sheet would execute. */
export const identifierCell: CellReader<string> = (text) => {
  if (text.length > identifierLengthMaximum) throw new CellRefusal(`longer than ${identifierLengthMaximum} characters`);
  if (text !== text.trim()) throw new CellRefusal('white space at the start or the end');
  if (!identifierPattern.test(text)) {
    throw new CellRefusal(
      'expected letters, digits, spaces and . _ : / ^ + & @ # $ ( ) - only, starting with a letter, digit or ^',
    );
  }
  return text;
};

/** A person's or firm's name: printable text of any script. */
export const nameCell: CellReader<string> = (text) => {
  if (text.length > nameLengthMaximum) throw new CellRefusal(`longer than ${nameLengthMaximum} characters`);
  if (text !== text.trim()) throw new CellRefusal('white space at the start or the end');
  if (hiddenCharacters.test(text)) throw new CellRefusal('a control or hidden character');
  if (text !== text.normalize('NFC')) throw new CellRefusal('not in Unicode normal form C');
  return text;
};

/** An exact amount in plain notation. Negative values allowed. */
export const decimalCell: CellReader<Decimal> = (text) => {
  try {
    return parseDecimal(text, 'value');
  } catch (error) {
    const rule = 'expected plain digits such as -1234.50, at most 18 before and 10 after the point';
    throw asCellRefusal(error, numberHint(text) ?? rule);
  }
};

/**
 * An amount of a foreign feed that prints float64: exponents and up to 20 decimals are accepted, ten decimals are kept.
 */
export const feedDecimalCell: CellReader<Decimal> = (text) => {
  if (text.length > feedLengthMaximum || !feedPattern.test(text)) return decimalCell(text);
  return decimalCell(new Decimal(text).toFixed(10));
};

export const positiveDecimalCell: CellReader<Decimal> = (text) => requirePositive(decimalCell(text));

export const positiveFeedDecimalCell: CellReader<Decimal> = (text) => requirePositive(feedDecimalCell(text));

export const nonNegativeDecimalCell: CellReader<Decimal> = (text) => {
  const value = decimalCell(text);
  if (value.isNegative()) throw new CellRefusal('must not be negative');
  return value;
};

/** A model number (rate, volatility, time) as a float64; exponents allowed, NaN and infinities are not. */
export const numberCell: CellReader<number> = (text) => {
  if (!floatPattern.test(text)) throw new CellRefusal(numberHint(text) ?? 'expected a number such as 0.25 or 2.5e-7');
  const value = Number(text);
  if (!Number.isFinite(value)) throw new CellRefusal('larger than a float64 can hold');
  return value;
};

/** As numberCell, and the word `Infinity`. */
export const numberOrInfinityCell: CellReader<number> = (text) =>
  text === 'Infinity' ? Number.POSITIVE_INFINITY : numberCell(text);

export const nonNegativeNumberCell: CellReader<number> = (text) => {
  const value = numberCell(text);
  if (value < 0) throw new CellRefusal('must not be negative');
  return value;
};

/** A count such as the steps of a tree. */
export const positiveIntegerCell: CellReader<number> = (text) => {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new CellRefusal('expected a whole number greater than 0');
  return Number(text);
};

/** An RFC 3339 instant with a zone. */
export const instantCell: CellReader<Instant> = (text) => {
  try {
    return parseInstant(text, 'value');
  } catch (error) {
    const rule = 'expected an existing instant with a zone such as 2026-01-05T08:00:00Z';
    throw asCellRefusal(error, instantHint(text) ?? rule);
  }
};

/** A calendar date `2026-01-05`; the day must exist. */
export const dateCell: CellReader<string> = (text) => {
  const hint = instantHint(text);
  if (hint !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(text)) throw new CellRefusal(hint);
  try {
    parseInstant(`${text}T00:00:00Z`, 'value');
  } catch (error) {
    throw asCellRefusal(error, 'expected an existing date such as 2026-01-05');
  }
  return text;
};

export const currencyCell: CellReader<string> = (text) => {
  try {
    return parseCurrency(text, 'value');
  } catch (error) {
    throw asCellRefusal(error, 'expected a currency code such as USD');
  }
};

/** One word of a closed list. */
export function choiceCell<const Choice extends string>(choices: readonly Choice[]): CellReader<Choice> {
  return (text) => {
    const choice = choices.find((candidate) => candidate === text);
    if (choice === undefined) throw new CellRefusal(`expected ${choices.join(' or ')}`);
    return choice;
  };
}

const identifierLengthMaximum = 128;
const feedLengthMaximum = 40;
const feedPattern = /^-?\d{1,18}(?:\.\d{1,20})?(?:[eE][+-]?\d{1,2})?$/;
const nameLengthMaximum = 200;
const identifierPattern = /^[A-Za-z0-9^][A-Za-z0-9 ._:/^+&@#$()-]*$/;
const floatPattern = /^-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?$/;
/** Controls, zero-width characters, bidirectional marks, line and paragraph separators, private use, lone surrogates. */
const hiddenCharacters = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/u;

/** Says which habit of spreadsheets or other countries a refused number shows. */
function numberHint(text: string): string | undefined {
  if (/^[+-]?nan$/i.test(text) || /^[+-]?inf(inity)?$/i.test(text)) return 'not a finite number';
  if (/^(#N\/A|#NUM!|#VALUE!|#DIV\/0!|#REF!|#NAME\?|N\/A|null|none|-)$/i.test(text)) {
    return 'no number; leave the cell empty when there is no value';
  }
  if (text !== text.trim()) return 'white space around the number';
  if (/^\(.*\)$/.test(text)) return 'brackets; write negative numbers with a minus in front';
  if (/^\d.*-$/.test(text)) return 'minus at the end; write negative numbers with a minus in front';
  if (/^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(text)) return 'thousands separators; write plain digits';
  if (/^[+-]?\d+(\.\d{3})*,\d+$/.test(text)) return 'decimal comma; write a decimal point and no separators';
  if (/^\u2212/.test(text)) return 'a typographic minus; write the ASCII hyphen-minus';
  if (/^[+]\d/.test(text)) return 'plus sign; write the digits alone';
  if (/[^\x20-\x7e]/.test(text)) return 'a character that is not an ASCII digit, point or minus';
  return undefined;
}

/** Says which other way of writing time a refused instant shows. */
function instantHint(text: string): string | undefined {
  if (/^\d{4,5}(\.\d+)?$/.test(text)) return 'a spreadsheet serial date; write 2026-01-05T08:00:00Z';
  if (/^\d{10}(\.\d+)?$|^\d{13}$|^\d{16}$|^\d{19}$/.test(text)) {
    return 'seconds, milliseconds or microseconds of an epoch; write 2026-01-05T08:00:00Z';
  }
  if (/^\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}/.test(text))
    return 'day and month cannot be told apart; write 2026-01-05T08:00:00Z';
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return 'a date without a time; write the instant such as 2026-01-05T08:00:00Z';
  if (/^\d{4}-\d{2}-\d{2}[T ][\d:.]+$/.test(text)) return 'no time zone; end the instant with Z or +01:00';
  return undefined;
}

function requirePositive(value: Decimal): Decimal {
  if (value.lessThanOrEqualTo(0)) throw new CellRefusal('must be greater than 0');
  return value;
}

function asCellRefusal(error: unknown, reason: string): unknown {
  return error instanceof DomainError ? new CellRefusal(reason) : error;
}
