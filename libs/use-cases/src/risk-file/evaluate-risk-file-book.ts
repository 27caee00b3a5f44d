// Contracts of a risk-parameter file as a book of ready risk arrays, in one base currency.
import { Decimal, fxRateBetween } from '@ballast/domain';
import type { RiskCommodity, RiskContract, RiskParameterFile } from '@ballast/formats';
import {
  type CommodityParameters,
  type IntercommoditySpread,
  scanningTargets,
  type SpanBook,
  type SpanCommodity,
  type SpanContract,
  spanParameterSets,
} from '@ballast/margin';
import type { MatchedAccount } from './evaluate-risk-file-positions';

/** A book of one account with its quantities, and why it cannot be valued, if so. */
export interface RiskFileBook {
  readonly book: SpanBook;
  readonly quantities: Float64Array;
  /** Net option value per commodity that holds premium-style options [base currency]. */
  readonly netOptionValues: ReadonlyMap<string, number>;
  /** One reason per contract without an array, a delta that is needed, or a price; empty when the book can be valued. */
  readonly reasons: readonly string[];
}

/** Commodities of a file by product, and the rates that convert to the base currency. */
export interface RiskFileContext {
  readonly file: RiskParameterFile;
  readonly baseCurrency: string;
  readonly commodityOf: (contract: RiskContract) => RiskCommodity | undefined;
  /** @throws DomainError 'FX_MISSING' */
  readonly rateToBase: (currency: string) => number;
}

/** Prepares what the books of all accounts share. */
export function buildRiskFileContext(file: RiskParameterFile, baseCurrency: string): RiskFileContext {
  const byProduct = new Map<string, RiskCommodity>();
  for (const commodity of file.commodities)
    for (const { exchange, family, type } of commodity.products)
      byProduct.set(`${exchange}|${family}|${type}`, commodity);
  const rates = file.currencyRates.map(({ from, to, rate }) => ({ from, to, rate: new Decimal(rate) }));
  return {
    file,
    baseCurrency,
    commodityOf: ({ exchange, family, type }) => byProduct.get(`${exchange}|${family}|${type}`),
    rateToBase: (currency) => fxRateBetween(rates, { from: currency, to: baseCurrency }).toNumber(),
  };
}

/** Name of a contract in the output: exchange, product, type, months, right and strike. */
export function riskContractName(contract: RiskContract): string {
  const { exchange, product, type, underlyingMonth, optionMonth, right, strike } = contract;
  const month = optionMonth ?? underlyingMonth;
  return [exchange, product, type, month, right, strike].filter((part) => part !== null).join(' ');
}

/**
 * Builds the book of one account: its commodities with the contracts held, and the spreads between them.
 *
 * @throws DomainError 'FX_MISSING' when a currency of the account cannot be converted
 */
export function buildRiskFileBook(context: RiskFileContext, account: MatchedAccount): RiskFileBook {
  const reasons: string[] = [];
  const held = new Map<RiskCommodity, RiskContract[]>();
  for (const contract of account.quantities.keys()) {
    const commodity = context.commodityOf(contract);
    if (commodity === undefined) {
      reasons.push(`${riskContractName(contract)}: the file puts its product into no combined commodity`);
      continue;
    }
    held.set(commodity, [...(held.get(commodity) ?? []), contract]);
  }
  const spreads = usableSpreads(context.file.intercommodity, new Set([...held.keys()].map(({ id }) => id)));
  const commodities: SpanCommodity[] = [];
  const quantities: number[] = [];
  const netOptionValues = new Map<string, number>();
  for (const [commodity, contracts] of [...held].sort(([left], [right]) => (left.id < right.id ? -1 : 1))) {
    const needsDelta = needsDeltaIn(commodity, spreads);
    reasons.push(...commodity.notComputed);
    const own = contracts.map((contract) => toSpanContract(contract, { commodity, context, needsDelta, reasons }));
    const months = [...new Set(own.map(({ month }) => month))].map((month) => ({ from: month, to: month }));
    const apart = commodity.scansEachMonth ? { scannedApart: months } : {};
    commodities.push({ ...toSpanCommodity(commodity, context), contracts: own, ...apart });
    for (const contract of contracts) quantities.push(account.quantities.get(contract) ?? 0);
    const value = netOptionValueOf(contracts, { commodity, context, account, reasons });
    if (value !== null) netOptionValues.set(commodity.id, value);
  }
  const known = new Set(commodities.map(({ id }) => id));
  for (const target of new Set(scanningTargets({ intercommodity: spreads })))
    if (!known.has(target)) commodities.push(targetCommodity(target, spreads, context));
  const { scenarios } = publishedSet();
  return {
    book: { scenarios, commodities, intercommodity: spreads },
    quantities: Float64Array.from(quantities),
    netOptionValues,
    reasons,
  };
}

/** Spreads all of whose legs are held; the others cannot be formed. */
function usableSpreads(spreads: readonly IntercommoditySpread[], held: ReadonlySet<string>) {
  return spreads.filter(({ legs }) => legs.every(({ underlying }) => held.has(underlying)));
}

function needsDeltaIn(commodity: RiskCommodity, spreads: readonly IntercommoditySpread[]): boolean {
  if (commodity.calendarSpreads.length > 0 || commodity.deliveryCharges.length > 0) return true;
  return spreads.some(({ legs }) => legs.some(({ underlying }) => underlying === commodity.id));
}

function toSpanCommodity(commodity: RiskCommodity, context: RiskFileContext): SpanCommodity {
  const rateToBase = context.rateToBase(commodity.currency);
  const { rate, method } = commodity.shortOptionMinimum;
  const parameters: CommodityParameters = {
    ...publishedSet().commodity,
    extremeMultiplier: commodity.extremeMultiplier,
    coverFraction: commodity.coverFraction,
    shortOptionMinimum: { rate, method },
    calendarSpreads: commodity.calendarSpreads,
    deliveryCharge: commodity.deliveryCharges,
    weightedFuturesPriceRisk: commodity.weightedFuturesPriceRisk,
    initialToMaintenanceRatio: commodity.initialToMaintenanceRatio,
    capNetOptionValue: commodity.capNetOptionValue,
  };
  return {
    id: commodity.id,
    parameters,
    rateToBase,
    spot: null,
    priceMove: null,
    scanRangePerDelta: (commodity.scanRangePerDelta ?? 0) * rateToBase,
    contracts: [],
    scannedApart: commodity.scanTiers,
  };
}

/** The commodity into which a scanning spread combines its legs, where nothing of it is held. */
function targetCommodity(
  id: string,
  spreads: readonly IntercommoditySpread[],
  context: RiskFileContext,
): SpanCommodity {
  const stated = context.file.commodities.find((commodity) => commodity.id === id);
  if (stated !== undefined) return toSpanCommodity(stated, context);
  const leg = spreads.find(({ target, legs }) => (target ?? legs.map(({ underlying }) => underlying).join('+')) === id)
    ?.legs[0]?.underlying;
  const first = context.file.commodities.find((commodity) => commodity.id === leg) as RiskCommodity;
  return { ...toSpanCommodity({ ...first, id, calendarSpreads: [], deliveryCharges: [], scanTiers: [] }, context), id };
}

interface ContractContext {
  readonly commodity: RiskCommodity;
  readonly context: RiskFileContext;
  readonly needsDelta: boolean;
  readonly reasons: string[];
}

const nearestMonth = '0000-01';

function toSpanContract(
  contract: RiskContract,
  { commodity, context, needsDelta, reasons }: ContractContext,
): SpanContract {
  const name = riskContractName(contract);
  const { losses, delta, right, underlyingMonth, optionMonth } = contract;
  if (losses === null) reasons.push(`${name}: the file has no risk array`);
  if (delta === null && right !== null && needsDelta) reasons.push(`${name}: the file has no composite delta`);
  const link = commodity.products.find(
    ({ exchange, family, type }) =>
      exchange === contract.exchange && family === contract.family && type === contract.type,
  );
  const scaling = contract.deltaScaling ?? link?.deltaScaling ?? 1;
  const rateToBase = context.rateToBase(commodity.currency);
  const month =
    (contract.type === 'OOF' ? (underlyingMonth ?? optionMonth) : (optionMonth ?? underlyingMonth)) ?? nearestMonth;
  return {
    instrumentId: name,
    losses: (losses ?? new Float64Array(publishedSet().scenarios.length)).map((loss) => loss * rateToBase),
    delta: (delta ?? (right === null ? 1 : 0)) * scaling,
    month,
    right,
    notional: 0,
    ...shortOptionRate(commodity, month),
  };
}

/** Rate of the tier a month stands in; the largest of all where it stands in none. */
function shortOptionRate(commodity: RiskCommodity, month: string): Pick<SpanContract, 'shortOptionRate'> {
  const { tiers } = commodity.shortOptionMinimum;
  if (tiers.length === 0) return {};
  const tier = tiers.find(({ from, to }) => from <= month && month <= to);
  return { shortOptionRate: tier?.rate ?? Math.max(...tiers.map(({ rate }) => rate)) };
}

/** Σ quantity × price × contract value factor of premium-style options; null when none is held. */
function netOptionValueOf(
  contracts: readonly RiskContract[],
  input: Omit<ContractContext, 'needsDelta'> & { readonly account: MatchedAccount },
): number | null {
  let total: number | null = null;
  for (const contract of contracts) {
    if (contract.right === null || contract.premiumStyle !== 'equity') continue;
    const { price, contractValueFactor, priceCurrency } = contract;
    if (price === null) input.reasons.push(`${riskContractName(contract)}: the file has no price`);
    if (contractValueFactor === null)
      input.reasons.push(`${riskContractName(contract)}: the file has no contract value factor`);
    const rate = input.context.rateToBase(priceCurrency ?? input.commodity.currency);
    const quantity = input.account.quantities.get(contract) ?? 0;
    total = (total ?? 0) + quantity * (price ?? 0) * (contractValueFactor ?? 0) * rate;
  }
  return total;
}

function publishedSet() {
  const [set] = spanParameterSets;
  if (set === undefined) throw new Error('no published SPAN set');
  return set.values;
}
