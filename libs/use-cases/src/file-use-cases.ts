// The use cases that work on files alone: loading them loads no database and no framework.
export * from './case-file/evaluate-case-file';
export * from './portfolio-file/evaluate-portfolio-file';
export * from './risk-file/evaluate-risk-file';
export * from './case-file/implied-volatility-file';
export * from './portfolio-file/margin-output';
export * from './portfolio-file/margin-report';
export * from './case-file/price-file';
export * from './portfolio-file/stress-file';
export * from './portfolio-file/stress-report';
export {
  assetClasses,
  findStressScenarios,
  stressLibrary,
  type AssetClass,
  type ReverseStressQuestion,
} from '@ballast/buffer';
export * from './portfolio-file/margin-report';
export * from './portfolio-file/analysis-report';
export * from './portfolio-file/levels-file';
export * from './portfolio-file/portfolio-file-state';
export * from './portfolio-file/restore-file';
export * from './portfolio-file/what-if-file';
export type { CoveredRequirement, MarketShift, RestorationTarget } from '@ballast/buffer';
export * from './portfolio-file/attribute-file';
export * from './portfolio-file/risk-report';
export * from './portfolio-file/value-at-risk-file';
export * from './portfolio-file/breach-file';
export * from './case-file/backtest-file';
export * from './portfolio-file/size-file';
export * from './portfolio-file/firm-risk-file';
export { firmRiskText } from './portfolio-file/firm-risk-report';
