import type { MarketSnapshot } from '@ballast/domain';
import type { SnapshotDigests } from './snapshot-digests';

/** A market that a process read whole, and which one it is. */
export interface KeptMarket {
  readonly id: string;
  readonly snapshot: MarketSnapshot;
}

/** Digests of so many snapshots are kept: of those that a change may rest on next. */
const digestsMaximum = 4;
/** Firms whose market is kept: 50,000 quotes take some 30 MB. */
const firmsMaximum = 4;

/**
 * What a process remembers of stored markets, which never change: the digests of the last ones, and of each firm the market
 * that was read last. It is only used for a snapshot that the caller's transaction sees.
 */
export class KeptMarkets {
  private readonly digestsById = new Map<string, SnapshotDigests>();
  private readonly marketByFirm = new Map<string, KeptMarket>();
  /** Differences whose other rows were added, so that a later one may rest on them alone. */
  private readonly completedByFirm = new Map<string, string>();

  addDigests(snapshotId: string, digests: SnapshotDigests): void {
    keepNewest(this.digestsById, { key: snapshotId, value: digests }, digestsMaximum);
  }

  digests(snapshotId: string): SnapshotDigests | null {
    return this.digestsById.get(snapshotId) ?? null;
  }

  keepMarket(firmId: string, market: KeptMarket): void {
    keepNewest(this.marketByFirm, { key: firmId, value: market }, firmsMaximum);
  }

  market(firmId: string): KeptMarket | null {
    return this.marketByFirm.get(firmId) ?? null;
  }

  noteCompleted(firmId: string, snapshotId: string): void {
    this.completedByFirm.set(firmId, snapshotId);
  }

  /** The last difference of a firm that is known to have all of its rows. */
  completed(firmId: string): string | null {
    return this.completedByFirm.get(firmId) ?? null;
  }
}

function keepNewest<Value>(map: Map<string, Value>, { key, value }: { key: string; value: Value }, most: number): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= most) return;
    map.delete(oldest);
  }
}
