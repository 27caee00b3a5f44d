export { black76, black76Price, type Black76Input, type Black76Result } from './black76';
export { blackScholes, blackScholesPrice, type BlackScholesInput, type BlackScholesResult } from './black-scholes';
export { exp, expm1 } from './exponential';
export { log, log1p } from './logarithm';
export { millsRatio, unitLossRatio } from './mills-ratio';
export { normalCdf, normalDensity } from './normal-distribution';
export type { OptionRight } from './option-right';
export { PricingInputError } from './pricing-input-error';
