import type { Instant, Instrument, OptionInstrument, UnderlyingQuote } from '@ballast/domain';
import { requireHoldable } from '../arrange-portfolio';
import { type ModelChoice, type ValuedContract, valueInstrument } from '../instrument-valuation';
import type { MarginInput } from '../margin-method';
import { isPremiumStyleOption } from '../net-option-value';
import { createStatePricers, valueStates } from '../option-value';
import { contractGreeks } from '../position-greeks';
import { contractMonth, contractSizes, type ContractSizes, describeCommodity, sizesOf } from './build-span-book';
import type { DenseCommodity, DenseSpanInput, SpanColumns } from './dense-span-columns';
import { computeRiskArray, makeScenarioStates, type ScenarioStates, scenarioValuationOf } from './risk-array';
import { contractScanRange } from './scan-range';
import { scenarioLabels } from './span-book-requirement';
import { chooseSpanModel } from './span-method';
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

/** Values the contracts of a run one by one and writes what accounts add up of them into columns. */
export class DenseSpanRows {
  /** Losses per contract. */
  readonly width: number;
  /** By number; those that no contract was met of are absent. */
  readonly commodities: DenseCommodity[] = [];
  private readonly listed: ReadonlySet<string>;
  private readonly sizes: ContractSizes;
  private readonly months = new Map<Instant, string>();
  private readonly input: MarginInput<SpanParameters>;
  /** States, prices and losses of the contract at hand. */
  private readonly states: ScenarioStates;
  private readonly prices: Float64Array<ArrayBuffer>;
  private readonly array: Float64Array<ArrayBuffer>;
  private readonly pricers = createStatePricers();
  private readonly chooseModel: (instrument: OptionInstrument, underlying: UnderlyingQuote) => ModelChoice;

  constructor(
    private readonly parameters: SpanParameters,
    { snapshot, asOf, baseCurrency, listedInstruments }: DenseSpanInput,
  ) {
    const nothing = { methodology: 'SPAN' as const, positions: [], cash: [], collateral: [] };
    this.input = { portfolio: { ...nothing, asOf, baseCurrency, listedInstruments }, snapshot, parameters };
    this.width = parameters.scenarios.length;
    this.states = makeScenarioStates(parameters.scenarios);
    this.prices = new Float64Array(this.width + 1);
    this.array = new Float64Array(this.width);
    this.listed = new Set(listedInstruments.map(({ id }) => id));
    this.sizes = contractSizes(this.input);
    this.chooseModel = (instrument, underlying) => chooseSpanModel(instrument, underlying, parameters);
  }

  /** A contract before any scenario; null when it cannot be valued or held, or is a future that is not listed. */
  value(instrument: Instrument): ValuedContract | null {
    if (instrument.type === 'future' && !this.listed.has(instrument.id)) return null;
    try {
      const { snapshot, portfolio } = this.input;
      const { asOf, baseCurrency } = portfolio;
      requireHoldable(instrument, { asOf, snapshot });
      const { chooseModel } = this;
      const valuation = valueInstrument({ instrument, snapshot, asOf, baseCurrency, chooseModel });
      return valuation.status === 'valued' ? valuation.contract : null;
    } catch {
      return null;
    }
  }

  /** Makes sure that the commodity of this number is described. @throws DomainError when it cannot be */
  describe(underlying: string, number: number): DenseCommodity {
    const known = this.commodities[number];
    if (known !== undefined) return known;
    const facts = describeCommodity(underlying, this.input, sizesOf(this.sizes, underlying));
    const labels = scenarioLabels({ ...facts, contracts: [] }, this.parameters.scenarios);
    return (this.commodities[number] = { ...facts, labels });
  }

  /**
   * Moves a contract through the scenarios and writes its row.
   *
   * @throws DomainError 'NOT_FINITE' when a model fails in a scenario; the row is then to be left unused
   */
  write(columns: SpanColumns, place: number, contract: ValuedContract, commodity: number): void {
    const { instrument, spot, mark, multiplier, fxToBase } = contract;
    const { parameters, rateToBase } = this.describe(instrument.underlying, commodity);
    const losses = this.lossesOf(contract, parameters);
    const greeks = contractGreeks(contract);
    const start = place * this.width;
    for (let scenario = 0; scenario < this.width; scenario += 1)
      columns.losses[start + scenario] = (losses[scenario] as number) * fxToBase;
    const { figures } = columns;
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
    columns.commodityOf[place] = commodity;
    columns.rights[place] = instrument.type !== 'option' ? 0 : instrument.right === 'call' ? 1 : 2;
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
}
