import type { Instant, Instrument, MarketSnapshot } from '@ballast/domain';
import { scaleForSplits, type ShareSplit } from '@ballast/market-data';
import { InstrumentStore, LifecycleStore, type TenantTransaction } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';

/** What states a snapshot in the shares that are held at a moment. */
export interface SplitTerms {
  /** Splits up to the moment, oldest first. */
  readonly splits: readonly ShareSplit[];
  /** Contracts that adjusted ones came from, by identifier. */
  readonly forerunners: ReadonlyMap<string, Instrument>;
}

/** A chain of adjusted contracts is followed so far back. */
const generationsMaximum = 16;

/** Finds the splits between the prices of a snapshot and the moment of the holdings that are valued on it. */
@Injectable()
export class SplitReader {
  constructor(
    private readonly lifecycle: LifecycleStore,
    private readonly instruments: InstrumentStore,
  ) {}

  /** Splits in force up to a moment, as known then. */
  async readSplits(
    tx: TenantTransaction,
    at: { readonly positionsAt: Instant; readonly knownAt?: Instant | undefined },
  ): Promise<readonly ShareSplit[]> {
    return this.lifecycle.findSplits(tx, { until: at.positionsAt, knownAt: at.knownAt });
  }

  /** A whole snapshot in the shares of a moment, for whoever values a firm without knowing yet what it holds. */
  async restate(
    tx: TenantTransaction,
    snapshot: MarketSnapshot,
    { splits, positionsAt }: { readonly splits: readonly ShareSplit[]; readonly positionsAt: Instant },
  ): Promise<MarketSnapshot> {
    const names = new Set(
      splits.flatMap(({ underlying, effectiveAt }) => {
        const quote = snapshot.underlyings.get(underlying);
        return quote !== undefined && quote.quotedAt < effectiveAt ? [underlying] : [];
      }),
    );
    const instruments = new Map<string, Instrument>();
    for (const name of names) {
      for (const terms of await this.instruments.findByUnderlying(tx, name)) instruments.set(terms.id, terms);
    }
    return inSharesAt(snapshot, { splits, forerunners: instruments }, { instruments, positionsAt });
  }

  /** Terms of the contracts that splits turned into the given ones, through every adjustment. */
  async readForerunners(
    tx: TenantTransaction,
    instruments: ReadonlyMap<string, Instrument>,
    splits: readonly ShareSplit[],
  ): Promise<ReadonlyMap<string, Instrument>> {
    const names = new Set(splits.map(({ underlying }) => underlying));
    const forerunners = new Map<string, Instrument>();
    if (names.size === 0) return forerunners;
    let last: readonly Instrument[] = [...instruments.values()].filter(({ underlying }) => names.has(underlying));
    for (let generation = 0; generation < generationsMaximum; generation += 1) {
      const wanted = last.flatMap(({ adjustedFrom }) => adjustedFrom ?? []).filter((id) => !forerunners.has(id));
      if (wanted.length === 0) return forerunners;
      const found = await this.instruments.findByIds(tx, wanted);
      for (const [id, terms] of found) forerunners.set(id, terms);
      last = [...found.values()];
    }
    return forerunners;
  }
}

/**
 * The snapshot in the shares held at a moment: until the first price after a split its last price is divided by the ratio,
 * so that an account is worth at every instant what it was worth before.
 */
export function inSharesAt(
  snapshot: MarketSnapshot,
  { splits, forerunners }: SplitTerms,
  held: { readonly instruments: ReadonlyMap<string, Instrument>; readonly positionsAt: Instant },
): MarketSnapshot {
  if (splits.length === 0) return snapshot;
  const instruments = new Map([...forerunners, ...held.instruments]);
  return scaleForSplits(snapshot, { splits, at: held.positionsAt, instruments });
}
