/**
 * The fixed batch whose hash proves that the same bits come out everywhere: 10,000 rows, every limit case among them.
 */
import type { MarketScenario, PricingBatch } from '@ballast/pricing';
import { hashColumns } from './batch-hash';
import { buildKernelCases, createResults } from './kernel-cases';

/** Hashes of the inputs and of what one set of batch functions makes of them. */
export interface FixedBatchHashes {
  readonly inputs: string;
  readonly blackScholes: string;
  readonly black76: string;
  readonly scenarioLosses: string;
}

export function hashFixedBatch(batch: PricingBatch): FixedBatchHashes {
  const rows = buildKernelCases(FIXED_ROWS, FIXED_SEED);
  const { spot, strike, yearsToExpiry, rate, dividendYield, volatility, right } = rows;
  const spotResults = createResults(FIXED_ROWS);
  batch.computeBlackScholesBatch(rows, spotResults);
  const forwardResults = createResults(FIXED_ROWS);
  batch.computeBlack76Batch({ forward: spot, strike, yearsToExpiry, rate, volatility, right }, forwardResults);
  const losses = new Float64Array(FIXED_ROWS * sixteenScenarios.length);
  batch.valueScenarioGrid(rows, sixteenScenarios, 'loss', losses);
  return {
    inputs: hashColumns([spot, strike, yearsToExpiry, rate, dividendYield, volatility, right]),
    blackScholes: hashColumns(Object.values(spotResults) as Float64Array[]),
    black76: hashColumns(Object.values(forwardResults) as Float64Array[]),
    scenarioLosses: hashColumns([losses]),
  };
}

/** Sixteen scenarios in the shape of a SPAN array: seven moves in thirds of 15 %, volatility up and down, two extremes. */
export const sixteenScenarios: readonly MarketScenario[] = [
  ...[0, 1, -1, 2, -2, 3, -3].flatMap((thirds) =>
    [0.25, -0.25].map((amount) => ({
      spotShock: (0.15 * thirds) / 3,
      volatilityShift: { convention: 'multiplicative', amount } as const,
      lookAheadYears: 0,
    })),
  ),
  ...[0.3, -0.3].map((spotShock) => ({
    spotShock,
    volatilityShift: { convention: 'multiplicative', amount: 0 } as const,
    lookAheadYears: 0,
  })),
];

export const FIXED_ROWS = 10_000;
const FIXED_SEED = 7;
