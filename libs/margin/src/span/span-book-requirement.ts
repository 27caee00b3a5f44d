import { buildRequirement, findWorstScenario } from '../build-requirement';
import { buildBreakdown } from '../margin-breakdown';
import type { MarginRequirement, ScenarioLoss } from '../margin-requirement';
import { scanRangeLabel, scenarioLabel } from './scenario-label';
import type { SpanBook, SpanCommodity } from './span-book';
import { draftSpanBreakdown } from './span-breakdown';
import { computeSpanContributions, sumOfPositions } from './span-contributions';
import { type CommodityFigures, computeSpanFigures, scanningTargets, type SpanFigures } from './span-figures';

/** A book at certain quantities, and what the requirement shows besides its figures. */
export interface SpanBookInput extends Pick<MarginRequirement, 'greeks' | 'warnings'> {
  readonly book: SpanBook;
  /** Net contracts, commodity by commodity in the order of the book. */
  readonly quantities: Float64Array;
  /** Base currency of the book. */
  readonly currency: string;
  /** Net option value of each commodity that holds premium-style options [base currency]. */
  readonly netOptionValues: ReadonlyMap<string, number>;
}

/**
 * Computes the whole SPAN-style requirement of a book of ready risk arrays: figures → scenarios → breakdown →
 * contributions. `scenarios` holds sixteen rows per commodity held; the target of a scanning spread has its own rows.
 */
export function computeSpanBookRequirement(input: SpanBookInput): MarginRequirement {
  const { book, quantities, currency, netOptionValues } = input;
  const figures = computeSpanFigures(book, quantities);
  const scenarios = figures.commodities.flatMap((commodity) => scenarioRows(commodity, book));
  const draft = () => draftSpanBreakdown({ figures, currency, netOptionValues, sumOfPositions: sumOfPositions(input) });
  let netOptionValue = 0;
  for (const value of netOptionValues.values()) netOptionValue += value;
  return buildRequirement({
    methodology: 'SPAN',
    currency,
    model: { initialRequirement: figures.initial, maintenanceRequirement: figures.maintenance, netOptionValue },
    worstScenario: findWorstScenario(bindingRows(scenarios, figures, book)),
    scenarios,
    breakdown: () => buildBreakdown(draft(), currency),
    contributions: () => computeSpanContributions(input, figures),
    greeks: input.greeks,
    warnings: input.warnings,
  });
}

function scenarioRows(figures: CommodityFigures, book: SpanBook): readonly ScenarioLoss[] {
  const { commodity } = figures;
  const isTarget = scanningTargets(book).includes(commodity.id);
  if (commodity.contracts.length === 0 && figures.scanned.every((loss) => loss === 0)) return [];
  const losses = isTarget ? figures.scanned : figures.losses;
  const labels = scenarioLabels(commodity, book.scenarios);
  return book.scenarios.map(({ index: number }, index) => {
    return { index: number, group: commodity.id, label: labels[index] as string, loss: losses[index] as number };
  });
}

/** Words of each scenario of a commodity. */
export function scenarioLabels(commodity: SpanCommodity, scenarios: SpanBook['scenarios']): readonly string[] {
  const { parameters, spot, priceMove, contracts } = commodity;
  const range = { priceMove: priceMove ?? 0, volatilityRange: parameters.volatilityScanRange };
  return scenarios.map((scenario) => {
    if (priceMove !== null) return scenarioLabel({ scenario, range, parameters, spot });
    return contracts.length > 0 ? scanRangeLabel(scenario, parameters) : `combined legs, scenario ${scenario.index}`;
  });
}

/**
 * Rows that can bind: all but those of a commodity whose whole position a scanning spread moved to its target; a target
 * binds with what it took in, also where it is one of the legs.
 */
function bindingRows(
  scenarios: readonly ScenarioLoss[],
  figures: SpanFigures,
  book: SpanBook,
): readonly ScenarioLoss[] {
  const targets = scanningTargets(book);
  const moved = figures.commodities.filter(
    ({ commodity, movedPortion }) => movedPortion > 1 - 1e-12 && !targets.includes(commodity.id),
  );
  const movedIds = new Set(moved.map(({ commodity }) => commodity.id));
  return scenarios.filter(({ group }) => !movedIds.has(group));
}
