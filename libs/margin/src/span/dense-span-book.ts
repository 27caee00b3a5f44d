import type { Instant, Instrument, MarketSnapshot, OptionInstrument, UnderlyingQuote } from '@ballast/domain';
import { compareText, requireHoldable } from '../arrange-portfolio';
import { type ModelChoice, type ValuedContract, valueInstrument } from '../instrument-valuation';
import type { MarginInput } from '../margin-method';
import { isPremiumStyleOption } from '../net-option-value';
import { createStatePricers, valueStates } from '../option-value';
import { contractGreeks } from '../position-greeks';
import { contractMonth, contractSizes, type ContractSizes, describeCommodity, sizesOf } from './build-span-book';
import { computeRiskArray, makeScenarioStates, type ScenarioStates, scenarioValuationOf } from './risk-array';
import { contractScanRange } from './scan-range';
import type { SpanCommodity } from './span-book';
import { scenarioLabels } from './span-book-requirement';
import { chooseSpanModel, isScannedOnly } from './span-method';
import type { CommodityParameters, SpanParameters } from './span-parameters';

/** Figures of one contract beside its losses, in this order: what a sum over positions reads. */
export const denseFigures = [
  'notional',
  'mark',
  'multiplier',
  'fxToBase',
  'delta',
  'gamma',
  'vega',
  'theta',
  'rho',
] as const;

/** A commodity as the accounts that hold it see it. */
export interface DenseCommodity extends Omit<SpanCommodity, 'contracts'> {
  /** Words of each scenario. */
  readonly labels: readonly string[];
}

/** The contracts of a run as columns, in the order in which they were met. */
export interface DenseSpanBook {
  readonly parameters: SpanParameters;
  readonly currency: string;
  /** Losses of LONG one contract, contract by contract [base currency]. */
  readonly losses: Float64Array;
  /** `denseFigures` of each contract; the mark of what counts no option value is NaN. */
  readonly figures: Float64Array;
  /** Position of each contract's commodity in `commodities`. */
  readonly commodityOf: Int32Array;
  /** 1 call, 2 put, 0 anything else. */
  readonly rights: Int8Array;
  readonly commodities: readonly DenseCommodity[];
  readonly warnings: readonly (readonly string[])[];
  /** Numbers of the scenarios. */
  readonly indexes: readonly number[];
  /** Room for the losses of an account's commodity, one after the other; whoever asks for the same again overwrites it. */
  readonly scratch: (slot: number) => Float64Array;
  /**
   * Positions of contracts in the columns, values those that are new, all in one call; −1 for a contract that has to be
   * computed with its account, because it cannot be valued, cannot be held, or is a future that is not listed.
   */
  readonly place: (instruments: readonly Instrument[]) => Int32Array;
}

/** What the accounts of a run in one currency have in common. */
export interface DenseSpanInput {
  readonly snapshot: MarketSnapshot;
  readonly asOf: Instant;
  readonly baseCurrency: string;
  readonly listedInstruments: readonly Instrument[];
}

/**
 * Begins the columns of a run.
 *
 * @returns null where spreads or delivery charges tie contracts to each other by more than the sum of their losses
 */
export function openDenseSpanBook(parameters: SpanParameters, input: DenseSpanInput): DenseSpanBook | null {
  const isSeparable = isScannedOnly({
    commodities: [parameters.default, ...parameters.commodities.values()].map((one) => ({ parameters: one })),
    intercommodity: parameters.intercommodity,
  });
  return isSeparable ? new GrowingSpanBook(parameters, input) : null;
}

class GrowingSpanBook implements DenseSpanBook {
  readonly currency: string;
  losses = new Float64Array(0);
  figures = new Float64Array(0);
  commodityOf = new Int32Array(0);
  rights = new Int8Array(0);
  readonly commodities: DenseCommodity[] = [];
  readonly warnings: (readonly string[])[] = [];
  readonly indexes: readonly number[];
  private readonly slots: Float64Array[] = [];
  private readonly placeOf = new Map<Instrument, number>();
  private readonly commodityPlaces = new Map<string, number>();
  private readonly listed: ReadonlySet<string>;
  private readonly sizes: ContractSizes;
  private readonly months = new Map<Instant, string>();
  private readonly input: MarginInput<SpanParameters>;
  private readonly width: number;
  /** States, prices and losses of the contract at hand. */
  private readonly states: ScenarioStates;
  private readonly prices: Float64Array<ArrayBuffer>;
  private readonly array: Float64Array<ArrayBuffer>;
  private readonly pricers = createStatePricers();
  private readonly chooseModel: (instrument: OptionInstrument, underlying: UnderlyingQuote) => ModelChoice;

  constructor(
    readonly parameters: SpanParameters,
    { snapshot, asOf, baseCurrency, listedInstruments }: DenseSpanInput,
  ) {
    const nothing = { methodology: 'SPAN' as const, positions: [], cash: [], collateral: [] };
    this.input = { portfolio: { ...nothing, asOf, baseCurrency, listedInstruments }, snapshot, parameters };
    this.currency = baseCurrency;
    this.width = parameters.scenarios.length;
    this.indexes = parameters.scenarios.map(({ index }) => index);
    this.states = makeScenarioStates(parameters.scenarios);
    this.prices = new Float64Array(this.width + 1);
    this.array = new Float64Array(this.width);
    this.listed = new Set(listedInstruments.map(({ id }) => id));
    this.sizes = contractSizes(this.input);
    this.chooseModel = (instrument, underlying) => chooseSpanModel(instrument, underlying, parameters);
  }

  readonly scratch = (slot: number): Float64Array => (this.slots[slot] ??= new Float64Array(this.width));

  readonly place = (instruments: readonly Instrument[]): Int32Array => {
    this.reserve(instruments.length);
    return Int32Array.from(instruments, (one) => {
      const known = this.placeOf.get(one);
      if (known !== undefined) return known;
      const place = this.add(one);
      this.placeOf.set(one, place);
      return place;
    });
  };

  /** @returns the place of a contract; −1, and it is not added, when it cannot be valued or held */
  private add(instrument: Instrument): number {
    if (instrument.type === 'future' && !this.listed.has(instrument.id)) return -1;
    try {
      const { snapshot, portfolio } = this.input;
      const { asOf, baseCurrency } = portfolio;
      requireHoldable(instrument, { asOf, snapshot });
      const { chooseModel } = this;
      const valuation = valueInstrument({ instrument, snapshot, asOf, baseCurrency, chooseModel });
      return valuation.status === 'valued' ? this.append(valuation.contract) : -1;
    } catch {
      return -1;
    }
  }

  private reserve(more: number): void {
    const needed = this.warnings.length + more;
    if (needed <= this.commodityOf.length) return;
    const capacity = Math.max(needed, 2 * this.commodityOf.length);
    const grown = <Column extends Float64Array | Int32Array | Int8Array>(column: Column, larger: Column): Column => {
      larger.set(column);
      return larger;
    };
    this.losses = grown(this.losses, new Float64Array(capacity * this.width));
    this.figures = grown(this.figures, new Float64Array(capacity * denseFigures.length));
    this.commodityOf = grown(this.commodityOf, new Int32Array(capacity));
    this.rights = grown(this.rights, new Int8Array(capacity));
  }

  private append(contract: ValuedContract): number {
    const { instrument, spot, mark, multiplier, fxToBase, warnings } = contract;
    const commodityPlace = this.commodityPlace(instrument.underlying);
    const { parameters, rateToBase } = this.commodities[commodityPlace] as DenseCommodity;
    const losses = this.lossesOf(contract, parameters);
    const greeks = contractGreeks(contract);
    const place = this.warnings.length;
    for (let scenario = 0; scenario < this.width; scenario += 1)
      this.losses[place * this.width + scenario] = (losses[scenario] as number) * fxToBase;
    const { figures } = this;
    const at = place * denseFigures.length;
    figures[at] = Math.abs(spot) * multiplier * rateToBase;
    figures[at + 1] = isPremiumStyleOption(instrument) ? mark : Number.NaN;
    figures[at + 2] = multiplier;
    figures[at + 3] = fxToBase;
    figures[at + 4] = greeks.delta;
    figures[at + 5] = greeks.gamma;
    figures[at + 6] = greeks.vega;
    figures[at + 7] = greeks.theta;
    figures[at + 8] = greeks.rho;
    this.commodityOf[place] = commodityPlace;
    this.rights[place] = instrument.type !== 'option' ? 0 : instrument.right === 'call' ? 1 : 2;
    this.warnings.push(warnings);
    return place;
  }

  private lossesOf(contract: ValuedContract, parameters: CommodityParameters): Float64Array {
    const { instrument, spot } = contract;
    const futureMultiplier = sizesOf(this.sizes, instrument.underlying).future;
    const range = contractScanRange(parameters, this.monthOf(instrument), { spot, futureMultiplier });
    const input = { contract, range, parameters, scenarios: this.parameters.scenarios };
    const states = scenarioValuationOf(input, this.states);
    return computeRiskArray(input, states === null ? null : valueStates(states, this.prices, this.pricers), this.array);
  }

  private monthOf(instrument: Instrument): string {
    const { asOf } = this.input.portfolio;
    const at = 'expiry' in instrument ? instrument.expiry : asOf;
    const month = this.months.get(at) ?? contractMonth(instrument, asOf);
    this.months.set(at, month);
    return month;
  }

  private commodityPlace(id: string): number {
    const known = this.commodityPlaces.get(id);
    if (known !== undefined) return known;
    const place = this.commodities.length;
    const facts = describeCommodity(id, this.input, sizesOf(this.sizes, id));
    const labels = scenarioLabels({ ...facts, contracts: [] }, this.parameters.scenarios);
    this.commodities.push({ ...facts, labels });
    this.commodityPlaces.set(id, place);
    return place;
  }
}

/** Orders places of commodities by identifier, as a portfolio's groups are ordered. */
export function sortCommodities(book: DenseSpanBook, places: number[]): number[] {
  if (places.length < 2) return places;
  const idOf = (place: number): string => (book.commodities[place] as DenseCommodity).id;
  return places.sort((left, right) => compareText(idOf(left), idOf(right)));
}
