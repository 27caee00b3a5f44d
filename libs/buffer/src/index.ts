export * from './assess-buffer';
export * from './buffer-policy';
export * from './buffer-status';
export * from './call-amount';
export * from './collateral-value';
export * from './equity';
export * from './firm-controls';
export * from './release-gate';
