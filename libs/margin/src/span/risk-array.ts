import { DomainError } from '@ballast/domain';
import { exp } from '@ballast/pricing';
import type { ValuedContract } from '../instrument-valuation';
import type { ScenarioValuation } from '../option-terms';
import type { ContractScanRange } from './scan-range';
import { lookAheadYears, optionStateIn, scenarioPriceMove } from './scenario-state';
import type { CommodityParameters, SpanScenario } from './span-parameters';

/** One contract with the conventions that make its array. */
export interface RiskArrayInput {
  readonly contract: ValuedContract;
  readonly range: ContractScanRange;
  readonly parameters: CommodityParameters;
  readonly scenarios: readonly SpanScenario[];
}

/** Room for the states of one option contract, or for its values in them: the unshocked one and one per scenario. */
export type ScenarioStates = Pick<ScenarioValuation, 'spots' | 'yearsToExpiry' | 'volatilities'>;

/** Makes room for the states of one contract after another. */
export function makeScenarioStates(scenarios: readonly SpanScenario[]): ScenarioStates {
  const length = scenarios.length + 1;
  const [spots, yearsToExpiry, volatilities] = [
    new Float64Array(length),
    new Float64Array(length),
    new Float64Array(length),
  ];
  return { spots, yearsToExpiry, volatilities };
}

/**
 * States of an option contract for the valuation function: the unshocked one first, then one per scenario.
 *
 * @param states  where they are written; room of their own when absent
 */
export function scenarioValuationOf(
  input: RiskArrayInput,
  states: ScenarioStates = makeScenarioStates(input.scenarios),
): ScenarioValuation | null {
  const { contract, range, parameters, scenarios } = input;
  if (contract.option === undefined) return null;
  const { spots, yearsToExpiry, volatilities } = states;
  spots[0] = contract.spot;
  yearsToExpiry[0] = contract.yearsToExpiry;
  volatilities[0] = contract.option.volatility;
  for (let index = 0; index < scenarios.length; index += 1) {
    const state = optionStateIn(scenarios[index] as SpanScenario, contract, range, parameters);
    spots[index + 1] = state.spot;
    yearsToExpiry[index + 1] = state.yearsToExpiry;
    volatilities[index + 1] = state.volatility;
  }
  return { terms: contract.option.terms, spots, yearsToExpiry, volatilities };
}

/**
 * Computes the risk array: a[s] = weight[s] · (P(now) − P(shocked)) · contract size, the loss of LONG one contract,
 * loss > 0 (methodology §1.1). Weight is 1, and coverFraction in an extreme scenario, applied exactly once.
 *
 * @param losses  where the array is written; an array of its own when absent
 * @param prices  option prices from the valuation function, base first; null for everything without optionality
 * @returns losses in the instrument's currency, rounded to whole units where the parameters say so
 * @throws DomainError 'NOT_FINITE' when a model fails in a scenario, which a maximum would silently skip
 */
export function computeRiskArray(
  input: RiskArrayInput,
  prices: Float64Array | null,
  losses = new Float64Array(input.scenarios.length),
): Float64Array {
  const { contract, parameters, scenarios } = input;
  const base = prices?.[0] ?? Number.NaN;
  for (let index = 0; index < scenarios.length; index += 1) {
    const scenario = scenarios[index] as SpanScenario;
    const lossPerUnit =
      contract.option === undefined ? linearLoss(scenario, input) : base - (prices?.[index + 1] ?? Number.NaN);
    const weight = scenario.extreme ? parameters.coverFraction : 1;
    const loss = weight * lossPerUnit * contract.multiplier;
    if (!Number.isFinite(loss)) {
      const message = `${contract.instrument.id}: loss in scenario ${scenario.index} is ${loss}`;
      throw new DomainError('NOT_FINITE', message);
    }
    losses[index] = parameters.arrayRounding === 'unit' ? roundHalfAwayFromZero(loss) : loss;
  }
  return losses;
}

/**
 * Loss per unit of a long future, perpetual or holding. A future loses its look-ahead carry c = F·(1 − e^(−r·τ)) in
 * every scenario; a coin-settled contract loses −(1 − 1/(1 + m)) coin per coin for a relative move m.
 */
function linearLoss(scenario: SpanScenario, { contract, range, parameters }: RiskArrayInput): number {
  const move = scenarioPriceMove(scenario, range, parameters);
  if (contract.instrument.settlement === 'inverse') {
    const relative = move / contract.spot;
    if (!(relative > -1)) {
      const message = `${contract.instrument.id}: price move of ${relative * 100} % is not above −100 %`;
      throw new DomainError('INVALID_PARAMETER', message, 'priceScanRange');
    }
    return 1 / (1 + relative) - 1;
  }
  return lookAheadCarry(contract, parameters) - move;
}

function lookAheadCarry(contract: ValuedContract, parameters: CommodityParameters): number {
  if (contract.instrument.type !== 'future' || parameters.lookAheadDays === 0) return 0;
  const { rate, dividendYield } = contract.carry;
  const carryRate = parameters.interestRate ?? rate - dividendYield;
  return contract.mark * (1 - exp(-carryRate * lookAheadYears(parameters)));
}

/** A half that floating point brought to 53.499999999 is a half: the value is snapped at its 12th digit first. */
function roundHalfAwayFromZero(value: number): number {
  const size = Math.abs(value);
  const rounded = Math.floor(size + 0.5 + 1e-12 * Math.max(1, size));
  return value < 0 ? -rounded : rounded;
}
