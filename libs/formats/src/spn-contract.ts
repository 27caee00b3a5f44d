// Contracts of an .spn file and their risk arrays.
import { plainNumber, type RiskContract, type RiskContractKey, type RiskContractType } from './risk-parameter-file';
import { chooseByRate } from './spn-account-rates';
import {
  childOf,
  childrenOf,
  monthOf,
  numberIn,
  numberOf,
  refuseElement,
  requiredText,
  type SpnElement,
  textOf,
} from './spn-element';

/** What contracts take from the product family and series they stand in. */
export interface SpnFamily {
  readonly exchange: string;
  readonly product: string;
  readonly family: string;
  readonly type: RiskContractType;
  readonly currency: string | undefined;
  readonly contractValueFactor: number | undefined;
  readonly premiumStyle: 'equity' | 'futures';
}

/** A series of options: one expiry. */
export interface SpnSeries {
  readonly month: string;
  readonly contractValueFactor: number | undefined;
  readonly deltaScaling: number | undefined;
  /** The underlying contract: exchange, family and contract of the first `undC`. */
  readonly underlying: { readonly exchange: string; readonly family: string; readonly contractId: string } | undefined;
}

export const familyTypes: Readonly<Record<string, RiskContractType>> = {
  phyPf: 'PHY',
  futPf: 'FUT',
  cmbPf: 'CMB',
  oopPf: 'OOP',
  oofPf: 'OOF',
  oocPf: 'OOC',
};

export function readSpnFamily(header: SpnElement, exchange: string): SpnFamily {
  const family = requiredText(header, 'pfId');
  return {
    exchange,
    product: textOf(header, 'pfCode') ?? family,
    family,
    type: familyTypes[header.name] as RiskContractType,
    currency: textOf(header, 'currency'),
    contractValueFactor: numberOf(header, 'cvf'),
    premiumStyle: /^FUT/i.test(textOf(header, 'valueMeth') ?? '') ? 'futures' : 'equity',
  };
}

export function readSpnSeries(header: SpnElement): SpnSeries {
  const underlying = childOf(header, 'undC');
  return {
    month: monthOf(header, 'pe') ?? refuseElement(header, undefined, 'series has no pe'),
    contractValueFactor: numberOf(header, 'cvf'),
    deltaScaling: numberOf(header, 'sc'),
    underlying:
      underlying === undefined
        ? undefined
        : {
            exchange: requiredText(underlying, 'exch'),
            family: requiredText(underlying, 'pfId'),
            contractId: requiredText(underlying, 'cId'),
          },
  };
}

/** Identity of a contract element, as far as it is known; null while `o` or `k` of an option have not come. */
export function spnContractKey(
  unit: SpnElement,
  family: SpnFamily,
  series: SpnSeries | undefined,
): (Omit<RiskContractKey, 'underlyingMonth'> & { readonly month: string }) | null {
  const { exchange, product, family: familyId, type } = family;
  const contractId = textOf(unit, 'cId') ?? '';
  const common = { exchange, product, family: familyId, contractId, type };
  if (series === undefined)
    return { ...common, month: monthOf(unit, 'pe') ?? '', optionMonth: null, right: null, strike: null };
  const right = textOf(unit, 'o')?.toUpperCase();
  const strike = textOf(unit, 'k');
  if (right === undefined || strike === undefined) return null;
  if (right !== 'C' && right !== 'P') refuseElement(unit, right, 'expected o to be C or P');
  const plain = plainNumber(strike) ?? refuseElement(unit, strike, 'expected k to be a strike in plain digits');
  const rightWord = right === 'C' ? 'call' : 'put';
  return { ...common, month: series.month, optionMonth: series.month, right: rightWord, strike: plain };
}

/** A contract whose underlying month is looked up when the whole file is known. */
export type SpnContract = RiskContract & {
  readonly underlying: SpnSeries['underlying'];
  /** Whether the array is of the account type's own rate. */
  readonly isOwnRate: boolean;
};

/**
 * Reads a contract element with its array of the given rate number.
 *
 * @throws FileRefusal for an array that has not sixteen values, or a value that is no number
 */
export function readSpnContract(
  unit: SpnElement,
  context: { readonly family: SpnFamily; readonly series: SpnSeries | undefined; readonly rate: number },
): SpnContract {
  const { family, series, rate } = context;
  const key = spnContractKey(unit, family, series) ?? refuseElement(unit, undefined, 'an option without o or k');
  const array = chooseByRate(childrenOf(unit, 'ra'), rate);
  const stated = array === undefined ? null : readArray(array);
  return {
    exchange: key.exchange,
    product: key.product,
    family: key.family,
    contractId: key.contractId,
    type: key.type,
    underlyingMonth: series === undefined ? key.month || null : null,
    optionMonth: key.optionMonth,
    right: key.right,
    strike: key.strike,
    line: unit.line,
    losses: stated?.losses ?? null,
    delta: stated?.delta ?? numberOf(unit, 'd') ?? null,
    deltaScaling: numberOf(unit, 'sc') ?? series?.deltaScaling ?? null,
    price: numberOf(unit, 'p') ?? null,
    priceCurrency: family.currency ?? null,
    contractValueFactor: numberOf(unit, 'cvf') ?? series?.contractValueFactor ?? family.contractValueFactor ?? null,
    premiumStyle: family.premiumStyle,
    underlying: series?.underlying,
    isOwnRate: array !== undefined && (numberOf(array, 'r') ?? 1) === rate,
  };
}

const scenarioCount = 16;

function readArray(array: SpnElement): { readonly losses: Float64Array; readonly delta: number | null } {
  const values = childrenOf(array, 'a');
  if (values.length !== scenarioCount)
    refuseElement(array, `${values.length} values`, 'a risk array of sixteen values (a)');
  return { losses: Float64Array.from(values, numberIn), delta: numberOf(array, 'd') ?? null };
}
