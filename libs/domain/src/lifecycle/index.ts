export * from './assignment-allocation';
export * from './contract-adjustment';
export * from './contract-settlement';
export * from './corporate-action-change';
export * from './daily-settlement';
export * from './holding-book';
export * from './lifecycle-event';
export * from './moneyness';
