// Records 81 and 82: one contract with its risk array, price and deltas.
import type { OptionRight } from '@ballast/domain';
import { type RiskContractType, riskContractTypes } from './risk-parameter-file';
import type { Pa2Line } from './pa2-line';

/** Identity of a contract, columns 3–54 of both records. */
export interface Pa2Identity {
  readonly exchange: string;
  readonly product: string;
  readonly underlyingProduct: string;
  readonly type: RiskContractType;
  readonly right: OptionRight | null;
  readonly futureMonth: string | null;
  readonly optionMonth: string | null;
  /** Digits of the strike, without decimal point; empty for futures. */
  readonly strikeDigits: string;
}

/** First record of a contract: array values 1–9, already weighted, in the file's unit. */
export interface Pa2FirstArrayRecord extends Pa2Identity {
  readonly values: readonly number[];
  readonly precisePriceDigits: string;
  /** true: the precise price is the price; false: that of record 82 is. */
  readonly usesPrecisePrice: boolean;
}

/** Second record of a contract: array values 10–16, deltas, volatility and price. */
export interface Pa2SecondArrayRecord extends Pa2Identity {
  readonly values: readonly number[];
  readonly compositeDelta: number | null;
  /** 0.25 = 25 %; null: none. */
  readonly impliedVolatility: number | null;
  readonly priceDigits: string;
  readonly priceSign: 1 | -1;
  readonly strikeSign: 1 | -1;
  readonly currentDelta: number | null;
  /** Currency value of one price point where the contract has its own; null: that of the product. */
  readonly contractValueFactor: number | null;
}

/** Columns that both records of a contract share. */
export function identityText(line: Pa2Line): string {
  return line.text.slice(2, 54);
}

export function readIdentity(line: Pa2Line): Pa2Identity {
  const type = line.required(26, 28, 'product type');
  if (!(riskContractTypes as readonly string[]).includes(type)) line.refuse(26, 28, 'an unknown product type');
  const right = line.cell(29, 29);
  const isOption = type.startsWith('OO');
  if (isOption ? right !== 'C' && right !== 'P' : right !== '')
    line.refuse(29, 29, isOption ? 'expected C or P' : `a ${type} has no right`);
  return {
    exchange: line.required(3, 5, 'exchange'),
    product: line.required(6, 15, 'commodity'),
    underlyingProduct: line.cell(16, 25),
    type: type as RiskContractType,
    right: right === 'C' ? 'call' : right === 'P' ? 'put' : null,
    futureMonth: line.month(30, [36, 37], 'futures month'),
    optionMonth: isOption ? line.month(39, [45, 46], 'option month') : null,
    strikeDigits: isOption ? line.required(48, 54, 'strike') : '',
  };
}

const firstColumns = [55, 61, 67, 73, 79, 85, 91, 97, 103] as const;
const secondColumns = [55, 61, 67, 73, 79, 85, 91] as const;

/** Reads record 81. @throws FileRefusal */
export function readFirstArrayRecord(line: Pa2Line): Pa2FirstArrayRecord {
  line.requireLength(108);
  const flag = line.cell(123, 123);
  if (!/^[YN]?$/.test(flag)) line.refuse(123, 123, 'high-precision flag: expected Y, N or blank');
  return {
    ...readIdentity(line),
    values: firstColumns.map((column) => arrayValue(line, column)),
    precisePriceDigits: digitsIn(line, 109, 122, 'high-precision price'),
    usesPrecisePrice: flag === 'Y',
  };
}

/** Reads record 82. @throws FileRefusal */
export function readSecondArrayRecord(line: Pa2Line): Pa2SecondArrayRecord {
  line.requireLength(102);
  return {
    ...readIdentity(line),
    values: secondColumns.map((column) => arrayValue(line, column)),
    compositeDelta: signed(line, 97, 101, 102, 'composite delta'),
    impliedVolatility: line.numberIn(103, 110, 6, 'implied volatility'),
    priceDigits: digitsIn(line, 111, 117, 'settlement price'),
    priceSign: line.sign(118, 'sign of the settlement price'),
    strikeSign: line.sign(119, 'sign of the strike'),
    currentDelta: signed(line, 120, 124, 125, 'current delta'),
    contractValueFactor: ownValueFactor(line),
  };
}

function arrayValue(line: Pa2Line, column: number): number {
  const value = line.requiredNumber(column, column + 4, 0, 'array value');
  const mark = line.text.charAt(column + 4);
  if (mark !== '+' && mark !== '-') line.refuse(column + 5, column + 5, 'sign of an array value: expected + or -');
  return mark === '-' && value !== 0 ? -value : value;
}

/** Four implied decimals with the sign behind; null when blank. */
function signed(line: Pa2Line, from: number, to: number, signColumn: number, what: string): number | null {
  const value = line.numberIn(from, to, 4, what);
  if (value === null) return null;
  return value === 0 ? 0 : value * line.sign(signColumn, `sign of the ${what}`);
}

function digitsIn(line: Pa2Line, from: number, to: number, what: string): string {
  const text = line.cell(from, to);
  if (!/^\d*$/.test(text)) line.refuse(from, to, `${what}: expected digits`);
  return text;
}

function ownValueFactor(line: Pa2Line): number | null {
  const factor = line.numberIn(138, 151, 7, 'contract value factor');
  if (factor === null || factor === 0) return null;
  const exponent = line.numberIn(152, 153, 0, 'exponent of the contract value factor') ?? 0;
  return line.sign(154, 'sign of the exponent') < 0 ? factor / 10 ** exponent : factor * 10 ** exponent;
}
