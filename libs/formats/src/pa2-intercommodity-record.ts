// Record 6 (spreads between commodities), record 5 (groups) and record B (how arrays were computed).
import type { IntercommoditySpread, SpreadSide } from '@ballast/margin';
import type { Pa2Line } from './pa2-line';
import type { RiskContractType } from './risk-parameter-file';

/** A spread between commodities and where its legs come from. */
export interface Pa2IntercommodityRecord {
  readonly group: string;
  readonly methodCode: string;
  readonly targetExchange: string;
  readonly targetDelta: number | null;
  readonly legExchanges: readonly string[];
  readonly spread: IntercommoditySpread;
}

/**
 * Reads record 6. The credit is per cent with four decimals, so 0980000 is 0.98; under credit method F it is a whole
 * amount per spread. Method 04 is scanning; group S is evaluated before calendar spreads.
 */
export function readIntercommodityRecord(line: Pa2Line): Pa2IntercommodityRecord {
  line.requireLength(52);
  const legs: (IntercommoditySpread['legs'][number] & { readonly exchange: string })[] = [];
  for (const from of [17, 35, 53, 71]) {
    if (line.cell(from, from + 17) === '') continue;
    const ratio = line.requiredNumber(from + 10, from + 16, 4, 'delta per spread');
    if (!(ratio > 0)) line.refuse(from + 10, from + 16, 'delta per spread: must be greater than 0');
    legs.push({
      exchange: line.cell(from, from + 2),
      underlying: line.required(from + 4, from + 9, 'combined commodity'),
      ratio,
      side: sideOf(line, from + 17),
    });
  }
  if (legs.length < 2) line.refuse(17, 88, 'a spread needs two legs or more');
  const methodCode = line.cell(89, 90);
  const isScanning = methodCode === '04';
  const isFlat = !isScanning && line.cell(101, 101) === 'F';
  const rate = line.requiredNumber(10, 16, isFlat ? 0 : 6, 'credit');
  if (!isFlat && rate > 1) line.refuse(10, 16, 'a credit of more than 100 %');
  return {
    group: line.cell(3, 5),
    methodCode,
    targetExchange: isScanning ? line.cell(91, 93) : '',
    targetDelta: isScanning ? line.numberIn(111, 117, 4, 'target delta') : null,
    legExchanges: legs.map(({ exchange }) => exchange),
    spread: {
      priority: line.requiredNumber(6, 9, 0, 'priority'),
      rate,
      method: isScanning ? 'scanning' : isFlat ? 'flat' : 'weighted',
      target: isScanning ? line.cell(95, 100) || null : null,
      isSuper: line.cell(110, 110) === 'S',
      legs: legs.map(({ underlying, ratio, side }) => ({ underlying, ratio, side })),
    },
  };
}

/** Record 5: the combined commodities of a group. */
export function readGroupRecord(line: Pa2Line): { readonly group: string; readonly commodities: readonly string[] } {
  line.requireLength(18);
  const commodities: string[] = [];
  for (let from = 13; from <= 67; from += 6) {
    const code = line.cell(from, from + 5);
    if (code !== '') commodities.push(code);
  }
  return { group: line.required(3, 5, 'group'), commodities };
}

/** Record B: parameters of the arrays of one future or option series. */
export interface Pa2ArrayParameters {
  readonly exchange: string;
  readonly product: string;
  readonly type: RiskContractType;
  readonly futureMonth: string | null;
  readonly optionMonth: string | null;
  readonly baseVolatility: number | null;
  readonly volatilityScanRange: number | null;
  /** Price scan range [currency per contract]. */
  readonly priceScanRange: number | null;
  readonly extremeMultiplier: number | null;
  readonly coverFraction: number | null;
  readonly interestRate: number | null;
  readonly yearsToExpiry: number | null;
  readonly deltaScaling: number | null;
  readonly expiry: string;
  readonly underlyingProduct: string;
  readonly pricingModel: string;
  /** A: absolute; P: fraction of the implied volatility; blank: not stated. */
  readonly volatilityQuotation: string;
  readonly priceQuotation: string;
}

/** Reads record B. VSR stands in columns 45–52 only; the extreme multiplier has 3 decimals, the cover fraction 4. */
export function readArrayParameterRecord(line: Pa2Line): Pa2ArrayParameters {
  line.requireLength(91);
  return {
    exchange: line.required(3, 5, 'exchange'),
    product: line.required(6, 15, 'commodity'),
    type: line.required(16, 18, 'product type') as RiskContractType,
    futureMonth: line.month(19, [25, 26], 'futures month'),
    optionMonth: line.month(28, [34, 35], 'option month'),
    baseVolatility: scaledBy(line, line.numberIn(37, 44, 6, 'base volatility'), 146),
    volatilityScanRange: scaledBy(line, line.numberIn(45, 52, 6, 'volatility scan range'), 149),
    priceScanRange: scaledBy(line, line.numberIn(53, 57, 0, 'price scan range'), 166),
    extremeMultiplier: line.numberIn(58, 62, 3, 'extreme move multiplier'),
    coverFraction: line.numberIn(63, 67, 4, 'extreme move covered fraction'),
    interestRate: line.numberIn(68, 72, 4, 'interest rate'),
    yearsToExpiry: line.numberIn(73, 79, 6, 'time to expiry'),
    deltaScaling: line.numberIn(86, 91, 4, 'delta scaling factor'),
    expiry: line.cell(92, 99),
    underlyingProduct: line.cell(100, 109),
    pricingModel: line.cell(110, 111),
    volatilityQuotation: line.cell(164, 164),
    priceQuotation: line.cell(165, 165),
  };
}

/** Applies the exponent of two columns and its sign in the third. */
function scaledBy(line: Pa2Line, value: number | null, from: number): number | null {
  const exponent = line.numberIn(from, from + 1, 0, 'exponent') ?? 0;
  if (value === null || exponent === 0) return value;
  return line.sign(from + 2, 'sign of the exponent') < 0 ? value / 10 ** exponent : value * 10 ** exponent;
}

function sideOf(line: Pa2Line, column: number): SpreadSide {
  const side = line.cell(column, column);
  return side === 'A' || side === 'B' ? side : line.refuse(column, column, 'expected side A or B');
}
