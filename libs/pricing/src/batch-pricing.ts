/**
 * The batch functions as one exchangeable set: the plain functions here, or an accelerated set with the same contract.
 */
import { computeBlack76Batch } from './batch-black76';
import { computeBlackScholesBatch, computeBlackScholesPrices } from './batch-black-scholes';
import { valueScenarioGrid } from './batch-scenario-grid';

/** Every function writes all rows of its results, NaN where an input is not admissible, and reports which. */
export interface PricingBatch {
  readonly computeBlackScholesBatch: typeof computeBlackScholesBatch;
  readonly computeBlackScholesPrices: typeof computeBlackScholesPrices;
  readonly computeBlack76Batch: typeof computeBlack76Batch;
  readonly valueScenarioGrid: typeof valueScenarioGrid;
}

/** The scalar functions row by row: reference of every other set, and fallback where WebAssembly SIMD is missing. */
export const plainPricingBatch: PricingBatch = {
  computeBlackScholesBatch,
  computeBlackScholesPrices,
  computeBlack76Batch,
  valueScenarioGrid,
};
