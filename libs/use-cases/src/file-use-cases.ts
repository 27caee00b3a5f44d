// The use cases that work on files alone: loading them loads no database and no framework.
export * from './evaluate-case-file';
export * from './evaluate-portfolio-file';
export * from './evaluate-risk-file';
export * from './implied-volatility-file';
export * from './margin-output';
export * from './margin-report';
export * from './price-file';
export * from './margin-report';
