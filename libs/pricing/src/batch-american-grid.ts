/**
 * Risk arrays of American options: contracts × scenarios on one exercise boundary per contract and volatility level.
 */
import type { AmericanMode } from './american-accuracy';
import { createAmericanPricer } from './batch-american-pricer';
import type { BatchReport } from './batch-columns';
import {
  requireScenarioGrid,
  writeScenarioRow,
  type MarketScenario,
  type ScenarioGridContracts,
  type ScenarioOutcome,
} from './batch-scenario-grid';

/** How a grid of American options is valued. */
export interface AmericanGridInput {
  readonly contracts: ScenarioGridContracts;
  readonly scenarios: readonly MarketScenario[];
  readonly outcome: ScenarioOutcome;
  /** `fast`: within 1.5e-3 per 100 of strike; `accurate`: within 1e-4. */
  readonly mode: AmericanMode;
}

/**
 * Values every contract, exercisable at any time, in every scenario; shocks as in `valueScenarioGrid`.
 *
 * The boundary depends on right, time, rates and volatility but not on spot, so it serves the whole axis of price
 * shocks (Andersen, Lake and Offengenden 2016, §2).
 *
 * @param outcomes  contract-major: scenario j of contract i at i·scenarios.length + j [currency/unit]
 * @returns the contracts with an inadmissible input, whose outcomes are all NaN
 * @throws PricingInputError as `valueScenarioGrid` does
 */
export function valueAmericanScenarioGrid(input: AmericanGridInput, outcomes: Float64Array): BatchReport {
  const { contracts, scenarios, outcome, mode } = input;
  const count = requireScenarioGrid(contracts, scenarios, outcome, outcomes);
  const price = createAmericanPricer(mode);
  const badRows: number[] = [];
  for (let row = 0; row < count; row++) {
    if (!writeScenarioRow(contracts, scenarios, outcome, outcomes, row, price)) badRows.push(row);
  }
  return { badCount: badRows.length, badRows };
}
