import type { Ledger } from './ledger';

export interface LedgerLine {
  readonly ledger: Ledger;
}
