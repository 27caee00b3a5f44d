export { black76, black76Price, type Black76Input, type Black76Result } from './black76';
export { blackScholes, blackScholesPrice, type BlackScholesInput, type BlackScholesResult } from './black-scholes';
export { exp, expm1 } from './exponential';
export { log, log1p } from './logarithm';
export { millsRatio, unitLossRatio } from './mills-ratio';
export { normalCdf, normalDensity } from './normal-distribution';
export type { OptionRight } from './option-right';
export { PricingInputError } from './pricing-input-error';
export { bachelier, bachelierPrice, type BachelierInput, type BachelierResult } from './bachelier';
export { inverseNormalCdf } from './inverse-normal';
export {
  impliedVolatility,
  type ImpliedVolatilityInput,
  type ImpliedVolatilityModel,
  type ImpliedVolatilityResult,
} from './implied-volatility';
export { computeBlack76Batch } from './batch-black76';
export { computeBlackScholesBatch, computeBlackScholesPrices } from './batch-black-scholes';
export { requireBlack76Columns, requireBlackScholesColumns, requireOneLength } from './batch-check';
export type { BatchReport, Black76Columns, BlackScholesColumns, SensitivityColumns } from './batch-columns';
export { plainPricingBatch, type PricingBatch } from './batch-pricing';
export { writeBlack76Row, writeBlackScholesPrice, writeBlackScholesRow } from './batch-row';
export {
  requireScenarioGrid,
  valueScenarioGrid,
  writeScenarioRow,
  type MarketScenario,
  type ScenarioGridContracts,
  type ScenarioOutcome,
} from './batch-scenario-grid';
export { shiftVolatility, type VolatilityShift } from './batch-volatility-shift';
export { erfc, erfcx } from './error-function';
export { power } from './power';
export { valueAmericanScenarioGrid, type AmericanGridInput } from './batch-american-grid';
export { createAmericanPricer } from './batch-american-pricer';
export { createBawPricer } from './batch-baw-pricer';
export { createBlackScholesPricer } from './batch-black-scholes-pricer';
export {
  impliedVolatilityBatch,
  IMPLIED_VOLATILITY_STATUS,
  type ImpliedVolatilityAnswers,
  type ImpliedVolatilityColumns,
  type ImpliedVolatilityReport,
} from './implied-volatility-batch';
export type { AmericanMode } from './american-accuracy';
export { americanAlo, americanAloWithBoundary, americanPriceWithBoundary, type AmericanAloInput } from './american-alo';
export { americanBaw } from './american-baw';
export { americanBoundary, type AmericanBoundary, type AmericanBoundaryInput } from './american-boundary';
export type { AmericanOption, AmericanResult, AmericanTerms } from './american-option';
export { binomialCrr, binomialCrrPrice, type BinomialCrrInput } from './binomial-crr';
export type { CashDividend, CashDividendConvention } from './cash-dividend';
export { cashDividendOption, cashDividendPrice, type CashDividendInput } from './cash-dividend-option';
export { inverseOption, type InverseOptionInput, type InverseOptionResult } from './inverse-option';
