import type { RowBreak } from './compare-rows';

/** Where the record differs from its chain. */
export interface HistoryBreak extends Omit<RowBreak, 'kind'> {
  /**
   * What is wrong. LINK_BROKEN, BATCH_BROKEN, TABLE_UNKNOWN and HEAD_LOST are about the chain itself, SNAPSHOT_CHANGED is about
   * the quotes of a snapshot, the others are about rows.
   */
  readonly kind: RowBreak['kind'] | 'SNAPSHOT_CHANGED' | 'LINK_BROKEN' | 'BATCH_BROKEN' | 'TABLE_UNKNOWN' | 'HEAD_LOST';
}
