import { doubleOf, formatInstant, type Instant, type Instrument } from '@ballast/domain';
import { compareText } from '../arrange-portfolio';
import { currencyRate } from '../fx-to-base';
import type { ValuedContract, ValuedPosition } from '../instrument-valuation';
import type { MarginInput } from '../margin-method';
import type { ScenarioValuation, ValueScenarios } from '../option-terms';
import { valueStates } from '../option-value';
import { groupByUnderlying } from '../value-positions';
import { compositeDelta } from './composite-delta';
import { computeRiskArray, makeScenarioStates, type RiskArrayInput, scenarioValuationOf } from './risk-array';
import { contractScanRange, priceMoveOf } from './scan-range';
import { type CommoditySizes, isOfSizes } from './shared-span';
import type { SpanBook, SpanCommodity, SpanContract } from './span-book';
import { scanningTargets } from './span-figures';
import type { CommodityParameters, SpanParameters } from './span-parameters';

/** A book and the quantities held, in the book's order. */
export interface SpanHolding {
  readonly book: SpanBook;
  /** Valued positions in the order of the book's contracts. */
  readonly positions: readonly ValuedPosition[];
  readonly quantities: Float64Array;
}

/**
 * Turns valued positions into a book of risk arrays: every contract is valued once under every scenario, by the injected
 * valuation function where one is given, and converted to the base currency at the unshocked rate.
 */
export function buildSpanBook(input: MarginInput<SpanParameters>, positions: readonly ValuedPosition[]): SpanHolding {
  const groups = groupByUnderlying(positions);
  const targets = scanningTargets(input.parameters).filter((id) => !groups.has(id));
  const ids = [...new Set([...groups.keys(), ...targets])].sort(compareText);
  const ordered = ids.flatMap((id) => groups.get(id) ?? []);
  const sizes = contractSizes(input);
  const contracts = spanContractsOf(
    ordered.map(({ contract }) => contract),
    input,
    sizes,
  );
  const commodities = ids.map((id) => ({
    ...commodityOf(id, input, sizesOf(sizes, id)),
    contracts: (groups.get(id) ?? []).map(({ contract }) => contracts.get(contract) as SpanContract),
  }));
  const { scenarios, intercommodity } = input.parameters;
  return {
    book: { scenarios, commodities, intercommodity },
    positions: ordered,
    quantities: Float64Array.from(ordered, ({ quantity }) => quantity),
  };
}

/** Parameters of a commodity: its own, else the default's. */
export function parametersOf(parameters: SpanParameters, underlying: string): CommodityParameters {
  return parameters.commodities.get(underlying) ?? parameters.default;
}

/** Largest multiplier of a listed future and option per underlying, 0 where none is listed. */
export type ContractSizes = ReadonlyMap<string, { readonly future: number; readonly option: number }>;

interface CommodityArrayInput extends RiskArrayInput {
  readonly sizes: CommoditySizes;
  readonly month: string;
}

/** Values the contracts that no earlier portfolio held, all of them in one call, and finds the others. */
function spanContractsOf(
  held: readonly ValuedContract[],
  input: MarginInput<SpanParameters>,
  contractSizes: ContractSizes,
): ReadonlyMap<ValuedContract, SpanContract> {
  const contracts = new Map<ValuedContract, SpanContract>();
  const missing: CommodityArrayInput[] = [];
  for (const contract of held) {
    const sizes = sizesOf(contractSizes, contract.instrument.underlying);
    const known = input.shared?.span.contracts.get(contract);
    if (known !== undefined && isOfSizes(known, sizes)) contracts.set(contract, known.contract);
    else missing.push(arrayInputOf(contract, input, sizes));
  }
  const losses =
    input.valueScenarios === undefined
      ? computeRiskArraysOneByOne(missing)
      : computeRiskArrays(missing, input.valueScenarios);
  missing.forEach((arrayInput, index) => {
    const contract = toSpanContract(arrayInput, losses[index] as Float64Array, input);
    contracts.set(arrayInput.contract, contract);
    input.shared?.span.contracts.set(arrayInput.contract, { sizes: arrayInput.sizes, contract });
  });
  return contracts;
}

function arrayInputOf(
  contract: ValuedContract,
  input: MarginInput<SpanParameters>,
  sizes: CommoditySizes,
): CommodityArrayInput {
  const { instrument, spot } = contract;
  const parameters = parametersOf(input.parameters, instrument.underlying);
  const month = contractMonth(instrument, input.portfolio.asOf);
  const range = contractScanRange(parameters, month, { spot, futureMultiplier: sizes.future });
  const { scenarios } = input.parameters;
  return { contract, range, parameters, scenarios, sizes, month };
}

/** What computeRiskArrays gives by the plain models, without room for the states of every contract at once. */
function computeRiskArraysOneByOne(inputs: readonly RiskArrayInput[]): readonly Float64Array[] {
  const scenarios = inputs[0]?.scenarios ?? [];
  const [states, prices] = [makeScenarioStates(scenarios), new Float64Array(scenarios.length + 1)];
  return inputs.map((input) => {
    const request = scenarioValuationOf(input, states);
    return computeRiskArray(input, request === null ? null : valueStates(request, prices));
  });
}

function computeRiskArrays(inputs: readonly RiskArrayInput[], valueScenarios: ValueScenarios): readonly Float64Array[] {
  const requests: ScenarioValuation[] = [];
  const requestIndexes = inputs.map((input) => {
    const request = scenarioValuationOf(input);
    return request === null ? null : requests.push(request) - 1;
  });
  const values = valueScenarios(requests);
  return inputs.map((input, index) => {
    const request = requestIndexes[index];
    return computeRiskArray(input, request == null ? null : (values[request] ?? null));
  });
}

function toSpanContract(
  arrayInput: CommodityArrayInput,
  losses: Float64Array,
  input: MarginInput<SpanParameters>,
): SpanContract {
  const { contract, parameters, range, sizes, month } = arrayInput;
  const { instrument, underlying, multiplier, fxToBase, spot } = contract;
  const quoteToBase = currencyRate(input.snapshot, { from: underlying.currency, to: input.portfolio.baseCurrency });
  const scaling = (parameters.deltaScalingFactor * multiplier) / sizes.delta;
  const delta = needsDelta(parameters, instrument.underlying, input.parameters)
    ? compositeDelta({ contract, range, parameters })
    : 0;
  return {
    instrumentId: instrument.id,
    losses: fxToBase === 1 ? losses : losses.map((loss) => loss * fxToBase),
    delta: delta * scaling,
    month,
    right: instrument.type === 'option' ? instrument.right : null,
    notional: Math.abs(spot) * multiplier * quoteToBase,
  };
}

/** Deltas cost seven valuations per option, so they are computed only where a spread or charge reads them. */
function needsDelta(commodity: CommodityParameters, underlying: string, parameters: SpanParameters): boolean {
  if (commodity.calendarSpreads.length > 0 || commodity.deliveryCharge.length > 0) return true;
  return parameters.intercommodity.some(({ legs }) => legs.some((leg) => leg.underlying === underlying));
}

export type CommodityFacts = Omit<SpanCommodity, 'contracts'>;

/** The commodity as an earlier portfolio of the same base currency and sizes met it, else described anew. */
function commodityOf(id: string, input: MarginInput<SpanParameters>, sizes: CommoditySizes): CommodityFacts {
  const commodities = input.shared?.span.commodities;
  const key = `${input.portfolio.baseCurrency} ${id}`;
  const known = commodities?.get(key);
  if (known !== undefined && isOfSizes(known, sizes)) return known.commodity;
  const commodity = describeCommodity(id, input, sizes);
  commodities?.set(key, { sizes, commodity });
  return commodity;
}

/** A commodity and its scan in a market. */
export function describeCommodity(
  id: string,
  input: MarginInput<SpanParameters>,
  sizes: CommoditySizes,
): CommodityFacts {
  const parameters = parametersOf(input.parameters, id);
  const quote = input.snapshot.underlyings.get(id);
  if (quote === undefined || quote.price === null)
    return { id, parameters, rateToBase: 1, spot: null, priceMove: null, scanRangePerDelta: 0 };
  const rateToBase = currencyRate(input.snapshot, { from: quote.currency, to: input.portfolio.baseCurrency });
  const spot = quote.price.toNumber();
  const priceMove = priceMoveOf(parameters.priceScanRange, { spot, futureMultiplier: sizes.future });
  const scanRangePerDelta = (priceMove * sizes.delta * rateToBase) / parameters.deltaScalingFactor;
  return { id, parameters, rateToBase, spot, priceMove, scanRangePerDelta };
}

/**
 * Contract sizes of an underlying: `future` turns an amount per future into a price move (1 when no future is listed);
 * `delta` is the size one unit of delta stands for: the future's, else the largest option's, else 1.
 */
export function contractSizes(input: MarginInput<SpanParameters>): ContractSizes {
  const largest = new Map<string, { future: number; option: number }>();
  const count = (instrument: Instrument): void => {
    if (instrument.type !== 'future' && instrument.type !== 'option') return;
    const sizes = largest.get(instrument.underlying) ?? { future: 0, option: 0 };
    sizes[instrument.type] = Math.max(sizes[instrument.type], doubleOf(instrument.multiplier));
    largest.set(instrument.underlying, sizes);
  };
  input.portfolio.listedInstruments?.forEach(count);
  for (const { instrument } of input.portfolio.positions) count(instrument);
  return largest;
}

/** Sizes of one underlying. */
export function sizesOf(sizes: ContractSizes, underlying: string): CommoditySizes {
  const { future, option } = sizes.get(underlying) ?? { future: 0, option: 0 };
  return { future: future || 1, delta: future || option || 1 };
}

/** Month of a contract: of its expiry in UTC; a perpetual and a holding stand in the month of the valuation. */
export function contractMonth(instrument: Instrument, asOf: Instant): string {
  const instant = 'expiry' in instrument ? instrument.expiry : asOf;
  if (instant !== lastMonth.instant) lastMonth = { instant, month: formatInstant(instant).slice(0, 7) };
  return lastMonth.month;
}

/** Contracts come expiry by expiry; what is remembered never changes a month. */
let lastMonth: { readonly instant: Instant; readonly month: string } = { instant: 0 as Instant, month: '1970-01' };
