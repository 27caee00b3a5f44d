// The parameter records of a positional file, column by column (expanded format).
import type { CalendarSpread, CommodityParameters, MonthRange, SpreadSide } from '@ballast/margin';
import type { Pa2Line } from './pa2-line';
import type { PriceFormat } from './pa2-price';
import { formatContractMonth, monthRange, type RiskContractType, riskContractTypes } from './risk-parameter-file';

/** Record 0: whose file, and of which day. */
export function readHeaderRecord(line: Pa2Line) {
  line.requireLength(16);
  const date = line.required(9, 16, 'business date');
  const match = /^(\d{4})(0[1-9]|1[0-2])([0-3]\d)$/.exec(date);
  if (match === null) line.refuse(9, 16, 'business date: expected CCYYMMDD');
  return {
    complex: line.required(3, 8, 'clearing organisation'),
    businessDate: `${match[1]}-${match[2]}-${match[3]}`,
    isSettlement: line.cell(17, 17) === 'S',
    createdDate: line.cell(24, 31),
    createdTime: line.cell(32, 35),
    fileFormat: line.cell(36, 37),
  };
}

/** Record T: one unit of `from` is worth `rate` of `to`. */
export function readCurrencyRecord(line: Pa2Line) {
  line.requireLength(20);
  const rate = line.requiredNumber(11, 20, 6, 'conversion multiplier');
  if (rate === 0) line.refuse(11, 20, 'a conversion multiplier of 0');
  return { to: line.required(3, 5, 'currency'), from: line.required(7, 9, 'currency'), rate };
}

/** Record 2: a combined commodity and the products in it; further records add products. */
export function readCommodityRecord(line: Pa2Line) {
  line.requireLength(35);
  const products: { readonly product: string; readonly type: RiskContractType; readonly arrayScale: number }[] = [];
  for (let from = 23; from + 12 <= Math.min(line.text.length, 118); from += 16) {
    const product = line.cell(from, from + 9);
    if (product === '') continue;
    const decimals = line.numberIn(from + 13, from + 13, 0, 'decimals of array values') ?? 0;
    products.push({
      product,
      type: typeIn(line, from + 10),
      arrayScale: line.text.charAt(from + 13) === '-' ? 10 ** decimals : 1 / 10 ** decimals,
    });
  }
  const style = line.cell(18, 18);
  if (!/^[PF]?$/.test(style)) line.refuse(18, 18, 'option margin style: expected P, F or blank');
  return {
    exchange: line.required(3, 5, 'exchange'),
    commodity: line.required(7, 12, 'combined commodity'),
    riskExponent: line.numberIn(13, 13, 0, 'risk exponent') ?? 0,
    currency: line.required(14, 16, 'currency'),
    premiumStyle: style === 'F' ? ('futures' as const) : ('equity' as const),
    capNetOptionValue: line.cell(19, 19) === 'Y',
    products,
  };
}

/** Record P: how a product writes its prices and what a point is worth. */
export function readPriceRecord(line: Pa2Line) {
  line.requireLength(68);
  const factor = line.requiredNumber(42, 55, 7, 'contract value factor');
  const exponent = line.numberIn(74, 75, 0, 'exponent of the contract value factor') ?? 0;
  const method = line.cell(117, 121);
  const settlement: PriceFormat = { decimals: locator(line, 34), alignment: line.cell(40, 40) };
  const strike: PriceFormat = { decimals: locator(line, 37), alignment: line.cell(41, 41) };
  return {
    exchange: line.required(3, 5, 'exchange'),
    product: line.required(6, 15, 'commodity'),
    type: typeIn(line, 16),
    name: line.cell(19, 33),
    settlement,
    strike,
    contractValueFactor: line.cell(73, 73) === '-' ? factor / 10 ** exponent : factor * 10 ** exponent,
    currency: line.required(66, 68, 'currency'),
    premiumStyle: method === '' ? null : method.startsWith('FUT') ? ('futures' as const) : ('equity' as const),
  };
}

/** A numbered tier. */
export type Pa2Tier = MonthRange & { readonly number: number };

/** Record 3: tiers of calendar spreads and the ratios initial to maintenance; four tiers a record. */
export function readTierRecord(line: Pa2Line) {
  line.requireLength(24);
  const days = [81, 85, 89, 93] as const;
  return {
    commodity: line.required(3, 8, 'combined commodity'),
    method: line.cell(9, 10),
    tiers: days.flatMap((day, index) => tierAt(line, 11 + 14 * index, day)),
    ratios: {
      member: ratio(line, 69),
      hedger: ratio(line, 73),
      speculator: ratio(line, 77),
    },
  };
}

/** Record S: tiers of the scan, of spreads between commodities, or of the short option minimum. */
export function readScanTierRecord(line: Pa2Line) {
  line.requireLength(10);
  const tiers = [0, 1, 2, 3, 4].flatMap((index) =>
    tierAt(line, 13 + 14 * index, 84 + 4 * index).map((tier) => ({
      ...tier,
      minimum: line.numberIn(104 + 7 * index, 110 + 7 * index, 0, 'short option minimum'),
    })),
  );
  return {
    commodity: line.required(3, 8, 'combined commodity'),
    method: line.required(9, 10, 'method'),
    tiers,
    weightedFuturesPriceRisk: priceRiskMethods[line.cell(83, 83)],
  };
}

const priceRiskMethods: Readonly<Record<string, CommodityParameters['weightedFuturesPriceRisk']>> = {
  '1': 'normal',
  '2': 'scan-range',
  '3': 'scan-range-cap',
};

export interface Pa2SpreadLeg {
  readonly legNumber: number;
  readonly tier: number;
  readonly deltaPerSpread: number;
  readonly side: SpreadSide;
}

/** Record C: a spread between tiers. */
export function readTierSpreadRecord(line: Pa2Line) {
  line.requireLength(35);
  const count = line.requiredNumber(13, 14, 0, 'number of legs');
  if (count < 2) line.refuse(13, 14, 'a spread needs two legs or more');
  line.requireLength(21 + 7 * count);
  const legs = Array.from({ length: count }, (_, index): Pa2SpreadLeg => {
    const from = 22 + 7 * index;
    return {
      legNumber: line.requiredNumber(from, from + 1, 0, 'leg number'),
      tier: line.requiredNumber(from + 2, from + 3, 0, 'tier'),
      deltaPerSpread: positive(line, from + 4, from + 5, 0, 'delta per spread'),
      side: sideAt(line, from + 6),
    };
  });
  return {
    commodity: line.required(3, 8, 'combined commodity'),
    method: line.cell(9, 10),
    priority: line.requiredNumber(11, 12, 0, 'priority'),
    charge: line.requiredNumber(15, 21, 0, 'charge'),
    legs,
  };
}

/** Record E: a spread between months. */
export function readSeriesSpreadRecord(line: Pa2Line): { readonly commodity: string; readonly spread: CalendarSpread } {
  line.requireLength(48);
  const legs: CalendarSpread['legs'][number][] = [];
  for (let from = 21; line.cell(from, from + 13) !== ''; from += 14) {
    const month = formatContractMonth(`20${line.required(from, from + 3, 'month')}${line.cell(from + 4, from + 5)}`);
    if (month === null) line.refuse(from, from + 3, 'month: expected YYMM');
    const deltaPerSpread = positive(line, from + 7, from + 12, 4, 'delta per spread');
    legs.push({ ...monthRange(month, month), deltaPerSpread, side: sideAt(line, from + 13) });
  }
  if (legs.length < 2) line.refuse(21, 48, 'a spread needs two legs or more');
  return {
    commodity: line.required(3, 8, 'combined commodity'),
    spread: {
      priority: line.requiredNumber(9, 13, 0, 'priority'),
      kind: 'series',
      rate: line.requiredNumber(14, 20, 0, 'charge'),
      legs,
    },
  };
}

/** Record 4: charges in the delivery period, short option minimum, adjustment factors. */
export function readDeliveryRecord(line: Pa2Line) {
  line.requireLength(69);
  const method = line.cell(9, 10);
  const charges = [0, 1].flatMap((index) => {
    const from = 15 + 22 * index;
    const month = method === '10' ? line.month(from, [57 + 2 * index, 58 + 2 * index], 'delivery month') : null;
    if (month === null) return [];
    return [
      {
        month,
        spread: line.numberIn(from + 6, from + 12, 0, 'charge on spreads') ?? 0,
        outright: line.numberIn(from + 13, from + 19, 0, 'charge on outrights') ?? 0,
      },
    ];
  });
  const minimumMethod = line.cell(79, 79);
  if (!/^[12]?$/.test(minimumMethod)) line.refuse(79, 79, 'short option minimum method: expected 1 or 2');
  return {
    commodity: line.required(3, 8, 'combined commodity'),
    method,
    charges,
    shortOptionMinimum: {
      rate: line.numberIn(63, 69, 0, 'short option minimum') ?? 0,
      method: minimumMethod === '2' ? ('gross' as const) : ('max' as const),
    },
    adjustments: {
      member: line.numberIn(70, 72, 2, 'adjustment factor') ?? 1,
      hedger: line.numberIn(73, 75, 2, 'adjustment factor') ?? 1,
      speculator: line.numberIn(76, 78, 2, 'adjustment factor') ?? 1,
    },
  };
}

/** A tier of 14 columns: number, first and last month. */
function tierAt(line: Pa2Line, from: number, day: number): Pa2Tier[] {
  if (line.cell(from, from + 13) === '') return [];
  const first = line.month(from + 2, [day, day + 1], 'first month of the tier') ?? '0000-01';
  const last = line.month(from + 8, [day + 2, day + 3], 'last month of the tier') ?? '9999-12';
  if (last < first) line.refuse(from + 2, from + 13, 'the tier ends before it starts');
  return [{ number: line.requiredNumber(from, from + 1, 0, 'tier'), ...monthRange(first, last) }];
}

function typeIn(line: Pa2Line, from: number): RiskContractType {
  const type = line.required(from, from + 2, 'product type');
  if (!(riskContractTypes as readonly string[]).includes(type)) line.refuse(from, from + 2, 'an unknown product type');
  return type as RiskContractType;
}

/** Decimal locator of three columns: `003`, `-02`, blank = 0. */
function locator(line: Pa2Line, from: number): number {
  const text = line.cell(from, from + 2);
  if (!/^(?:[+-]?\d{1,3})?$/.test(text)) line.refuse(from, from + 2, 'decimal locator: expected digits');
  const value = Number(text);
  return Math.abs(value) <= 12 ? value : line.refuse(from, from + 2, 'decimal locator of more than 12 places');
}

function ratio(line: Pa2Line, from: number): number | null {
  const value = line.numberIn(from, from + 3, 3, 'ratio');
  return value === 0 ? null : value;
}

function positive(line: Pa2Line, from: number, to: number, decimals: number, what: string): number {
  const value = line.requiredNumber(from, to, decimals, what);
  return value > 0 ? value : line.refuse(from, to, `${what}: must be greater than 0`);
}

function sideAt(line: Pa2Line, column: number): SpreadSide {
  const side = line.cell(column, column);
  return side === 'A' || side === 'B' ? side : line.refuse(column, column, 'expected side A or B');
}
