import { Decimal, type Instant, type Instrument, type MarketSnapshot } from '@ballast/domain';
import { compareText } from '../arrange-portfolio';
import type { ValuedPosition } from '../instrument-valuation';
import { isPremiumStyleOption } from '../net-option-value';
import { contractGreeks } from '../position-greeks';
import { shareContracts, type SharedContracts } from '../shared-contracts';
import { buildSpanBook } from './build-span-book';
import type { SpanCommodity } from './span-book';
import { scenarioLabels } from './span-book-requirement';
import { isScannedOnly, valueSpanPositions } from './span-method';
import type { SpanParameters } from './span-parameters';

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
  private readonly placeOf = new Map<Instrument, number>();
  private readonly commodityPlaces = new Map<string, number>();
  private readonly shared: SharedContracts = shareContracts();
  private readonly listed: ReadonlySet<string>;
  private readonly width: number;

  constructor(
    readonly parameters: SpanParameters,
    private readonly input: DenseSpanInput,
  ) {
    this.currency = input.baseCurrency;
    this.width = parameters.scenarios.length;
    this.listed = new Set(input.listedInstruments.map(({ id }) => id));
  }

  readonly place = (instruments: readonly Instrument[]): Int32Array => {
    const fresh = new Map<string, Instrument>();
    for (const one of instruments) if (!this.placeOf.has(one)) fresh.set(one.id, one);
    this.add([...fresh.values()]);
    return Int32Array.from(instruments, (one) => this.placeOf.get(one) ?? -1);
  };

  private add(instruments: readonly Instrument[]): void {
    const holdable = instruments.filter((one) => one.type !== 'future' || this.listed.has(one.id));
    for (const one of instruments) this.placeOf.set(one, -1);
    if (holdable.length === 0) return;
    if (this.addTogether(holdable)) return;
    for (const one of holdable) this.addTogether([one]);
  }

  /** @returns false, and adds none, when one of them cannot be valued or held */
  private addTogether(instruments: readonly Instrument[]): boolean {
    const { snapshot, asOf, baseCurrency, listedInstruments } = this.input;
    const portfolio = {
      ...{ asOf, methodology: 'SPAN' as const, baseCurrency, cash: [], collateral: [], listedInstruments },
      positions: instruments.map((instrument) => ({ instrument, quantity: new Decimal(1) })),
    };
    const input = { portfolio, snapshot, parameters: this.parameters, shared: this.shared };
    try {
      const valuation = valueSpanPositions(input);
      if (valuation.status === 'indeterminate') return false;
      const { book, positions } = buildSpanBook(input, valuation.positions);
      this.reserve(positions.length);
      let index = 0;
      for (const commodity of book.commodities) {
        for (const contract of commodity.contracts) {
          const position = positions[index] as ValuedPosition;
          this.append(commodity, contract, position);
          index += 1;
        }
      }
      return true;
    } catch {
      return false;
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

  private append(
    commodity: SpanCommodity,
    contract: SpanCommodity['contracts'][number],
    { contract: valued }: ValuedPosition,
  ): void {
    const place = this.warnings.length;
    const { instrument, mark, multiplier, fxToBase } = valued;
    const greeks = contractGreeks(valued);
    this.losses.set(contract.losses, place * this.width);
    const figures = {
      ...{
        notional: contract.notional,
        mark: isPremiumStyleOption(instrument) ? mark : Number.NaN,
        multiplier,
        fxToBase,
      },
      ...greeks,
    };
    denseFigures.forEach((name, offset) => {
      this.figures[place * denseFigures.length + offset] = figures[name];
    });
    this.commodityOf[place] = this.commodityPlace(commodity);
    this.rights[place] = contract.right === 'call' ? 1 : contract.right === 'put' ? 2 : 0;
    this.warnings.push(valued.warnings);
    this.placeOf.set(instrument, place);
  }

  private commodityPlace(commodity: SpanCommodity): number {
    const known = this.commodityPlaces.get(commodity.id);
    if (known !== undefined) return known;
    const place = this.commodities.length;
    const { contracts: _, ...facts } = commodity;
    this.commodities.push({ ...facts, labels: scenarioLabels(commodity, this.parameters.scenarios) });
    this.commodityPlaces.set(commodity.id, place);
    return place;
  }
}

/** Orders places of commodities by identifier, as a portfolio's groups are ordered. */
export function sortCommodities(book: DenseSpanBook, places: number[]): number[] {
  if (places.length < 2) return places;
  const idOf = (place: number): string => (book.commodities[place] as DenseCommodity).id;
  return places.sort((left, right) => compareText(idOf(left), idOf(right)));
}
