// What the risk-parameter files of exchanges say, whichever format they come in.
import type { OptionRight } from '@ballast/domain';
import type { CalendarSpread, DeliveryCharge, IntercommoditySpread, MonthRange } from '@ballast/margin';

/** Whose rates of the file apply: clearing members, hedgers, or speculators. */
export type RiskAccountType = 'member' | 'hedger' | 'speculator';

/** Kinds of contract: future, physical, combination, option on future, on physical, on combination. */
export const riskContractTypes = ['FUT', 'PHY', 'CMB', 'OOF', 'OOP', 'OOC'] as const;
export type RiskContractType = (typeof riskContractTypes)[number];

/** Identity of a contract as the file states it. Months are `YYYY-MM`, with the day or week code as `YYYY-MM-DD`. */
export interface RiskContractKey {
  readonly exchange: string;
  /** Product code traders know (pfCode; the commodity code of positional files). */
  readonly product: string;
  /** Identifier of the product family within the file (pfId; the commodity code of positional files). */
  readonly family: string;
  /** The file's own identifier of the contract: cId, or the identity columns joined. */
  readonly contractId: string;
  readonly type: RiskContractType;
  /** Month of a future or physical; of the underlying future for options on futures; null where there is none. */
  readonly underlyingMonth: string | null;
  readonly optionMonth: string | null;
  readonly right: OptionRight | null;
  /** Strike in plain digits without superfluous zeros. */
  readonly strike: string | null;
}

/** A contract with its ready risk array. */
export interface RiskContract extends RiskContractKey {
  /** Line in which the contract stands. */
  readonly line: number;
  /** Losses of LONG one contract per scenario, already weighted [currency of the commodity]; null: the file has none. */
  readonly losses: Float64Array | null;
  /** Composite delta of one contract, unscaled; null: the file has none. */
  readonly delta: number | null;
  /** Delta scaling factor stated with the contract; null: that of the product applies. */
  readonly deltaScaling: number | null;
  /** Settlement price; null: the file has none. */
  readonly price: number | null;
  /** Currency of the price; null: that of the commodity. */
  readonly priceCurrency: string | null;
  /** Currency value of one price point; null: the file has none. */
  readonly contractValueFactor: number | null;
  /** equity: the premium is paid up front, so the option has a value; futures: marked to market. */
  readonly premiumStyle: 'equity' | 'futures';
}

/** A product family that belongs to a combined commodity. */
export interface RiskProductLink {
  readonly exchange: string;
  readonly family: string;
  readonly type: RiskContractType;
  readonly deltaScaling: number;
}

/** A combined commodity: what is scanned together, with the rates of the account type that was asked for. */
export interface RiskCommodity {
  /** Code of the combined commodity, with the clearing organisation in front where two use the same. */
  readonly id: string;
  readonly line: number;
  readonly currency: string;
  readonly products: readonly RiskProductLink[];
  readonly calendarSpreads: readonly CalendarSpread[];
  readonly deliveryCharges: readonly DeliveryCharge[];
  readonly shortOptionMinimum: {
    readonly method: 'gross' | 'max';
    readonly rate: number;
    /** Rates by option month; empty: one rate for all. */
    readonly tiers: readonly (MonthRange & { readonly rate: number })[];
  };
  /** Months that are scanned on their own; empty: everything is scanned together. */
  readonly scanTiers: readonly MonthRange[];
  /** true: every month is scanned on its own. */
  readonly scansEachMonth: boolean;
  /** Charges of the file that are not computed; whoever holds the commodity cannot be given a requirement. */
  readonly notComputed: readonly string[];
  readonly initialToMaintenanceRatio: number;
  readonly weightedFuturesPriceRisk: 'normal' | 'scan-range' | 'scan-range-cap';
  readonly capNetOptionValue: boolean;
  readonly extremeMultiplier: number;
  readonly coverFraction: number;
  /** Loss of a full price scan per unit of delta, from the array of the first future; null: there is none. */
  readonly scanRangePerDelta: number | null;
}

/** A conversion rate of the file: one unit of `from` is worth `rate` of `to`. */
export interface RiskCurrencyRate {
  readonly from: string;
  readonly to: string;
  readonly rate: number;
}

/** Everything of a risk-parameter file that the positions asked for need. */
export interface RiskParameterFile {
  readonly file: string;
  readonly format: 'spn' | 'pa2';
  readonly clearingOrganizations: readonly string[];
  /** Business date `YYYY-MM-DD`; null where the file states none. */
  readonly businessDate: string | null;
  readonly currencyRates: readonly RiskCurrencyRate[];
  readonly commodities: readonly RiskCommodity[];
  readonly intercommodity: readonly IntercommoditySpread[];
  /** Contracts that were asked for. */
  readonly contracts: readonly RiskContract[];
  /** How many contracts the file holds. */
  readonly contractCount: number;
  /** How many records of each type the file holds (positional files). */
  readonly recordCounts: ReadonlyMap<string, number>;
  readonly warnings: readonly string[];
}

/** A source of bytes and how to tell the progress. */
export interface RiskParameterSource {
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Called after every chunk with the bytes read and the contracts seen so far. */
  readonly onProgress?: (bytesDone: number, contracts: number) => void;
}

/** Tells a reader which contracts to keep. */
export interface ContractSelection {
  /** false: no contract of the product was asked for. */
  readonly hasProduct: (exchange: string, product: string, family: string) => boolean;
  /** Whether the contract may be one that was asked for; the underlying month is not looked at. */
  readonly has: (key: Omit<RiskContractKey, 'underlyingMonth'> & { readonly month: string }) => boolean;
}

/**
 * Writes a contract month as `YYYY-MM`, or with its day or week code as `YYYY-MM-DD`; null when the text is no month.
 *
 * @example
 * formatContractMonth('20250725') // '2025-07-25'
 */
export function formatContractMonth(text: string): string | null {
  const match = /^(\d{4})-?(0[1-9]|1[0-2])-?([0-9A-Z]{2})?$/.exec(text);
  if (match === null) return null;
  const [, year, month, day] = match;
  return day === undefined || day === '00' ? `${year}-${month}` : `${year}-${month}-${day}`;
}

/** The range between two contract months, both included with all their days. */
export function monthRange(from: string, to: string): MonthRange {
  return { from, to: to.length === 7 ? `${to}-zz` : to };
}

/** Drops a plus, leading and trailing zeros, so that `0095.50` and `95.5` are one strike; null when it is no number. */
export function plainNumber(text: string): string | null {
  const match = /^([+-]?)0*(\d*)(?:\.(\d*?)0*)?$/.exec(text);
  if (match === null || !/\d/.test(text)) return null;
  const [, sign, whole = '', fraction = ''] = match;
  const digits = `${whole === '' ? '0' : whole}${fraction === '' ? '' : `.${fraction}`}`;
  return sign === '-' && digits !== '0' ? `-${digits}` : digits;
}

/**
 * Tells whether the extremes of a linear contract's array look unweighted: about multiplier × the full scan instead of
 * cover × multiplier × the full scan. Arrays are delivered weighted; weighting them again would understate the risk.
 */
export function extremesLookUnweighted(
  losses: Float64Array,
  extreme: { readonly multiplier: number; readonly cover: number },
): boolean {
  const full = Math.max(...[10, 11, 12, 13].map((index) => Math.abs(losses[index] ?? 0)));
  const tail = Math.max(Math.abs(losses[14] ?? 0), Math.abs(losses[15] ?? 0));
  if (full === 0 || extreme.cover >= 1) return false;
  return tail > full * extreme.multiplier * ((1 + extreme.cover) / 2);
}

/** Loss of a full price scan per unit of delta, read off the array of a linear contract; null where delta is 0. */
export function scanRangeOf(losses: Float64Array, delta: number): number | null {
  const full = Math.max(...[10, 11, 12, 13].map((index) => Math.abs(losses[index] ?? 0)));
  return delta === 0 ? null : full / Math.abs(delta);
}
