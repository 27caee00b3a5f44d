// The use cases that work on files alone: loading them loads no database and no framework.
export * from './evaluate-case-file';
export * from './evaluate-portfolio-file';
export * from './evaluate-risk-file';
export * from './implied-volatility-file';
export * from './margin-output';
export * from './margin-report';
export * from './price-file';
export * from './stress-file';
export * from './stress-report';
export {
  assetClasses,
  findStressScenarios,
  stressLibrary,
  type AssetClass,
  type ReverseStressQuestion,
} from '@ballast/buffer';
export * from './margin-report';
export * from './analysis-report';
export * from './levels-file';
export * from './portfolio-file-state';
export * from './restore-file';
export * from './what-if-file';
export type { CoveredRequirement, MarketShift, RestorationTarget } from '@ballast/buffer';
export * from './attribute-file';
export * from './risk-report';
export * from './value-at-risk-file';
export * from './breach-file';
export * from './backtest-file';
export * from './size-file';
export * from './firm-risk-file';
export { firmRiskText } from './firm-risk-report';
