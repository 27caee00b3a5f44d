import type { LedgerLine } from './ledger-line';

export interface Ledger {
  readonly lines: readonly LedgerLine[];
}
