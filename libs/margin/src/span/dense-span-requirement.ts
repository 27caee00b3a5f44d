import { type Money, moneyFromModelValue } from '@ballast/domain';
import { requirementMoney } from '../build-requirement';
import type { MarginRequirement, ModelFigures, ScenarioLoss, UnderlyingGreeks } from '../margin-requirement';
import { encodeGroupedFigures, type FigureGroup } from '../requirement-figures';
import { sortCommodities } from './dense-span-book';
import type { DenseCommodity, DenseSpanBook } from './dense-span-columns';
import { denseFigures } from './dense-span-rows';
import { computeShortOptionMinimum } from './short-option-minimum';
import { activeScenario } from './weighted-price-risk';

/** What one account holds, as places in the columns of a run and quantities ≠ 0, in order of the contract's identifier. */
export interface DenseHolding {
  readonly places: Int32Array;
  /** Contracts held net: long > 0, short < 0. */
  readonly quantities: Float64Array;
}

const [notionalAt, markAt, multiplierAt, fxAt, deltaAt, gammaAt, vegaAt, thetaAt, rhoAt] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8,
] as const;
const figureCount = denseFigures.length;
const none: readonly string[] = [];

/** Sums of one commodity of an account. */
export interface DenseSums {
  /** Losses of the position per scenario [base currency]. */
  readonly losses: Float64Array;
  readonly maintenance: number;
  readonly initial: number;
  readonly netOptionValue: number;
}

/**
 * Scans one commodity of an account: adds risk arrays × quantity, takes the worst scenario, the short option minimum and
 * the exposure add-on (methodology §1.2, §1.6, §1.7), in the same order of additions as computeSpanFigures.
 *
 * @param losses  overwritten with the losses of the result, one per scenario; new when absent
 */
export function scanDense(
  book: DenseSpanBook,
  holding: DenseHolding,
  commodity: number,
  losses: Float64Array = new Float64Array(book.parameters.scenarios.length),
): DenseSums {
  const { losses: columns, figures, commodityOf, rights } = book;
  const { places, quantities } = holding;
  const width = losses.fill(0).length;
  let shortCalls = 0;
  let shortPuts = 0;
  let shortNotional = 0;
  let netOptionValue = 0;
  for (let index = 0; index < places.length; index += 1) {
    const place = places[index] as number;
    if (commodityOf[place] !== commodity) continue;
    const quantity = quantities[index] as number;
    const start = place * width;
    for (let scenario = 0; scenario < width; scenario += 1)
      losses[scenario] = (losses[scenario] as number) + quantity * (columns[start + scenario] as number);
    const at = place * figureCount;
    const mark = figures[at + markAt] as number;
    if (mark === mark)
      netOptionValue += quantity * mark * (figures[at + multiplierAt] as number) * (figures[at + fxAt] as number);
    if (quantity > 0) continue;
    if (rights[place] === 1) shortCalls -= quantity;
    else if (rights[place] === 2) shortPuts -= quantity;
    shortNotional -= quantity * (figures[at + notionalAt] as number);
  }
  const { parameters, rateToBase } = book.commodities[commodity] as DenseCommodity;
  const minimum =
    computeShortOptionMinimum({ shortCalls, shortPuts, minimum: parameters.shortOptionMinimum }) * rateToBase;
  const scanRisk = Math.max(0, losses[activeScenario(losses)] as number);
  const risk =
    parameters.aggregation === 'cme' ? Math.max(scanRisk, minimum) : Math.max(0, Math.max(scanRisk, minimum));
  const maintenance = risk + shortNotional * parameters.exposureRate;
  return { losses, maintenance, initial: maintenance * parameters.initialToMaintenanceRatio, netOptionValue };
}

/** What explains a requirement, and follows from it. */
type Explanation = Pick<MarginRequirement, 'scenarios' | 'breakdown' | 'contributions' | 'greeks'>;

/** What is computed of a requirement before anybody asks for more. */
export interface DenseFindings {
  readonly currency: string;
  readonly model: ModelFigures;
  readonly worstScenario: ScenarioLoss | null;
  /** As encodeRequirementFigures writes them. */
  readonly figures: Uint8Array;
  readonly warnings: readonly string[];
}

/**
 * The requirement of an account of a run: its figures are computed, and what explains them when somebody reads it. That is
 * read by name only; a copy of the object does not have it.
 */
export class DenseSpanRequirement implements MarginRequirement {
  readonly methodology = 'SPAN';
  readonly quality = 'OK';
  readonly qualityReasons = none;
  readonly model;
  readonly worstScenario;
  readonly figures;
  readonly warnings;
  private initial: Money | undefined;
  private maintenance: Money | undefined;
  private optionValue: Money | undefined;

  constructor(
    private readonly found: DenseFindings,
    private readonly explain: () => Explanation,
  ) {
    this.model = found.model;
    this.worstScenario = found.worstScenario;
    this.figures = found.figures;
    this.warnings = found.warnings;
  }

  get initialRequirement(): Money {
    return (this.initial ??= requirementMoney(this.model.initialRequirement, this.found.currency));
  }

  get maintenanceRequirement(): Money {
    return (this.maintenance ??= requirementMoney(this.model.maintenanceRequirement, this.found.currency));
  }

  get netOptionValue(): Money {
    return (this.optionValue ??= moneyFromModelValue(this.model.netOptionValue, this.found.currency, 'down'));
  }

  /** Rounds every amount, which nobody may have asked for yet. @throws DomainError 'NOT_FINITE' when a figure is no number */
  requireAmounts(): void {
    void [this.initialRequirement, this.maintenanceRequirement, this.netOptionValue];
  }

  /** The same requirement with warnings of others added. */
  withWarnings(more: readonly string[]): DenseSpanRequirement {
    if (more.length === 0) return this;
    return new DenseSpanRequirement({ ...this.found, warnings: [...this.warnings, ...more] }, this.explain);
  }

  get scenarios(): Explanation['scenarios'] {
    return this.explain().scenarios;
  }

  get breakdown(): Explanation['breakdown'] {
    return this.explain().breakdown;
  }

  get contributions(): Explanation['contributions'] {
    return this.explain().contributions;
  }

  get greeks(): Explanation['greeks'] {
    return this.explain().greeks;
  }
}

/**
 * Computes the requirement of an account from the columns of its run: the same bits as computeSpanRequirement, without
 * an object per position or scenario. What explains the figures is left to `explain`, asked when somebody reads it.
 *
 * @param holding  not kept: the caller may use its arrays again
 * @throws DomainError 'NOT_FINITE' when a figure is no number
 */
export function computeDenseSpanRequirement(
  book: DenseSpanBook,
  holding: DenseHolding,
  explain: () => Explanation,
): DenseSpanRequirement {
  const requirement = new DenseSpanRequirement(findDense(book, holding), explain);
  requirement.requireAmounts();
  return requirement;
}

/** The figures of computeDenseSpanRequirement before they are rounded to money. */
export function findDense(book: DenseSpanBook, holding: DenseHolding): DenseFindings {
  const groups: FigureGroup[] = [];
  const greeks: UnderlyingGreeks[] = [];
  let maintenance = 0;
  let initial = 0;
  let netOptionValue = 0;
  let worst: ScenarioLoss | null = null;
  for (const place of commoditiesOf(book, holding)) {
    const sums = scanDense(book, holding, place, book.scratch(groups.length));
    const { id, labels } = book.commodities[place] as DenseCommodity;
    maintenance += sums.maintenance;
    initial += sums.initial;
    netOptionValue += sums.netOptionValue;
    const at = activeScenario(sums.losses);
    const loss = sums.losses[at] as number;
    if (worst === null || loss > worst.loss)
      worst = { index: book.indexes[at] as number, group: id, label: labels[at] as string, loss };
    groups.push({ name: id, indexes: book.indexes, losses: sums.losses });
    greeks.push(greeksOf(book, holding, place));
  }
  const model = { initialRequirement: initial, maintenanceRequirement: maintenance, netOptionValue };
  const figures = encodeGroupedFigures(model, groups, greeks);
  const warnings = warningsOf(book, holding);
  return { currency: book.currency, model, worstScenario: worst, figures, warnings };
}

function commoditiesOf(book: DenseSpanBook, { places }: DenseHolding): readonly number[] {
  const { commodityOf } = book;
  const found: number[] = [];
  for (let index = 0; index < places.length; index += 1) {
    const commodity = commodityOf[places[index] as number] as number;
    if (!found.includes(commodity)) found.push(commodity);
  }
  return sortCommodities(book, found);
}

function greeksOf(book: DenseSpanBook, { places, quantities }: DenseHolding, commodity: number): UnderlyingGreeks {
  const { figures, commodityOf } = book;
  const sum = { delta: 0, gamma: 0, vega: 0, theta: 0, rho: 0 };
  for (let index = 0; index < places.length; index += 1) {
    const place = places[index] as number;
    if (commodityOf[place] !== commodity) continue;
    const at = place * figureCount;
    const scale = (quantities[index] as number) * (figures[at + multiplierAt] as number);
    sum.delta += (figures[at + deltaAt] as number) * scale;
    sum.gamma += (figures[at + gammaAt] as number) * scale;
    sum.vega += (figures[at + vegaAt] as number) * scale;
    sum.theta += (figures[at + thetaAt] as number) * scale;
    sum.rho += (figures[at + rhoAt] as number) * scale;
  }
  return { underlying: (book.commodities[commodity] as DenseCommodity).id, ...sum };
}

function warningsOf(book: DenseSpanBook, { places }: DenseHolding): readonly string[] {
  let warnings = none;
  for (let index = 0; index < places.length; index += 1) {
    const more = book.warnings[places[index] as number] ?? none;
    if (more.length > 0) warnings = [...warnings, ...more];
  }
  return warnings;
}
