import type { OptionInstrument, UnderlyingQuote } from '@ballast/domain';
import { buildRequirement, findWorstScenario, indeterminateRequirement } from '../build-requirement';
import type { ModelChoice } from '../instrument-valuation';
import { buildBreakdown } from '../margin-breakdown';
import type { MarginInput, MarginMethod } from '../margin-method';
import type { MarginRequirement, ScenarioLoss } from '../margin-requirement';
import { computeNetOptionValue } from '../net-option-value';
import { computePositionGreeks } from '../position-greeks';
import { groupByUnderlying, valuePositions } from '../value-positions';
import { buildSpanBook, parametersOf, type SpanHolding } from './build-span-book';
import { parseSpanParameters } from './parse-span-parameters';
import { scenarioLabel } from './scenario-label';
import { draftSpanBreakdown } from './span-breakdown';
import { computeSpanContributions, sumOfPositions } from './span-contributions';
import type { SpanBook } from './span-book';
import { type CommodityFigures, computeSpanFigures, scanningTargets, type SpanFigures } from './span-figures';
import type { SpanParameters } from './span-parameters';

/** The SPAN-style methodology: sixteen scenarios per combined commodity, spread charges, credits and minimum. */
export const spanMethod: MarginMethod<SpanParameters> = {
  methodology: 'SPAN',
  parseParameters: parseSpanParameters,
  computeRequirement: computeSpanRequirement,
};

/**
 * Computes a SPAN-style requirement (methodology §1): arrange → value once → risk arrays → scan → charges and credits →
 * minimum → requirement with its breakdown.
 *
 * `scenarios` holds sixteen rows per underlying, the loss of the position; the target of a scanning spread has its own
 * rows.
 */
export function computeSpanRequirement(input: MarginInput<SpanParameters>): MarginRequirement {
  const { portfolio, snapshot, parameters } = input;
  const chooseModel = (instrument: OptionInstrument, underlying: UnderlyingQuote) =>
    chooseSpanModel(instrument, underlying, parameters);
  const valuation = valuePositions({ portfolio, snapshot, chooseModel });
  if (valuation.status === 'indeterminate') {
    const { reasons, warnings } = valuation;
    return indeterminateRequirement({ methodology: 'SPAN', reasons, warnings });
  }
  const holding = buildSpanBook(input, valuation.positions);
  const figures = computeSpanFigures(holding.book, holding.quantities);
  const currency = portfolio.baseCurrency;
  const scenarios = figures.commodities.flatMap((commodity) => scenarioRows(commodity, holding.book));
  const breakdown = draftSpanBreakdown({
    figures,
    currency,
    netOptionValues: netOptionValues(holding),
    sumOfPositions: sumOfPositions(holding),
  });
  return buildRequirement({
    methodology: 'SPAN',
    currency,
    model: {
      initialRequirement: figures.initial,
      maintenanceRequirement: figures.maintenance,
      netOptionValue: computeNetOptionValue(valuation.positions),
    },
    worstScenario: findWorstScenario(bindingRows(scenarios, figures)),
    scenarios,
    breakdown: buildBreakdown(breakdown, currency),
    contributions: computeSpanContributions(holding, figures),
    greeks: computePositionGreeks(valuation.positions),
    warnings: valuation.warnings,
  });
}

/** Model of an option: the commodity's own, else American baw and European black-scholes (black76 on a future). */
export function chooseSpanModel(
  instrument: OptionInstrument,
  underlying: UnderlyingQuote,
  parameters: SpanParameters,
): ModelChoice {
  const chosen = parametersOf(parameters, instrument.underlying).model;
  if (chosen !== null) return { model: chosen };
  if (instrument.exercise === 'american') return { model: 'american-baw' };
  return { model: underlying.kind === 'future' ? 'black76' : 'black-scholes' };
}

function scenarioRows(figures: CommodityFigures, book: SpanBook): readonly ScenarioLoss[] {
  const { commodity } = figures;
  const isTarget = scanningTargets(book).includes(commodity.id);
  if (commodity.contracts.length === 0 && figures.scanned.every((loss) => loss === 0)) return [];
  const losses = isTarget ? figures.scanned : figures.losses;
  const { parameters, spot, priceMove } = commodity;
  const range = { priceMove: priceMove ?? 0, volatilityRange: parameters.volatilityScanRange };
  return book.scenarios.map((scenario, index) => ({
    index: scenario.index,
    group: commodity.id,
    label:
      priceMove === null
        ? `combined legs, scenario ${scenario.index}`
        : scenarioLabel({ scenario, range, parameters, spot }),
    loss: losses[index] as number,
  }));
}

/** Rows that can bind: all but those of a commodity whose whole position a scanning spread moved to its target. */
function bindingRows(scenarios: readonly ScenarioLoss[], figures: SpanFigures): readonly ScenarioLoss[] {
  const moved = figures.commodities.filter(({ movedPortion }) => movedPortion > 1 - 1e-12);
  const movedIds = new Set(moved.map(({ commodity }) => commodity.id));
  return scenarios.filter(({ group }) => !movedIds.has(group));
}

function netOptionValues(holding: SpanHolding): ReadonlyMap<string, number> {
  const groups = groupByUnderlying(holding.positions);
  return new Map([...groups].map(([id, members]) => [id, computeNetOptionValue(members)]));
}
