export * from './account-result';
export * from './buffer-observation';
export * from './buffer-status';
export * from './content-hash';
export * from './database';
export * from './database-roles';
export * from './embedded-postgres';
export { findPostgresBinaries, type PostgresBinaries } from './embedded-postgres-binaries';
export { findServerUser, type ServerUser } from './embedded-postgres-user';
export { entities } from './entities/entities';
export { withFileLock } from './file-lock';
export * from './history/history-head-file';
export * from './history/history-link';
export * from './history/keep-history-head';
export * from './history/retire-months';
export { assertSafeRole } from './safe-role';
export type { Page, PageRequest } from './keyset-page';
export * from './new-id';
export * from './persistence-error';
export * from './persistence-options';
export * from './persistence.module';
export * from './run-migrations';
export * from './schema-listing';
export * from './stores/account-store';
export * from './stores/balance-file-store';
export * from './stores/balance-store';
export * from './stores/buffer-history-store';
export * from './stores/buffer-policy-store';
export * from './stores/feed-store';
export * from './stores/firm-controls-store';
export * from './stores/file-delivery-store';
export * from './stores/firm-store';
export * from './stores/held-requirement-store';
export * from './stores/history-chain-store';
export * from './stores/collateral-store';
export * from './stores/haircut-schedule-store';
export * from './stores/idempotency-store';
export * from './stores/instrument-store';
export * from './stores/calendar-store';
export * from './stores/lifecycle-holding-reader';
export * from './stores/lifecycle-store';
export { type MarginRun, type NewMarginRun, type RunParameterSet } from './stores/margin-run-rows';
export * from './stores/margin-run-store';
export * from './stores/run-shard-store';
export type { RecordedRun } from './stores/recorded-runs';
export * from './stores/market-snapshot-store';
export * from './stores/position-file-store';
export {
  type AsOf,
  PositionStore,
  type PositionStatement,
  type PositionStatementOutcome,
} from './stores/position-store';
export * from './stores/parameter-impact-store';
export * from './stores/requirement-store';
export * from './stores/risk-parameter-store';
export * from './tenant';
export * from './stores/price-history-store';
