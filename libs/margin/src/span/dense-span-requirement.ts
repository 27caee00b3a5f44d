import { buildRequirement, findWorstScenario } from '../build-requirement';
import type { MarginRequirement, ScenarioLoss, UnderlyingGreeks } from '../margin-requirement';
import { type DenseCommodity, denseFigures, type DenseSpanBook, sortCommodities } from './dense-span-book';
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
 */
export function scanDense(book: DenseSpanBook, holding: DenseHolding, commodity: number): DenseSums {
  const { losses: columns, figures, commodityOf, rights } = book;
  const { places, quantities } = holding;
  const width = book.parameters.scenarios.length;
  const losses = new Float64Array(width);
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

/**
 * Computes the requirement of an account from the columns of its run: the same bits as computeSpanRequirement, without
 * an object per position. Breakdown and contributions are left to `explain`, asked when somebody reads them.
 */
export function computeDenseSpanRequirement(
  book: DenseSpanBook,
  holding: DenseHolding,
  explain: () => Pick<MarginRequirement, 'breakdown' | 'contributions'>,
): MarginRequirement {
  const scenarios: ScenarioLoss[] = [];
  const greeks: UnderlyingGreeks[] = [];
  let maintenance = 0;
  let initial = 0;
  let netOptionValue = 0;
  for (const place of commoditiesOf(book, holding)) {
    const sums = scanDense(book, holding, place);
    const { id: group, labels } = book.commodities[place] as DenseCommodity;
    maintenance += sums.maintenance;
    initial += sums.initial;
    netOptionValue += sums.netOptionValue;
    book.parameters.scenarios.forEach(({ index }, at) => {
      scenarios.push({ index, group, label: labels[at] as string, loss: sums.losses[at] as number });
    });
    greeks.push(greeksOf(book, holding, place));
  }
  return buildRequirement({
    methodology: 'SPAN',
    currency: book.currency,
    model: { initialRequirement: initial, maintenanceRequirement: maintenance, netOptionValue },
    worstScenario: findWorstScenario(scenarios),
    scenarios,
    breakdown: () => explain().breakdown,
    contributions: () => explain().contributions,
    greeks,
    warnings: warningsOf(book, holding),
  });
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

const none: readonly string[] = [];

function warningsOf(book: DenseSpanBook, { places }: DenseHolding): readonly string[] {
  let warnings = none;
  for (const place of places) {
    const more = book.warnings[place] ?? none;
    if (more.length > 0) warnings = [...warnings, ...more];
  }
  return warnings;
}
