import type { MarginInput, MarginMethod } from './margin-method';
import type { MarginRequirement } from './margin-requirement';
import { optionGreeks } from './option-greeks';
import type { ScenarioValuation, ValueScenarios } from './option-terms';
import { forwardOf, valueOption, valueScenariosPlainly } from './option-value';
import type { SharedContracts } from './shared-contracts';

/** How a scenario methodology revalues options: in full, or expanded by Greeks with the error stated. */
export const scenarioValuationModes = ['full', 'delta-gamma-vega'] as const;
export type ScenarioValuationMode = (typeof scenarioValuationModes)[number];

/**
 * Values scenarios by Greeks instead of full revaluation: V ≈ V₀ + Δ·dS + ½Γ·dS² + vega·dσ + theta·dt, expanded around the
 * first state of each contract, which must be the unshocked one.
 *
 * A coin-settled option is expanded in its quote currency and divided by the shocked forward. The approximation is not
 * held within arbitrage bounds: where it leaves them, that is part of its error.
 */
export const valueScenariosByGreeks: ValueScenarios = (contracts) => contracts.map(expandContract);

function expandContract({ terms, spots, yearsToExpiry, volatilities }: ScenarioValuation): Float64Array {
  const stateAt = (index: number) => ({
    spot: spots[index] as number,
    yearsToExpiry: yearsToExpiry[index] as number,
    volatility: volatilities[index] as number,
  });
  const base = stateAt(0);
  const greeks = optionGreeks(terms, base);
  const inverse = terms.settlement === 'inverse';
  const perForward = (state: typeof base) => (inverse ? forwardOf(terms, state) : 1);
  const baseValue = valueOption(terms, base) * perForward(base);
  const carryScale = inverse ? perForward(base) / base.spot : 1;
  return Float64Array.from(spots, (_, index) => {
    const state = stateAt(index);
    const move = (state.spot - base.spot) * carryScale;
    const change =
      greeks.delta * move +
      0.5 * greeks.gamma * move * move +
      greeks.vega * (state.volatility - base.volatility) +
      greeks.theta * (base.yearsToExpiry - state.yearsToExpiry);
    return (baseValue + change) / perForward(state);
  });
}

/** How far the Greeks lie from full revaluation for one portfolio. */
export interface ApproximationReport {
  readonly approximate: MarginRequirement;
  readonly full: MarginRequirement;
  /** Maintenance requirement by Greeks − by full revaluation, unrounded [base currency]; null when INDETERMINATE. */
  readonly error: number | null;
  /** Error / requirement by full revaluation; null when that is 0. */
  readonly relativeError: number | null;
  /** Largest |loss by Greeks − loss by full revaluation| over all scenarios [base currency]. */
  readonly largestScenarioError: number | null;
}

/**
 * Computes the requirement by Greeks and by full revaluation and reports the difference.
 *
 * Works for every methodology that hands the unshocked state to `valueScenarios` first.
 */
export function measureGreeksApproximation<Parameters>(
  computeRequirement: MarginMethod<Parameters>['computeRequirement'],
  input: MarginInput<Parameters>,
): ApproximationReport {
  const full = computeRequirement(input);
  // Shared valuations are those of full revaluation.
  const { shared: _shared, ...alone } = input;
  const approximate = computeRequirement({ ...alone, valueScenarios: valueScenariosByGreeks });
  if (full.model === null || approximate.model === null) {
    return { approximate, full, error: null, relativeError: null, largestScenarioError: null };
  }
  const error = approximate.model.maintenanceRequirement - full.model.maintenanceRequirement;
  const size = full.model.maintenanceRequirement;
  const differences = full.scenarios.map(({ loss }, index) =>
    Math.abs(loss - (approximate.scenarios[index]?.loss ?? NaN)),
  );
  return {
    approximate,
    full,
    error,
    relativeError: size > 0 ? error / size : null,
    largestScenarioError: differences.reduce((largest, difference) => Math.max(largest, difference), 0),
  };
}

/**
 * Returns the requirement by Greeks with a warning that states its error against full revaluation: the approximation
 * mode of a methodology.
 */
export function approximateRequirement<Parameters>(
  computeRequirement: MarginMethod<Parameters>['computeRequirement'],
  input: MarginInput<Parameters>,
): MarginRequirement {
  const { approximate, full, error, relativeError, largestScenarioError } = measureGreeksApproximation(
    computeRequirement,
    input,
  );
  if (error === null) return full;
  const share = relativeError === null ? '' : ` (${(relativeError * 100).toFixed(3)} %)`;
  const warning =
    `valued by delta, gamma and vega: the maintenance requirement differs from full revaluation by ${error.toFixed(2)}${share}, ` +
    `the largest difference of a scenario is ${(largestScenarioError ?? 0).toFixed(2)}`;
  return { ...approximate, warnings: [...approximate.warnings, warning] };
}

/** Parameters of a methodology that revalues options in full or by Greeks. */
interface ScenarioParameters {
  readonly valuation: ScenarioValuationMode;
}

/** Computes a requirement as the parameters say: in full, or by Greeks with the error stated. */
export function computeInMode<Parameters extends ScenarioParameters>(
  computeRequirement: MarginMethod<Parameters>['computeRequirement'],
): MarginMethod<Parameters>['computeRequirement'] {
  return (input) =>
    input.parameters.valuation === 'delta-gamma-vega'
      ? approximateRequirement(computeRequirement, input)
      : computeRequirement(input);
}

/**
 * How a book is valued as the parameters say. By Greeks it is valued for itself: what portfolios share is of full
 * revaluation.
 */
export function valuationInMode({
  parameters,
  valueScenarios,
  shared,
}: Pick<MarginInput<ScenarioParameters>, 'parameters' | 'valueScenarios' | 'shared'>): {
  readonly valueScenarios: ValueScenarios;
  readonly shared: SharedContracts | undefined;
} {
  return parameters.valuation === 'delta-gamma-vega'
    ? { valueScenarios: valueScenariosByGreeks, shared: undefined }
    : { valueScenarios: valueScenarios ?? valueScenariosPlainly, shared };
}
