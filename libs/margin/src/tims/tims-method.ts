import type { OptionInstrument } from '@ballast/domain';
import { buildRequirement, findWorstScenario, indeterminateRequirement } from '../build-requirement';
import { computeInMode, valuationInMode } from '../greeks-approximation';
import { draftInformation } from '../information-drafts';
import type { ModelChoice } from '../instrument-valuation';
import { buildBreakdown } from '../margin-breakdown';
import type { BookPreparation } from '../margin-book';
import type { MarginInput, MarginMethod } from '../margin-method';
import type { MarginRequirement, ScenarioLoss } from '../margin-requirement';
import { computeNetOptionValue } from '../net-option-value';
import { valueScenariosPlainly } from '../option-value';
import { contributionsOfPositions } from '../position-contributions';
import { computePositionGreeks } from '../position-greeks';
import { signedPercent } from '../signed-percent';
import { valuePositions } from '../value-positions';
import { parseTimsParameters } from './parse-tims-parameters';
import { draftTimsBreakdown, draftTimsTests } from './tims-breakdown';
import { buildTimsClasses, type TimsClass } from './tims-class';
import type { TimsParameters } from './tims-parameters';
import { takeTimsApart } from './tims-parts';
import { computeTimsRisk, type TimsNode, type TimsRisk } from './tims-risk';

/** Customer portfolio margin by ten valuation points, netted by class, product and portfolio group (methodology §2). */
export const timsMethod: MarginMethod<TimsParameters> = {
  methodology: 'TIMS',
  parseParameters: parseTimsParameters,
  computeRequirement: computeInMode(computeTimsRequirement),
  prepareBook: prepareTimsBook,
};

/**
 * Computes a TIMS requirement: arrange → value once → ten points per class → groups → minimum → requirement. Initial and
 * maintenance are equal. `scenarios` holds ten rows per class, then per product and portfolio group.
 */
export function computeTimsRequirement(input: MarginInput<TimsParameters>): MarginRequirement {
  const { portfolio, snapshot, parameters, shared, valueScenarios = valueScenariosPlainly } = input;
  const { baseCurrency: currency } = portfolio;
  const chooseModel = (instrument: OptionInstrument) => chooseTimsModel(instrument, parameters);
  const valuation = valuePositions({ portfolio, snapshot, chooseModel, shared });
  if (valuation.status === 'indeterminate') {
    const { reasons, warnings } = valuation;
    return indeterminateRequirement({ methodology: 'TIMS', reasons, warnings });
  }
  const { positions, warnings } = valuation;
  const classes = buildTimsClasses({ positions, snapshot, baseCurrency: currency, parameters, valueScenarios, shared });
  const quantities = positions.map(({ quantity }) => quantity);
  const requirementOf = (changed: ArrayLike<number>) => computeTimsRisk(classes, changed, parameters).requirement;
  const risk = computeTimsRisk(classes, quantities, parameters);
  const model = {
    initialRequirement: risk.requirement,
    maintenanceRequirement: risk.requirement,
    netOptionValue: computeNetOptionValue(positions),
  };
  const draft = () => [
    ...draftTimsBreakdown(risk, classes, currency),
    ...draftInformation({ currency, ...model, quantities, requirementOf }),
    ...draftTimsTests(risk, parameters),
  ];
  const standing = risk.groups.map(({ node }) => node);
  return buildRequirement({
    methodology: 'TIMS',
    currency,
    model,
    worstScenario: findWorstScenario(standing.flatMap((node) => rowsOf(node, classes))),
    scenarios: listScenarios(risk, classes),
    breakdown: () => buildBreakdown(draft(), currency),
    contributions: () => contributionsOfPositions(positions, requirementOf),
    greeks: computePositionGreeks(positions, shared),
    warnings,
  });
}

function prepareTimsBook(input: MarginInput<TimsParameters>): BookPreparation {
  const { portfolio, snapshot, parameters } = input;
  const { baseCurrency } = portfolio;
  const { valueScenarios, shared } = valuationInMode(input);
  const chooseModel = (instrument: OptionInstrument) => chooseTimsModel(instrument, parameters);
  const valuation = valuePositions({ portfolio, snapshot, chooseModel, shared });
  if (valuation.status === 'indeterminate') return valuation;
  const { positions } = valuation;
  const classes = buildTimsClasses({ positions, snapshot, baseCurrency, parameters, valueScenarios, shared });
  const figuresOf = (quantities: ArrayLike<number>) => {
    const { requirement } = computeTimsRisk(classes, quantities, parameters);
    return { initialRequirement: requirement, maintenanceRequirement: requirement };
  };
  const takeApart = () => {
    const quantities = positions.map(({ quantity }) => quantity);
    return takeTimsApart(classes, quantities, parameters);
  };
  return { status: 'valued', book: { positions, subadditive: true, figuresOf, takeApart } };
}

/** American options take the parameters' model with early exercise; European ones Black-Scholes. */
export function chooseTimsModel(instrument: OptionInstrument, { model, steps }: TimsParameters): ModelChoice {
  return instrument.exercise === 'european' ? { model: 'black-scholes' } : { model, steps };
}

function listScenarios(risk: TimsRisk, classes: readonly TimsClass[]): readonly ScenarioLoss[] {
  const depthFirst = (node: TimsNode): readonly TimsNode[] => [...node.members.flatMap(depthFirst), node];
  const nodes = risk.groups.flatMap(({ node }) => depthFirst(node));
  const ofKind = (kind: TimsNode['kind']) => nodes.filter((node) => node.kind === kind);
  return [...ofKind('class-group'), ...ofKind('product-group'), ...ofKind('portfolio-group')].flatMap((node) =>
    rowsOf(node, classes),
  );
}

/** Classes of one group may move by different ranges, so a group names the point and a class the move. */
function rowsOf(node: TimsNode, classes: readonly TimsClass[]): readonly ScenarioLoss[] {
  const moves = classes.find(({ underlying }) => node.kind === 'class-group' && underlying === node.id)?.moves;
  return node.losses.map((loss, point) => ({
    index: point + 1,
    group: node.id,
    label: moves === undefined ? `point ${point + 1} of ${node.losses.length}` : signedPercent(moves[point] as number),
    loss: loss + 0,
  }));
}
